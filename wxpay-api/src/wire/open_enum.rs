//! Enums that WeChat Pay may add values to.

use std::fmt;

/// An enum whose values WeChat Pay may add to at any time. Implemented by generated enums.
///
/// `From<&str>` returns the value with this text, and keeps an unknown text.
pub trait OpenEnum: for<'a> From<&'a str> {
    /// Whether values are integers on the wire.
    const INTEGER: bool;

    /// The text on the wire; empty when absent.
    fn wire(&self) -> &str;
}

/// An enum value that this version does not know, kept as it was sent; empty when none was sent.
///
/// Compare with `as_str()`: a later version may have a variant for the value.
#[derive(Clone, Default, Eq, Hash, PartialEq)]
pub struct Unknown(String);

impl Unknown {
    /// Keeps `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The value as sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether no value was sent.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Implements the parts that all generated enums share. The enum itself has `as_str`, `From<&str>`
/// and the variant `Unknown`.
#[macro_export]
#[doc(hidden)]
macro_rules! __open_enum {
    ($name:ident, text) => {
        $crate::__open_enum!(@impl $name, false);
    };
    ($name:ident, integer) => {
        $crate::__open_enum!(@impl $name, true);
    };
    (@impl $name:ident, $integer:literal) => {
        impl $crate::codegen::OpenEnum for $name {
            const INTEGER: bool = $integer;

            #[inline]
            fn wire(&self) -> &::core::primitive::str {
                self.as_str()
            }
        }

        impl $crate::codegen::Decode for $name {
            #[inline]
            fn decode(value: $crate::codegen::Incoming<'_>) -> ::core::option::Option<Self> {
                $crate::codegen::read_enum(value)
            }
        }

        impl ::core::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

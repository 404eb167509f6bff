use std::fmt;

/// An enum whose values WeChat Pay may add to at any time. Implemented by generated enums.
pub trait OpenEnum: Sized {
    /// Whether values are integers on the wire.
    const INTEGER: bool;

    /// The value with this text; one that is not known is kept.
    fn from_wire(text: &str) -> Self;

    /// The text on the wire; empty when absent.
    fn wire(&self) -> &str;
}

/// An enum value that this version does not know, kept as it was sent; empty when none was sent.
///
/// Compare with `as_str()`: a later version may turn the value into a variant of its own.
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
}

impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Supplies what every generated enum has in common; the enum itself has `as_str`, `From<&str>`
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

            fn from_wire(text: &::core::primitive::str) -> Self {
                <Self as ::core::convert::From<&::core::primitive::str>>::from(text)
            }

            fn wire(&self) -> &::core::primitive::str {
                self.as_str()
            }
        }

        impl $crate::codegen::Decode for $name {
            fn decode(value: $crate::codegen::Incoming<'_>) -> ::core::option::Option<Self> {
                $crate::codegen::read_enum(value)
            }
        }

        impl ::core::default::Default for $name {
            fn default() -> Self {
                $name::Unknown(::core::default::Default::default())
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                <Self as ::core::convert::From<&::core::primitive::str>>::from(&text)
            }
        }

        impl ::core::cmp::PartialEq<::core::primitive::str> for $name {
            fn eq(&self, other: &::core::primitive::str) -> ::core::primitive::bool {
                self.as_str() == other
            }
        }

        impl ::core::cmp::PartialEq<&::core::primitive::str> for $name {
            fn eq(&self, other: &&::core::primitive::str) -> ::core::primitive::bool {
                self.as_str() == *other
            }
        }
    };
}

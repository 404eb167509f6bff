//! The parts that all builders share: values that are not set yet, lists of objects, optional
//! inputs.

use super::{Json, OpenEnum, Timestamp};
use crate::protocol::{Secret, SecretBytes};

/// An object that is built field by field.
pub trait Build: Sized {
    /// The first stage: the next required field, or the object itself where none is required.
    type Start;

    /// Starts building.
    fn start() -> Self::Start;
}

/// A list of objects under construction. A closure builds each element, like the request itself.
#[derive(Clone, Debug)]
pub struct List<T>(Vec<T>);

impl<T> List<T> {
    /// Makes an empty list.
    #[must_use]
    pub fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a finished element.
    #[must_use]
    pub fn append(mut self, element: T) -> Self {
        self.0.push(element);
        self
    }

    /// Adds finished elements.
    #[must_use]
    pub fn extend(mut self, elements: impl IntoIterator<Item = T>) -> Self {
        self.0.extend(elements);
        self
    }
}

impl<T: Build> List<T> {
    /// Adds an element.
    #[must_use]
    pub fn push(self, element: impl FnOnce(T::Start) -> T) -> Self {
        self.append(element(T::start()))
    }

    /// Adds one element per item.
    #[must_use]
    pub fn each<I: IntoIterator>(
        self,
        items: I,
        mut element: impl FnMut(T::Start, I::Item) -> T,
    ) -> Self {
        items.into_iter().fold(self, |list, item| list.append(element(T::start(), item)))
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(elements: Vec<T>) -> Self {
        Self(elements)
    }
}

impl<T> From<List<T>> for Vec<T> {
    fn from(list: List<T>) -> Self {
        list.0
    }
}

/// Lets a list build its elements from the first stage of the type's builder. The stage is named by
/// its module and the first required field.
#[macro_export]
#[doc(hidden)]
macro_rules! __listed {
    ($name:ident) => {
        $crate::__listed!(@start $name, Self);
    };
    ($name:ident, $companion:ident, $field:ident) => {
        $crate::__listed!(@start $name, $companion::Needs<$companion::needs::$field>);
    };
    (@start $name:ident, $start:ty) => {
        impl $crate::codegen::Build for $name {
            type Start = $start;

            #[inline]
            fn start() -> Self::Start {
                Self::builder()
            }
        }
    };
}

/// A required value that is not set yet.
#[doc(hidden)]
pub trait Blank {
    /// The value.
    fn blank() -> Self;
}

macro_rules! blank_is_default {
    ($($type:ty),*) => {$(
        impl Blank for $type {
            fn blank() -> Self {
                Self::default()
            }
        }
    )*};
}

blank_is_default!(String, Timestamp, i64, f64, bool, Json, Secret, SecretBytes);

impl<T> Blank for Option<T> {
    fn blank() -> Self {
        None
    }
}

impl<T> Blank for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }
}

impl<T: OpenEnum> Blank for T {
    fn blank() -> Self {
        T::from("")
    }
}

/// Sets an input only if there is a value for it. Import the trait, and every builder has the
/// method.
///
/// ```
/// use wxpay_api::{Client, WhenSome};
///
/// async fn refund(wx: &Client, reason: Option<&str>, sub_mchid: Option<String>) -> Result<(), wxpay_api::Error> {
///     let refund = wx
///         .v3().refund().domestic().refunds()
///         .post(|r| {
///             r.when_some(sub_mchid, |r, id| r.sub_mchid(id))
///                 .out_refund_no("refund-1")
///                 .amount(|a| a.refund(100).total(888).currency("CNY"))
///                 .out_trade_no("order-1")
///                 .when_some(reason, |r, reason| r.reason(reason))
///         })
///         .await?;
///     println!("{}", refund.refund_id);
///     Ok(())
/// }
/// ```
///
/// One method serves all inputs, so that setters take plain values and need no second form.
pub trait WhenSome: Sized {
    /// Calls `set` with the builder and the value, or returns the builder as it is.
    #[must_use]
    fn when_some<T>(self, value: Option<T>, set: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => set(self, value),
            None => self,
        }
    }
}

impl<B> WhenSome for B {}

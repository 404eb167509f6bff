use super::{Json, OpenEnum, Timestamp};
use crate::protocol::{Secret, SecretBytes};

/// A value that stands for "not set yet" while a request is being built.
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

//! Checks whether a received member was there.

use super::{OpenEnum, Timestamp};
use crate::protocol::Secret;

/// Asks whether a text, a time, an open enum or a secret of a response was there.
///
/// An absent member is empty, so that no response fails without it. Ask for an id before you use
/// it: the client would leave an empty one out of the next request, or refuse it.
///
/// ```
/// use wxpay_api::Present;
/// # #[cfg(feature = "pay")]
/// # {
/// use wxpay_api::v3::pay::types::Transaction;
///
/// fn ship(paid: &Transaction) -> Result<String, &'static str> {
///     let id = paid.transaction_id.present().ok_or("WeChat Pay names no transaction")?;
///     Ok(format!("paid by {id}"))
/// }
/// assert!(ship(&Transaction::default()).is_err());
/// # }
/// ```
pub trait Present: sealed::Sealed {
    /// The text, or `None` where the member was absent or empty. A secret that did not decrypt has no text either;
    /// [`Secret::reveal`] says why.
    fn present(&self) -> Option<&str>;

    /// Whether the member was absent or empty.
    fn is_absent(&self) -> bool;
}

mod sealed {
    pub trait Sealed {}
}

fn filled(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

macro_rules! present {
    ($($type:ty),*) => {$(
        impl sealed::Sealed for $type {}

        impl Present for $type {
            fn present(&self) -> Option<&str> {
                filled(self.as_str())
            }

            fn is_absent(&self) -> bool {
                self.as_str().is_empty()
            }
        }
    )*};
}

present!(String, Timestamp);

impl sealed::Sealed for Secret {}

impl Present for Secret {
    fn present(&self) -> Option<&str> {
        self.plaintext().and_then(filled)
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<T: OpenEnum> sealed::Sealed for T {}

impl<T: OpenEnum> Present for T {
    fn present(&self) -> Option<&str> {
        filled(self.wire())
    }

    fn is_absent(&self) -> bool {
        self.wire().is_empty()
    }
}

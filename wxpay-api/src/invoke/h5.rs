use super::error::required;
use super::{InvokeError, Invoker};
use crate::client::percent_encode;

impl Invoker {
    /// The address of an H5 payment that returns to `redirect_url` afterwards (PROTOCOL §9.2).
    ///
    /// Without a page to return to, the answer's `h5_url` is used as it is. It is valid for 5 minutes, nothing is signed, and
    /// the page that leads there must be on the domain that is registered with WeChat Pay.
    ///
    /// # Errors
    /// [`InvokeError::Value`] when one of the two is empty.
    pub fn h5(&self, h5_url: &str, redirect_url: &str) -> Result<String, InvokeError> {
        let (h5_url, redirect_url) =
            (required("h5_url", h5_url)?, required("redirect_url", redirect_url)?);
        let separator = if h5_url.contains('?') { '&' } else { '?' };
        Ok(format!("{h5_url}{separator}redirect_url={}", percent_encode(&redirect_url)))
    }
}

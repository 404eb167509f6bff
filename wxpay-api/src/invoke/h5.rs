//! Payments in a browser (H5): the address with a page to return to.

use super::invoker::Invoker;
use super::value::{InvokeError, check, url};
use crate::client::percent_encode;

impl Invoker {
    /// Makes the address of an H5 payment that returns to `redirect_url` afterwards ([protocol §9.2]).
    ///
    /// If there is no page to return to, use the response's `h5_url` as it is. It is valid for 5 minutes. The page that
    /// links to it must be on the domain that is registered with WeChat Pay. Nothing is signed.
    ///
    /// # Errors
    /// * [`InvokeError::Value`] when a URL is empty.
    /// * [`InvokeError::Malformed`] when a URL is not absolute, for example because it is already percent-encoded, or
    ///   when `h5_url` already has a page to return to. `redirect_url` may be the scheme of an app alone:
    ///   `shop.example://`.
    ///
    /// [protocol §9.2]: crate::docs::protocol::invocation#92-h5-and-native
    pub fn h5(&self, h5_url: &str, redirect_url: &str) -> Result<String, InvokeError> {
        let (h5_url, redirect_url) = (url("h5_url", h5_url)?, url("redirect_url", redirect_url)?);
        for fits in [leads_somewhere, takes_a_page] {
            check("h5_url", &h5_url, fits)?;
        }
        let separator = if h5_url.contains('?') { '&' } else { '?' };
        Ok(format!("{h5_url}{separator}redirect_url={}", percent_encode(&redirect_url)))
    }
}

/// Refuses the address of a payment that is only a scheme.
fn leads_somewhere(h5_url: &str) -> Result<(), &'static str> {
    match h5_url.ends_with("://") {
        true => Err("is no absolute URL: nothing follows its scheme"),
        false => Ok(()),
    }
}

/// Refuses the address of a payment to which no page to return to can be added.
fn takes_a_page(h5_url: &str) -> Result<(), &'static str> {
    let pairs = h5_url.split_once('?').map_or("", |(_, query)| query);
    if pairs.split('&').any(|pair| pair.starts_with("redirect_url=")) {
        return Err(
            "has a `redirect_url` already: pass the response's `h5_url`, or use it as it is",
        );
    }
    if h5_url.contains('#') {
        Err("has a fragment, which the response's `h5_url` has not")
    } else {
        Ok(())
    }
}

//! The journal: the requests that the sandbox received.

use std::fmt;

use bytes::Bytes;
use http::HeaderMap;

use super::request::route::RequestPattern;

/// A request that the sandbox received. Refused requests are included.
///
/// `Debug` shows neither values nor secrets.
#[derive(Clone)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// The method.
    pub method: String,
    /// Path and query, byte for byte as received.
    pub target: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The operation, such as `POST /v3/payscore/serviceorder/{out_order_no}/cancel`; `None` if the signature was
    /// wrong or no operation has the URL.
    pub operation: Option<String>,
    /// The decoded values of the URL's parameters, in the order of the URL.
    pub path_values: Vec<(String, String)>,
    /// The merchant number or brand id of the sender; `None` if the signature was wrong.
    pub sender: Option<String>,
    /// The signed message ([protocol §1.1]); `None` if the signature was wrong.
    ///
    /// [protocol §1.1]: crate::docs::protocol::signing#11-the-message
    pub verified_message: Option<Vec<u8>>,
    /// The status of the response, before any fault.
    pub status: u16,
    /// Whether the sandbox executed the request: it passed all checks, the response was a success, and no fault
    /// kept it from being executed. A fault of the response changes nothing here.
    pub executed: bool,
    pub(super) secrets: Vec<(String, Vec<u8>)>,
}

impl ReceivedRequest {
    /// Returns the plain text of an encrypted value by its key path, such as `contact_info.mobile_phone`.
    #[must_use]
    pub fn secret(&self, path: &str) -> Option<&str> {
        let (_, plain) = self.secrets.iter().find(|(held, _)| held == path)?;
        std::str::from_utf8(plain).ok()
    }

    /// Returns the plain texts of all encrypted values with their key paths.
    pub fn secrets(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.secrets.iter().map(|(path, plain)| (path.as_str(), plain.as_slice()))
    }

    /// Returns the value of a parameter of the URL.
    #[must_use]
    pub fn path_value(&self, name: &str) -> Option<&str> {
        let (_, value) = self.path_values.iter().find(|(held, _)| held == name)?;
        Some(value)
    }

    /// Returns whether a pattern selects the request.
    pub(super) fn matches(&self, pattern: &RequestPattern) -> bool {
        let operation = self.operation.as_deref().and_then(|name| name.split_once(' '));
        let path = self.target.split('?').next().unwrap_or_default();
        pattern.matches_url(&self.method, path, operation.map(|(_, template)| template))
    }
}

impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secrets: Vec<_> = self.secrets().map(|(path, _)| path).collect();
        formatter
            .debug_struct("ReceivedRequest")
            .field("method", &self.method)
            .field("sender", &self.sender)
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("executed", &self.executed)
            .field("body_length", &self.body.len())
            .field("secrets", &secrets)
            .finish_non_exhaustive()
    }
}

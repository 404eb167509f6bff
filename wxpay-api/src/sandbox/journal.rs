//! What the sandbox received.

use std::fmt;

use bytes::Bytes;
use http::HeaderMap;

use super::target::Target;

/// A request that reached the sandbox, refused ones included.
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
    /// The operation it was for, such as `POST /v3/payscore/serviceorder/{out_order_no}/cancel`;
    /// none if its signature was wrong or no operation has its URL.
    pub operation: Option<String>,
    /// The decoded values of the URL's parameters, in their order.
    pub path_values: Vec<(String, String)>,
    /// The merchant number or the brand id of whoever signed it; none if its signature was wrong.
    pub sender: Option<String>,
    /// The message whose signature was verified ([protocol §1.1]); none if it was not.
    ///
    /// [protocol §1.1]: crate::docs::protocol::signing#11-the-message
    pub verified_message: Option<Vec<u8>>,
    /// The status it was answered with, before any fault.
    pub status: u16,
    /// Whether it was carried out: it was right, its answer was a success, and no fault kept it
    /// from being executed. What a fault did to the answer afterwards changes nothing.
    pub executed: bool,
    pub(super) secrets: Vec<(String, Vec<u8>)>,
}

impl ReceivedRequest {
    /// What an encrypted text was, by its key path such as `contact_info.mobile_phone`.
    #[must_use]
    pub fn secret(&self, path: &str) -> Option<&str> {
        let (_, plain) = self.secrets.iter().find(|(held, _)| held == path)?;
        std::str::from_utf8(plain).ok()
    }

    /// Every encrypted value, opened, by its key path.
    pub fn secrets(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.secrets.iter().map(|(path, plain)| (path.as_str(), plain.as_slice()))
    }

    /// The value of a parameter in the URL.
    #[must_use]
    pub fn path_value(&self, name: &str) -> Option<&str> {
        let (_, value) = self.path_values.iter().find(|(held, _)| held == name)?;
        Some(value)
    }
}

impl ReceivedRequest {
    /// Whether it was for this operation, or at this URL.
    pub(super) fn is_at(&self, target: &Target) -> bool {
        let operation = self.operation.as_deref().and_then(|name| name.split_once(' '));
        let path = self.target.split('?').next().unwrap_or_default();
        target.is_at(&self.method, path, operation.map(|(_, template)| template))
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

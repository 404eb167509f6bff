//! A response as received, and the id that WeChat Pay gave it.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// A response as received.
#[derive(Clone)]
#[non_exhaustive]
pub struct RawResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl RawResponse {
    /// The `Request-ID` to give to WeChat Pay's support; opaque text ([protocol §2.10]).
    ///
    /// [protocol §2.10]: crate::docs::protocol::verification#210-the-request-id
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.headers.get("Request-ID").and_then(|value| value.to_str().ok())
    }

    /// WeChat Pay's internal code at the end of the `Request-ID`, where it has one ([protocol §2.10]).
    ///
    /// [protocol §2.10]: crate::docs::protocol::verification#210-the-request-id
    #[must_use]
    pub fn internal_code(&self) -> Option<InternalCode> {
        self.request_id().and_then(InternalCode::of_request_id)
    }

    /// The media type without its parameters.
    #[must_use]
    pub fn media_type(&self) -> Option<&str> {
        let value = self.headers.get(http::header::CONTENT_TYPE)?.to_str().ok()?;
        value.split(';').next().map(str::trim)
    }
}

impl From<http::Response<Bytes>> for RawResponse {
    fn from(response: http::Response<Bytes>) -> Self {
        let (head, body) = response.into_parts();
        Self { status: head.status, headers: head.headers, body }
    }
}

/// Shows the body's length only: it may hold personal data.
impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("media_type", &self.media_type())
            .field("request_id", &self.request_id())
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// WeChat Pay's internal code, which ends some of the `Request-ID`s ([protocol §2.10]).
///
/// The ids are opaque. Use the code to read logs, and base nothing on it.
///
/// [protocol §2.10]: crate::docs::protocol::verification#210-the-request-id
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct InternalCode(u64);

impl InternalCode {
    /// Reads long hexadecimal text, `-`, and the code. A UUID also ends in digits, but has more
    /// parts.
    pub(crate) fn of_request_id(id: &str) -> Option<Self> {
        const LONG: usize = 16;
        let (head, code) = id.split_once('-')?;
        let is_long_hex = head.len() >= LONG && head.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_number = code.bytes().all(|byte| byte.is_ascii_digit());
        if is_long_hex && is_number { code.parse().ok().map(Self) } else { None }
    }

    /// The code; 0 is success.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }

    /// Returns the meaning of the code, if it is known.
    #[must_use]
    pub fn meaning(self) -> Option<&'static str> {
        Some(match self.0 {
            268_435_461 => "a bad parameter",
            268_435_472 => "too frequent",
            268_449_538 | 268_498_689 => "already paid",
            268_443_699 => "a signature error",
            268_447_840 => "rate limited",
            268_498_688 => "the same number again with different parameters",
            268_512_771 => "no such order",
            270_924_332 => "a bad Authorization header",
            270_924_358 => "an unknown parameter",
            _ => return None,
        })
    }
}

/// The number, and its meaning where that is known.
impl fmt::Display for InternalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.meaning() {
            Some(meaning) => write!(f, "{} ({meaning})", self.0),
            None => write!(f, "{}", self.0),
        }
    }
}

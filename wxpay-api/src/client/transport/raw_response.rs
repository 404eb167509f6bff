//! A response as received, and the id that WeChat Pay gave it.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::client::InternalCode;

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

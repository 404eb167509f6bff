//! What a notification is answered with (docs/protocol/notifications.md §8.3).

mod retention;

pub use retention::Retention;

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

use crate::protocol::NotificationError;

/// How long a message may be.
const LONGEST_MESSAGE: usize = 64;

/// What a notification is answered with, within 5 seconds ([protocol §8.3]).
///
/// 200 and 204 say that it was handled. Anything else makes WeChat Pay send it again, so a refusal is never
/// a success. It becomes an `http::Response` by `into()`, and with the feature `axum` it is a response of
/// axum; other frameworks take [`status`](Acknowledgement::status) and [`body`](Acknowledgement::body),
/// which is JSON unless it is empty.
///
/// [protocol §8.3]: crate::docs::protocol::notifications#83-acknowledgement
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use = "WeChat Pay waits for it"]
pub struct Acknowledgement {
    status: StatusCode,
    body: Bytes,
}

impl Acknowledgement {
    /// The event was handled: 204 without a body.
    pub fn handled() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: Bytes::new() }
    }

    /// The event was handled, in the older form of 200 with `{"code":"SUCCESS","message":"成功"}`, which is
    /// still accepted and what the pages of some products ask for.
    pub fn handled_with_body() -> Self {
        Self::json(StatusCode::OK, &json!({ "code": "SUCCESS", "message": "成功" }))
    }

    /// The event was not handled: 500, and it comes again. WeChat Pay reads the message, so put nothing
    /// secret into it; what is longer than 64 characters is cut.
    pub fn failed(message: &str) -> Self {
        Self::fail(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// The request is larger than any notification: 413.
    #[cfg(feature = "axum")]
    pub(crate) fn too_large() -> Self {
        Self::fail(StatusCode::PAYLOAD_TOO_LARGE, "the notification is too large")
    }

    /// The request did not arrive in time: 408.
    #[cfg(feature = "axum")]
    pub(crate) fn too_slow() -> Self {
        Self::fail(StatusCode::REQUEST_TIMEOUT, "the notification did not arrive in time")
    }

    /// The request is no notification: 400.
    pub(crate) fn unreadable() -> Self {
        Self::fail(StatusCode::BAD_REQUEST, "the notification cannot be read")
    }

    /// The status; 200 and 204 say that the event was handled.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The body: JSON, or empty.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Whether it says that the event was handled.
    #[must_use]
    pub fn is_handled(&self) -> bool {
        self.status.is_success()
    }

    fn fail(status: StatusCode, message: &str) -> Self {
        let message: String = message.chars().take(LONGEST_MESSAGE).collect();
        Self::json(status, &json!({ "code": "FAIL", "message": message }))
    }

    fn json(status: StatusCode, body: &serde_json::Value) -> Self {
        Self { status, body: body.to_string().into() }
    }
}

/// The refusal of a notification that is not delivered: 401 without a right signature, probes included, 400
/// when it cannot be read, and 500 without an APIv3 key, which is the merchant's own fault. Why in detail
/// is for the merchant's log alone.
impl From<&NotificationError> for Acknowledgement {
    fn from(error: &NotificationError) -> Self {
        match error {
            NotificationError::NoApiV3Key => Self::failed("no notification can be read"),
            NotificationError::Probe { .. }
            | NotificationError::NoMerchant { .. }
            | NotificationError::NotAsSent { .. }
            | NotificationError::Verification(_) => {
                Self::fail(StatusCode::UNAUTHORIZED, "the signature is wrong")
            }
            NotificationError::Envelope(_) | NotificationError::Resource { .. } => {
                Self::unreadable()
            }
        }
    }
}

/// By value, so that a handler may use `?`.
impl From<NotificationError> for Acknowledgement {
    fn from(error: NotificationError) -> Self {
        Self::from(&error)
    }
}

impl From<Acknowledgement> for Response<Bytes> {
    fn from(acknowledgement: Acknowledgement) -> Self {
        let is_json = !acknowledgement.body.is_empty();
        let mut response = Self::new(acknowledgement.body);
        *response.status_mut() = acknowledgement.status;
        if is_json {
            let json = HeaderValue::from_static("application/json");
            response.headers_mut().insert(header::CONTENT_TYPE, json);
        }
        response
    }
}

//! The response to a notification (docs/protocol/notifications.md §8.3).

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

use crate::client::{InputError, header_value};
use crate::protocol::{Authorization, NotificationError};
use crate::wire::{Encode, EncodeError, encode};

/// The most characters of a message.
const LONGEST_MESSAGE: usize = 64;

/// The response to a notification, due within 5 seconds ([protocol §8.3]).
///
/// 200 and 204 acknowledge the notification. After any other status, WeChat Pay sends it again.
///
/// `into()` makes an `http::Response`. With the feature `axum`, a handler of axum can return it. Other frameworks
/// take [`status`](Acknowledgement::status) and [`body`](Acknowledgement::body), which is JSON or empty.
///
/// [protocol §8.3]: crate::docs::protocol::notifications#83-acknowledgement
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use = "send it: WeChat Pay waits for it"]
pub struct Acknowledgement {
    status: StatusCode,
    body: Bytes,
    authorization: Option<HeaderValue>,
}

impl Acknowledgement {
    /// Acknowledges the notification with 204, without a body.
    pub fn handled() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: Bytes::new(), authorization: None }
    }

    /// Acknowledges the notification in the older form: 200 with `{"code":"SUCCESS","message":"成功"}`.
    ///
    /// WeChat Pay still accepts this form, and the pages of some products ask for it.
    pub fn handled_with_body() -> Self {
        Self::json(StatusCode::OK, &json!({ "code": "SUCCESS", "message": "成功" }))
    }

    /// Answers a notification that asks something: 200 with a typed response, such as
    /// `notifications::parking::fee::Response`.
    ///
    /// WeChat Pay waits for it; the type's documentation says how long. WeChat Pay may not send the
    /// event again, so the handler needs no [replay guard](crate::replay).
    ///
    /// # Errors
    ///
    /// [`EncodeError`] names the member that cannot be sent.
    pub fn respond(response: &dyn Encode) -> Result<Self, EncodeError> {
        let body = encode(response, None)?.into();
        Ok(Self { status: StatusCode::OK, body, authorization: None })
    }

    /// Adds the header `Authorization`, which some events demand of the response.
    ///
    /// No source says over which method and URL the merchant signs a response. Make the value with
    /// [`Merchant::authorization`](crate::Merchant::authorization) as the product's page or WeChat
    /// Pay's support tells you.
    ///
    /// # Errors
    ///
    /// [`InputError::HeaderValue`] if a header must not have the value.
    pub fn with_authorization(self, authorization: &Authorization) -> Result<Self, InputError> {
        let value = header_value(&authorization.to_header());
        let refused = || InputError::HeaderValue { name: header::AUTHORIZATION.to_string() };
        let mut value = value.ok_or_else(refused)?;
        value.set_sensitive(true);
        Ok(Self { authorization: Some(value), ..self })
    }

    /// Refuses the notification with 500. WeChat Pay sends it again.
    ///
    /// The message goes to WeChat Pay: put nothing secret into it. It is cut to 64 characters.
    pub fn failed(message: &str) -> Self {
        Self::fail(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// Refuses a request that is larger than any notification with 413.
    #[cfg(feature = "axum")]
    pub(crate) fn too_large() -> Self {
        Self::fail(StatusCode::PAYLOAD_TOO_LARGE, "the notification is too large")
    }

    /// Refuses a request that did not arrive in time with 408.
    #[cfg(feature = "axum")]
    pub(crate) fn too_slow() -> Self {
        Self::fail(StatusCode::REQUEST_TIMEOUT, "the notification did not arrive in time")
    }

    /// Refuses a request that is not a notification with 400.
    pub(crate) fn unreadable() -> Self {
        Self::fail(StatusCode::BAD_REQUEST, "the notification cannot be read")
    }

    /// Returns the status. 200 and 204 acknowledge the notification.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the body, which is JSON or empty.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the value of the header `Authorization`, if there is one.
    #[must_use]
    pub fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }

    /// Returns whether the response acknowledges the notification.
    #[must_use]
    pub fn is_handled(&self) -> bool {
        self.status.is_success()
    }

    fn fail(status: StatusCode, message: &str) -> Self {
        let message: String = message.chars().take(LONGEST_MESSAGE).collect();
        Self::json(status, &json!({ "code": "FAIL", "message": message }))
    }

    fn json(status: StatusCode, body: &serde_json::Value) -> Self {
        Self { status, body: body.to_string().into(), authorization: None }
    }
}

/// Refuses a notification that failed its checks.
///
/// The status is 401 for a wrong signature or a probe, 400 for a notification that cannot be read, and 500 for a client
/// without an APIv3 key. The response has no details; log the error to see them.
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

/// Converts by value, so that a handler can use `?`.
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
        if let Some(authorization) = acknowledgement.authorization {
            response.headers_mut().insert(header::AUTHORIZATION, authorization);
        }
        response
    }
}

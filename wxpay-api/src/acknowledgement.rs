//! The response to a notification (docs/protocol/notifications.md §8.3).

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

use crate::protocol::NotificationError;

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
}

impl Acknowledgement {
    /// Acknowledges the notification with 204, without a body.
    pub fn handled() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: Bytes::new() }
    }

    /// Acknowledges the notification in the older form: 200 with `{"code":"SUCCESS","message":"成功"}`.
    ///
    /// WeChat Pay still accepts this form, and the pages of some products ask for it.
    pub fn handled_with_body() -> Self {
        Self::json(StatusCode::OK, &json!({ "code": "SUCCESS", "message": "成功" }))
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
        Self { status, body: body.to_string().into() }
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
        response
    }
}

/// The response to `ENTRUST.TERMINATE_RETENTION` ([protocol §8.3]): an offer to a user who is about to end a contract.
///
/// The user waits for the response, which is due within 1 second. WeChat Pay sends the event once, so it needs no
/// [replay guard](crate::replay).
///
/// ```
/// use wxpay_api::{Acknowledgement, Retention};
///
/// fn keep(retention_type: &str, state: &str, coupon_id: &str) -> Acknowledgement {
///     Retention::new(retention_type).coupon(state, coupon_id).into()
/// }
/// ```
///
/// [protocol §8.3]: crate::docs::protocol::notifications#83-acknowledgement
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use = "convert it to an `Acknowledgement`"]
pub struct Retention {
    retention_type: String,
    coupon_info: Option<CouponInfo>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
struct CouponInfo {
    state: String,
    coupon_id: String,
}

impl Retention {
    /// Creates a response with a kind of retention, as the product's page names it.
    pub fn new(retention_type: impl Into<String>) -> Self {
        Self { retention_type: retention_type.into(), coupon_info: None }
    }

    /// Adds the coupon that the user gets, and its state, as the product's page names it.
    pub fn coupon(self, state: impl Into<String>, coupon_id: impl Into<String>) -> Self {
        let coupon_info = CouponInfo { state: state.into(), coupon_id: coupon_id.into() };
        Self { coupon_info: Some(coupon_info), ..self }
    }
}

/// Acknowledges with 200 and `{code, message, retention_type, coupon_info{state, coupon_id}}`.
impl From<Retention> for Acknowledgement {
    fn from(retention: Retention) -> Self {
        let mut body = json!({
            "code": "SUCCESS",
            "message": "成功",
            "retention_type": retention.retention_type,
        });
        if let (Some(coupon), Some(body)) = (retention.coupon_info, body.as_object_mut()) {
            let coupon = json!({ "state": coupon.state, "coupon_id": coupon.coupon_id });
            body.insert("coupon_info".to_owned(), coupon);
        }
        Self::json(StatusCode::OK, &body)
    }
}

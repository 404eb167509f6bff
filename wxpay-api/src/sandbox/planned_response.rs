//! Responses that a test plans.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

/// A response that the sandbox sends in place of its own.
///
/// ```
/// use serde_json::json;
/// use wxpay_api::sandbox::PlannedResponse;
///
/// let paid = PlannedResponse::json(json!({ "trade_state": "SUCCESS" }));
/// let busy = PlannedResponse::error(429, "FREQUENCY_LIMITED", "频率超限").times(2);
/// ```
///
/// `Debug` omits the body, because its secrets are plain.
#[derive(Clone)]
pub struct PlannedResponse {
    pub(super) status: Option<u16>,
    pub(super) content: PlannedContent,
    pub(super) times: u32,
    pub(super) unchecked: bool,
}

#[derive(Clone)]
pub(super) enum PlannedContent {
    /// JSON whose secrets are encrypted before it is sent.
    Json(Value),
    /// Bytes, signed as they are.
    Verbatim(Bytes),
    /// A file, sent without a signature.
    File { media_type: String, content: Bytes },
}

impl PlannedResponse {
    /// Plans signed JSON. Write its secrets in plain text; the sandbox encrypts them for the merchant.
    ///
    /// [`Sandbox::respond`](super::Sandbox::respond) compares a success with the operation's descriptor. It may omit
    /// members, and must not have unknown ones or wrong types.
    #[must_use]
    pub fn json(body: Value) -> Self {
        Self::new(PlannedContent::Json(body))
    }

    /// Plans these bytes, signed as they are. They need not be JSON.
    #[must_use]
    pub fn verbatim(body: impl Into<Bytes>) -> Self {
        Self::new(PlannedContent::Verbatim(body.into()))
    }

    /// Plans a file without a signature, as of a download.
    #[must_use]
    pub fn file(media_type: impl Into<String>, content: impl Into<Bytes>) -> Self {
        let content =
            PlannedContent::File { media_type: media_type.into(), content: content.into() };
        Self::new(content)
    }

    /// Plans a signed response without a body: `PlannedResponse::empty(204)`.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self::verbatim(Bytes::new()).status(status)
    }

    /// Plans an error of WeChat Pay: `PlannedResponse::error(400, "PARAM_ERROR", "参数错误")`.
    #[must_use]
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::json(json!({ "code": code, "message": message })).status(status)
    }

    /// Plans the error for a day without transactions, which has no bill ([protocol §7.1]).
    ///
    /// [protocol §7.1]: crate::docs::protocol::downloads#71-bills
    #[must_use]
    pub fn no_statement() -> Self {
        Self::error(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    }

    /// Plans the error for a bill that WeChat Pay is still making ([protocol §7.1]).
    ///
    /// [protocol §7.1]: crate::docs::protocol::downloads#71-bills
    #[must_use]
    pub fn statement_creating() -> Self {
        Self::error(400, "STATEMENT_CREATING", "账单生成中")
    }

    /// Sends the response although it does not fit the operation's descriptor, for a test of unexpected responses.
    #[must_use]
    pub fn unchecked(self) -> Self {
        Self { unchecked: true, ..self }
    }

    /// Sets another status than the documented one.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    /// Sends the response this many times instead of once. Zero plans nothing.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    fn new(content: PlannedContent) -> Self {
        Self { status: None, content, times: 1, unchecked: false }
    }

    /// Returns the status to send. `documented` is that of the descriptor.
    pub(super) fn status_or(&self, documented: u16) -> StatusCode {
        let status = self.status.unwrap_or(documented);
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl fmt::Debug for PlannedResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PlannedResponse")
            .field("status", &self.status)
            .field("times", &self.times)
            .finish_non_exhaustive()
    }
}

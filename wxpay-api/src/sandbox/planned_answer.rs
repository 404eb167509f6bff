//! Answers that a test asks for.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

/// An answer that the sandbox gives in place of the descriptor's example.
///
/// ```
/// use serde_json::json;
/// use wxpay_api::sandbox::PlannedResponse;
///
/// let paid = PlannedResponse::json(json!({ "trade_state": "SUCCESS" }));
/// let busy = PlannedResponse::error(429, "FREQUENCY_LIMITED", "频率超限").times(2);
/// ```
///
/// `Debug` leaves the body out, whose secrets are plain.
#[derive(Clone)]
pub struct PlannedResponse {
    pub(super) status: Option<u16>,
    pub(super) content: ResponseContent,
    pub(super) times: u32,
}

#[derive(Clone)]
pub(super) enum ResponseContent {
    /// Secrets in it are plain, and sealed before it is sent.
    Json(Value),
    /// Signed as it is.
    Verbatim(Bytes),
    /// Sent without a signature.
    File { media_type: String, content: Bytes },
}

impl PlannedResponse {
    /// This JSON, signed. Secrets in it are given plain, and encrypted for the merchant.
    #[must_use]
    pub fn json(body: Value) -> Self {
        Self::new(ResponseContent::Json(body))
    }

    /// These bytes, signed as they are, whether they are JSON or not.
    #[must_use]
    pub fn verbatim(body: impl Into<Bytes>) -> Self {
        Self::new(ResponseContent::Verbatim(body.into()))
    }

    /// A raw file, not signed, as downloads are.
    #[must_use]
    pub fn file(media_type: impl Into<String>, content: impl Into<Bytes>) -> Self {
        let content =
            ResponseContent::File { media_type: media_type.into(), content: content.into() };
        Self::new(content)
    }

    /// No body, signed: `PlannedResponse::empty(204)`.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self::verbatim(Bytes::new()).status(status)
    }

    /// An error of WeChat Pay: `PlannedResponse::error(400, "PARAM_ERROR", "参数错误")`.
    #[must_use]
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::json(json!({ "code": code, "message": message })).status(status)
    }

    /// There is no bill: nothing happened that day ([protocol §7.1]).
    ///
    /// [protocol §7.1]: crate::docs::protocol::downloads#71-bills
    #[must_use]
    pub fn no_statement() -> Self {
        Self::error(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    }

    /// The bill is not made yet ([protocol §7.1]).
    ///
    /// [protocol §7.1]: crate::docs::protocol::downloads#71-bills
    #[must_use]
    pub fn statement_creating() -> Self {
        Self::error(400, "STATEMENT_CREATING", "账单生成中")
    }

    /// With this status instead of the documented one. One that HTTP does not have becomes 500.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    /// For this many calls instead of one.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    fn new(content: ResponseContent) -> Self {
        Self { status: None, content, times: 1 }
    }

    /// The status to send where `documented` is what the descriptor says.
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

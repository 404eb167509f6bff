use std::fmt;

use crate::client::Received;
use crate::protocol::excerpt::{excerpt, excerpt_of};
use crate::wire::Json;

/// A gateway's page in place of a message must not flood a log.
const LONGEST_MESSAGE: usize = 300;

/// An error that WeChat Pay answered (PROTOCOL §10.1, §10.2).
///
/// Error answers may be unsigned, so nothing in them is proof of anything but a refusal; confirm
/// with a query before acting on more than that.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// The error code, for example `PARAM_ERROR`; empty when the body had none.
    pub code: String,
    /// The message for people; empty when the body had none.
    pub message: String,
    /// Details, in whatever shape they came; `null` when there were none. They may repeat what was
    /// sent, so `Debug` and `Display` leave them out.
    pub detail: Json,
    media_type: Option<String>,
    body_length: usize,
}

impl ApiError {
    /// Reads any non-2xx answer; a body that is not JSON gives empty texts.
    pub(crate) fn read(received: &Received) -> Self {
        let body: Json = serde_json::from_slice(&received.body).unwrap_or_default();
        let text = |name: &str| match body.get(name) {
            Some(Json::String(text)) => text.clone(),
            Some(Json::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        Self {
            status: received.status.as_u16(),
            code: text("code"),
            message: text("message"),
            detail: body.get("detail").cloned().unwrap_or_default(),
            media_type: received.media_type().map(str::to_owned),
            body_length: received.body.len(),
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WeChat Pay answered {}", self.status)?;
        if self.code.is_empty() && self.message.is_empty() {
            let media_type = self.media_type.as_deref().unwrap_or("unknown type");
            return write!(f, " without an error code ({} bytes, {media_type})", self.body_length);
        }
        write!(f, " {}: {}", excerpt(&self.code), excerpt_of(&self.message, LONGEST_MESSAGE))
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.status)
            .field("code", &excerpt(&self.code))
            .field("message", &excerpt_of(&self.message, LONGEST_MESSAGE))
            .field("has_detail", &!self.detail.is_null())
            .finish_non_exhaustive()
    }
}

impl std::error::Error for ApiError {}

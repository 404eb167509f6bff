mod advice;
pub mod code;
mod detail;
mod internal_code;
mod sign_difference;
mod target_change;

pub use advice::Advice;
pub use detail::ErrorDetail;
pub use internal_code::InternalCode;
pub use sign_difference::SignDifference;
pub use target_change::TargetChange;

use std::fmt;

use crate::client::RawResponse;
use crate::protocol::excerpt::{excerpt, excerpt_of};
use crate::wire::Json;

/// A gateway's page in place of a message must not flood a log.
const LONGEST_MESSAGE: usize = 300;

/// An error response ([protocol §10.1], [§10.2]).
///
/// Not each one is WeChat Pay's own word: a gateway in between has error pages too.
/// [`Error::outcome`](crate::Error::outcome) and [`advice`](ApiError::advice) take that into account.
///
/// [protocol §10.1]: crate::docs::protocol::errors#101-the-body-of-an-error
/// [§10.2]: crate::docs::protocol::errors#102-status-codes
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
    advice: Advice,
    sign_difference: Option<SignDifference>,
    media_type: Option<String>,
    body_length: usize,
}

impl ApiError {
    /// Reads any error response; a body that is not JSON gives empty texts, and until
    /// [`advised`](Self::advised) the advice is to query.
    pub(super) fn read(received: &RawResponse) -> Self {
        // Not every error is signed, and nothing is repaired before it is verified.
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
            advice: Advice::Query,
            sign_difference: None,
            media_type: received.media_type().map(str::to_owned),
            body_length: received.body.len(),
        }
    }

    /// With the advice that the table of conclusions gives.
    pub(super) fn advised(mut self, advice: Advice) -> Self {
        self.advice = advice;
        self
    }

    /// A refusal is no advice any more when an earlier attempt may have been executed.
    pub(super) fn earlier_attempt_is_unknown(&mut self) {
        if self.advice.is_on_a_refusal() {
            self.advice = Advice::Query;
        }
    }

    /// Compares what WeChat Pay says about the signature with the message that was signed.
    pub(super) fn compared_with(mut self, signed_message: &[u8]) -> Self {
        let information = self.details().find_map(ErrorDetail::sign_information);
        self.sign_difference =
            information.and_then(|information| SignDifference::find(information, signed_message));
        self
    }

    /// Whether the same request may be sent again, and what to do otherwise ([protocol §10.2]).
    ///
    /// It takes all attempts of the call into account, and what is not WeChat Pay's own word gives no
    /// more than the advice to query.
    ///
    /// ```
    /// # fn decide(error: wxpay_api::Error) {
    /// use wxpay_api::{Advice, error_code};
    ///
    /// if let Some(api) = error.api() {
    ///     match api.advice() {
    ///         Advice::Later(pause) => println!("again in {pause:?}"),
    ///         advice if advice.may_retry() => println!("again, with the same parameters"),
    ///         _ if api.code == error_code::NOT_ENOUGH => println!("the balance is too low"),
    ///         advice => println!("{advice}"),
    ///     }
    /// }
    /// # }
    /// ```
    ///
    /// [protocol §10.2]: crate::docs::protocol::errors#102-status-codes
    #[must_use]
    pub fn advice(&self) -> Advice {
        self.advice
    }

    /// What [`detail`](Self::detail) tells, be it one thing, several or none.
    pub fn details(&self) -> impl Iterator<Item = ErrorDetail<'_>> {
        ErrorDetail::all(&self.detail)
    }

    /// Where the message that WeChat Pay built for the signature departs from the one that was signed; only after
    /// `SIGN_ERROR`, and only where WeChat Pay shows it.
    #[must_use]
    pub fn sign_difference(&self) -> Option<&SignDifference> {
        self.sign_difference.as_ref()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the response is {}", self.status)?;
        if self.code.is_empty() && self.message.is_empty() {
            let media_type = self.media_type.as_deref().unwrap_or("unknown type");
            return write!(f, " without an error code ({} bytes, {media_type})", self.body_length);
        }
        write!(f, " {}: {}", excerpt(&self.code), excerpt_of(&self.message, LONGEST_MESSAGE))?;
        if let Some(field) = self.details().find_map(ErrorDetail::field) {
            write!(f, " (field {})", excerpt(field))?;
        }
        match &self.sign_difference {
            Some(difference) => write!(f, "; {difference}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.status)
            .field("code", &excerpt(&self.code))
            .field("message", &excerpt_of(&self.message, LONGEST_MESSAGE))
            .field("has_detail", &!self.detail.is_null())
            .field("sign_difference", &self.sign_difference)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for ApiError {}

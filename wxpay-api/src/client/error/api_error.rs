//! An error response, its details, and what to do about it.

use std::fmt;
use std::time::Duration;

use crate::client::{RawResponse, SignDifference};
use crate::protocol::excerpt::{excerpt, excerpt_of};
use crate::wire::Json;

/// The message may be a gateway's whole page, which must not flood a log.
const LONGEST_MESSAGE: usize = 300;

/// An error response ([protocol §10.1], [§10.2]).
///
/// A gateway in between also sends error pages. [`Error::outcome`](crate::Error::outcome) and
/// [`advice`](ApiError::advice) take that into account.
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
    /// Details, in the shape received; `null` when there were none. They may show what was sent, so
    /// `Debug` and `Display` leave them out.
    pub detail: Json,
    advice: Advice,
    sign_difference: Option<SignDifference>,
    media_type: Option<String>,
    body_length: usize,
}

impl ApiError {
    /// Reads any error response. The texts are empty if the body is not JSON. The advice is to
    /// query, until [`advised`](Self::advised) sets it.
    pub(crate) fn read(received: &RawResponse) -> Self {
        // Parse strictly: the error may be unsigned, and only verified JSON may be repaired.
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

    /// Sets the advice, which the error table returned.
    pub(crate) fn advised(mut self, advice: Advice) -> Self {
        self.advice = advice;
        self
    }

    /// Replaces advice on a refusal by a query, because an earlier attempt may have been executed.
    pub(crate) fn earlier_attempt_is_unknown(&mut self) {
        if self.advice.is_on_a_refusal() {
            self.advice = Advice::Query;
        }
    }

    /// Compares what WeChat Pay says about the signature with the message that was signed.
    pub(crate) fn compared_with(mut self, signed_message: &[u8]) -> Self {
        let information = self.details().find_map(ErrorDetail::sign_information);
        self.sign_difference =
            information.and_then(|information| SignDifference::find(information, signed_message));
        self
    }

    /// Whether the same request may be sent again, and what to do otherwise ([protocol §10.2]).
    ///
    /// The advice takes all attempts of the call into account. If WeChat Pay did not provably write
    /// the response, the advice is to query.
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

    /// The entries of [`detail`](Self::detail): one, several or none.
    pub fn details(&self) -> impl Iterator<Item = ErrorDetail<'_>> {
        ErrorDetail::all(&self.detail)
    }

    /// The first difference between the message that WeChat Pay built and the signed one. It exists
    /// only after `SIGN_ERROR`, and only where WeChat Pay shows its message.
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

/// What to do about an error of WeChat Pay's: whether the same request may be sent again
/// ([protocol §10.2]).
///
/// The advice fits [`Error::outcome`](crate::Error::outcome), because both come from one table, which
/// the guide shows. With [`Outcome::Unknown`](crate::Outcome::Unknown) it is [`Query`](Advice::Query) or
/// [`SameParameters`](Advice::SameParameters); with [`Outcome::Refused`](crate::Outcome::Refused) it is
/// any of the others. A client retries by itself only where [`Idempotency`](crate::Idempotency) allows it.
///
/// [protocol §10.2]: crate::docs::protocol::errors#102-status-codes
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Advice {
    /// No: the request, the keys, the clock or a permission must be put right first.
    Fix,
    /// No: the merchant's business has to decide, because money is missing or a rule forbids it.
    Decide,
    /// Not before a query shows the state: the outcome is unknown.
    Query,
    /// No: it is not there. If it was made just now, query once more later.
    Absent,
    /// No: there is nothing, and there will be nothing.
    Stop,
    /// Yes, more and more slowly: this request was not accepted.
    BackOff,
    /// Yes, or query: the outcome is unknown. The parameters must stay the same; never take a new number.
    SameParameters,
    /// Yes, after this time.
    Later(Duration),
}

impl Advice {
    /// Whether the same request may be sent again without a query and without a change.
    #[must_use]
    pub fn may_retry(self) -> bool {
        matches!(self, Self::BackOff | Self::SameParameters | Self::Later(_))
    }

    /// Whether the advice presupposes that WeChat Pay refused the request.
    pub(crate) fn is_on_a_refusal(self) -> bool {
        !matches!(self, Self::Query | Self::SameParameters)
    }
}

/// Describes what to do.
impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fix => "do not retry it; put it right first",
            Self::Decide => "do not retry it; this is for the business to decide",
            Self::Query => "query before anything else",
            Self::Absent => "it is not there; query later if it was made just now",
            Self::Stop => "there is nothing, and there will be nothing",
            Self::BackOff => "it was not accepted; retry it more slowly",
            Self::SameParameters => "query, or retry it with the same parameters",
            Self::Later(pause) => {
                return write!(f, "retry it in {} minutes", pause.as_secs() / 60);
            }
        })
    }
}

/// One entry of an error's `detail` ([protocol §10.1]).
///
/// `Debug` shows the field and the location alone: the rest may show what was sent.
///
/// [protocol §10.1]: crate::docs::protocol::errors#101-the-body-of-an-error
#[derive(Clone, Copy, PartialEq)]
pub struct ErrorDetail<'a>(&'a Json);

impl<'a> ErrorDetail<'a> {
    /// Reads all entries: `detail` is one entry, a list of entries, or missing.
    pub(crate) fn all(detail: &'a Json) -> impl Iterator<Item = Self> {
        let details = match detail {
            Json::Null => &[],
            Json::Array(list) => list.as_slice(),
            single => std::slice::from_ref(single),
        };
        details.iter().map(Self)
    }

    /// The member that is wrong, for example `/amount/total`.
    #[must_use]
    pub fn field(self) -> Option<&'a str> {
        self.text("field")
    }

    /// The part of the request that has the member: `body`, `url`, `query`, `authorization` and
    /// others.
    #[must_use]
    pub fn location(self) -> Option<&'a str> {
        self.text("location")
    }

    /// What is wrong with the member. The text may contain the value.
    #[must_use]
    pub fn issue(self) -> Option<&'a str> {
        // A `detail` that is a text can only be the issue.
        self.text("issue").or_else(|| self.0.as_str())
    }

    /// The value that was sent, which may be personal data: do not log it.
    #[must_use]
    pub fn value(self) -> Option<&'a Json> {
        find(self.0, "value")
    }

    /// Returns what WeChat Pay says about the signature.
    pub(crate) fn sign_information(self) -> Option<&'a Json> {
        find(self.0, "sign_information")
    }

    fn text(self, name: &str) -> Option<&'a str> {
        find(self.0, name).and_then(Json::as_str)
    }
}

/// Returns a member, also of a nested `detail`. Other nested objects are not searched: they may be
/// the value.
fn find<'a>(detail: &'a Json, name: &str) -> Option<&'a Json> {
    match detail {
        Json::Object(members) => members
            .get(name)
            .filter(|member| !member.is_null())
            .or_else(|| members.get("detail").and_then(|inner| find(inner, name))),
        Json::Array(list) => list.iter().find_map(|inner| find(inner, name)),
        _ => None,
    }
}

impl fmt::Debug for ErrorDetail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorDetail")
            .field("field", &self.field().map(excerpt))
            .field("location", &self.location().map(excerpt))
            .finish_non_exhaustive()
    }
}

//! An error response, its details, and what to do about it.

use std::fmt;
use std::time::Duration;

use crate::client::{RawResponse, SignDifference};
use crate::protocol::excerpt::{excerpt, excerpt_of};
use crate::wire::Json;

/// A gateway's page in place of a message must not flood a log.
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
    pub(crate) fn read(received: &RawResponse) -> Self {
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
    pub(crate) fn advised(mut self, advice: Advice) -> Self {
        self.advice = advice;
        self
    }

    /// A refusal is no advice any more when an earlier attempt may have been executed.
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
    /// Not before a query says what the state is: the outcome is unknown.
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

    /// Whether it presupposes that WeChat Pay refused the request.
    pub(crate) fn is_on_a_refusal(self) -> bool {
        !matches!(self, Self::Query | Self::SameParameters)
    }
}

/// What to do, in words.
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

/// One thing that an error's `detail` tells, in whatever shape it came ([protocol §10.1]).
///
/// `Debug` shows the field and the location alone: the rest may repeat what was sent.
///
/// [protocol §10.1]: crate::docs::protocol::errors#101-the-body-of-an-error
#[derive(Clone, Copy, PartialEq)]
pub struct ErrorDetail<'a>(&'a Json);

impl<'a> ErrorDetail<'a> {
    /// All of them: `detail` is one, a list of them, or not there.
    pub(crate) fn all(detail: &'a Json) -> impl Iterator<Item = Self> {
        let details = match detail {
            Json::Null => &[],
            Json::Array(list) => list.as_slice(),
            single => std::slice::from_ref(single),
        };
        details.iter().map(Self)
    }

    /// Which member is meant, for example `/amount/total`.
    #[must_use]
    pub fn field(self) -> Option<&'a str> {
        self.text("field")
    }

    /// Where it stood: `body`, `url`, `query`, `authorization` and others.
    #[must_use]
    pub fn location(self) -> Option<&'a str> {
        self.text("location")
    }

    /// What is wrong with it. It may repeat the value.
    #[must_use]
    pub fn issue(self) -> Option<&'a str> {
        // A text in place of an object can only be this.
        self.text("issue").or_else(|| self.0.as_str())
    }

    /// The value that was sent, which may be personal data: do not log it.
    #[must_use]
    pub fn value(self) -> Option<&'a Json> {
        find(self.0, "value")
    }

    /// What WeChat Pay says about the signature.
    pub(crate) fn sign_information(self) -> Option<&'a Json> {
        find(self.0, "sign_information")
    }

    fn text(self, name: &str) -> Option<&'a str> {
        find(self.0, name).and_then(Json::as_str)
    }
}

/// A member, be it in a `detail` inside. Other objects inside are not searched: they may be the value.
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

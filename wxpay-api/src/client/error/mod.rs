//! A failed call: what is known of the outcome, and what went wrong.

pub(crate) mod api_error;
pub mod code;
pub(crate) mod failure;
pub(crate) mod input_error;
pub(crate) mod kind;
pub(crate) mod sign_difference;

use std::fmt;

use crate::client::error::failure::AttemptFailure;
use crate::client::error::kind::ErrorKind;
use crate::client::operation::facts::OperationFacts;
use crate::client::{ApiError, Idempotency, InternalCode, RawResponse};
use crate::protocol::excerpt::{excerpt, excerpt_of};

/// The result of this crate's functions. `Result<T>` fails with [`Error`], `Result<T, E>` with
/// another error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A call that failed: what went wrong, and above all what is known of its outcome.
///
/// [`outcome`](Error::outcome) decides about money: the operation may have been executed although
/// the call failed. It describes this call alone. Where an earlier call for the same order ended as
/// [`Outcome::Unknown`], a refusal of the next call, such as “already paid”, says nothing about the
/// earlier one.
pub struct Error(Box<ErrorInner>);

/// An untyped call has the path that the caller gave.
const LONGEST_OPERATION: usize = 300;

struct ErrorInner {
    operation: String,
    idempotency: Idempotency,
    kind: ErrorKind,
    outcome: Outcome,
    attempts: u32,
    received: Option<Box<RawResponse>>,
}

/// The known outcome of an operation without a usable response.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// Nothing reached WeChat Pay. It is safe to try again.
    NotSent,
    /// WeChat Pay itself refused this request. One of these proves it: a valid signature; 401
    /// `SIGN_ERROR`; or a `Request-ID` with a status and a code that WeChat Pay's pages document. A
    /// gateway's error page is no refusal.
    /// [`ClientBuilder::signed_refusals`](crate::ClientBuilder::signed_refusals) accepts the
    /// signature only.
    Refused,
    /// The operation may have been executed or not. Query, or retry with the same numbers; never
    /// with new ones ([protocol §10.3]). Where [`idempotency`](Error::idempotency) is
    /// [`Idempotency::Safe`], nothing was changed, and a new call is safe.
    ///
    /// [protocol §10.3]: crate::docs::protocol::errors#103-idempotency-and-retries
    Unknown,
    /// WeChat Pay executed the operation, and the response is verified but unreadable.
    /// [`received`](Error::received) has it.
    Accepted,
}

impl Error {
    pub(crate) fn new(facts: &OperationFacts, failure: AttemptFailure, attempts: u32) -> Self {
        let AttemptFailure { kind, outcome, received, .. } = failure;
        let (operation, idempotency) = (facts.operation(), facts.idempotency);
        Self(Box::new(ErrorInner { operation, idempotency, kind, outcome, attempts, received }))
    }

    /// Returns what is known of the operation's outcome.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// Returns what went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The error response, where one came.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        match &self.0.kind {
            ErrorKind::Api(error) => Some(error),
            _ => None,
        }
    }

    /// Whether the response's signature was one of WeChat Pay's deliberate probes ([protocol
    /// §2.9]).
    ///
    /// [protocol §2.9]: crate::docs::protocol::verification#29-signature-probes
    #[must_use]
    pub fn is_signature_probe(&self) -> bool {
        matches!(&self.0.kind, ErrorKind::Verification(error) if error.is_probe())
    }

    /// The method and the documented path, for example `POST
    /// /v3/payscore/serviceorder/{out_order_no}/cancel`. An untyped call has the given path, a link
    /// its path without ids.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.0.operation
    }

    /// Whether the operation may be retried while its outcome is unknown ([protocol §10.3]).
    ///
    /// [protocol §10.3]: crate::docs::protocol::errors#103-idempotency-and-retries
    #[must_use]
    pub fn idempotency(&self) -> Idempotency {
        self.0.idempotency
    }

    /// How many attempts the client made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The response, or the part of it that arrived. It is not authenticated unless the outcome is
    /// [`Outcome::Accepted`].
    #[must_use]
    pub fn received(&self) -> Option<&RawResponse> {
        self.0.received.as_deref()
    }

    /// The `Request-ID` to give to WeChat Pay's support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.received().and_then(RawResponse::request_id)
    }
}

/// The operation, the outcome and the request id come first, because logs cut long lines.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = excerpt_of(&self.0.operation, LONGEST_OPERATION);
        write!(f, "{operation}: {}", self.outcome_in_words())?;
        if let Some(id) = self.request_id() {
            write!(f, " (request id {}", excerpt(id))?;
            match self
                .received()
                .and_then(RawResponse::internal_code)
                .and_then(InternalCode::meaning)
            {
                Some(meaning) => write!(f, ": {meaning})")?,
                None => write!(f, ")")?,
            }
        }
        match &self.0.kind {
            ErrorKind::Verification(why) => write!(f, ": the response is not verified: {why}")?,
            kind => write!(f, ": {kind}")?,
        }
        self.write_advice(f)
    }
}

impl Error {
    fn outcome_in_words(&self) -> &'static str {
        match (self.0.outcome, self.0.idempotency) {
            (Outcome::NotSent, _) => "nothing was sent",
            (Outcome::Refused, _) => "refused",
            (Outcome::Unknown | Outcome::Accepted, Idempotency::Safe) => "no result",
            (Outcome::Unknown, _) => "outcome unknown",
            (Outcome::Accepted, _) => "executed",
        }
    }

    /// Writes what to do, by the operation's idempotency and the advice of the error table.
    fn write_advice(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.outcome, self.0.idempotency, &self.0.kind) {
            (Outcome::NotSent, ..) => Ok(()),
            (Outcome::Refused, _, ErrorKind::Api(error)) => write!(f, "; {}", error.advice()),
            (Outcome::Refused, ..) => Ok(()),
            (_, Idempotency::Safe, ErrorKind::Api(error)) if !error.advice().may_retry() => {
                write!(f, "; nothing was changed; query again later")
            }
            (_, _, ErrorKind::Api(error)) if !error.advice().may_retry() => {
                write!(f, "; it may have happened: query before anything else")
            }
            (_, Idempotency::Safe, _) => {
                write!(f, "; nothing was changed, and it may be tried again")
            }
            (Outcome::Unknown, Idempotency::Never, _) => write!(
                f,
                "; it may have happened, and a retry could do it twice: query before anything else"
            ),
            (Outcome::Unknown, Idempotency::NaturalKey(key), _) => write!(
                f,
                "; it may have happened: query, or retry it unchanged with the same {key}, before anything else"
            ),
            (Outcome::Accepted, ..) => write!(f, "; WeChat Pay did it"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("operation", &self.0.operation)
            .field("kind", &self.0.kind)
            .field("outcome", &self.0.outcome)
            .field("attempts", &self.0.attempts)
            .field("received", &self.0.received)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.kind.source()
    }
}

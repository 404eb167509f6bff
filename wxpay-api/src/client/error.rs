//! What is said of a call that gave no response.

use std::fmt;
use std::time::Duration;

use super::conclusion::Conclusion;
use super::route::Route;
use super::{ApiError, CertificateError, Idempotency, InputError, InternalCode, RawResponse};
use crate::protocol::excerpt::{excerpt, excerpt_of};
use crate::protocol::{BillDecryptionError, CryptoError, NoSealingKey, VerificationError};
use crate::wire::DecodeError;

/// What this crate's functions return: `Result<T>` fails with [`Error`], `Result<T, E>` with another error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A call that gave no response: why, and above all what is known of its outcome.
///
/// [`outcome`](Error::outcome) is what decides about money: the thing asked for may have happened
/// although the call failed. It speaks of this call alone. Where an earlier call for the same order
/// ended as [`Outcome::Unknown`], a refusal of the next one, such as “already paid”, says nothing
/// about that one.
pub struct Error(Box<Inner>);

/// A proxy's text in a transport's error must not flood a log.
const LONGEST_CAUSE: usize = 200;

/// The path of a call without types is whatever the caller gave.
const LONGEST_OPERATION: usize = 300;

struct Inner {
    operation: String,
    idempotency: Idempotency,
    kind: ErrorKind,
    outcome: Outcome,
    attempts: u32,
    received: Option<Box<RawResponse>>,
}

/// What is known of an operation that gave no response.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// Nothing reached WeChat Pay. It is safe to try again.
    NotSent,
    /// WeChat Pay refused this request, by its own word: a signature that holds; 401 `SIGN_ERROR`; or a
    /// `Request-ID` together with a status and a code that its pages know. The page of some gateway is
    /// no refusal. [`ClientBuilder::signed_refusals`](super::ClientBuilder::signed_refusals) wants the
    /// signature.
    Refused,
    /// It may have happened or not. Query, or retry with the same numbers; never with new ones
    /// ([protocol §10.3]). Where [`idempotency`](Error::idempotency) says [`Idempotency::Safe`], nothing was changed in
    /// either case, and it may be tried again.
    ///
    /// [protocol §10.3]: crate::docs::protocol::errors#103-idempotency-and-retries
    Unknown,
    /// WeChat Pay did it, verified, but the response cannot be read;
    /// [`received`](Error::received) has it.
    Accepted,
}

/// What went wrong.
///
/// ```
/// use wxpay_api::{Error, ErrorKind};
///
/// fn describe(error: &Error) -> String {
///     match error.kind() {
///         ErrorKind::Api(api) => format!("{} {}: {}", api.status, api.code, api.message),
///         ErrorKind::Deadline(limit) => format!("no response in {limit:?}"),
///         kind => kind.to_string(),
///     }
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request cannot be sent as it is.
    #[error(transparent)]
    Input(#[from] InputError),
    /// No WeChat Pay key is valid now, so that no response could be verified.
    #[error(transparent)]
    Keys(#[from] NoSealingKey),
    /// There is no WeChat Pay key yet, and the platform certificates could not be downloaded.
    #[error(transparent)]
    Certificates(#[from] CertificateError),
    /// The request could not be signed.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// No connection was made: name resolution, the proxy, TCP or TLS failed.
    #[error("no connection was made")]
    Connect(#[source] TransportError),
    /// No connection was made in the time that one attempt has for it.
    #[error("no connection was made within {} s", .0.as_secs_f32())]
    ConnectTimeout(Duration),
    /// The connection failed after the request may have been sent.
    #[error("the connection failed before the whole response was here")]
    Transport(#[source] TransportError),
    /// One attempt took too long, and the deadline left no other.
    #[error("no response within the {} s of one attempt", .0.as_secs_f32())]
    AttemptTimeout(Duration),
    /// The deadline of the call passed.
    #[error("no response within {} s", .0.as_secs_f32())]
    Deadline(Duration),
    /// The response was longer than the client's limit.
    #[error("the response is longer than {limit} bytes")]
    #[non_exhaustive]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// A redirect, which is never followed: a signature holds for one target.
    #[error("the response is {status}, a redirect, which is not followed; is a proxy in between?")]
    #[non_exhaustive]
    Redirect {
        /// The status.
        status: u16,
    },
    /// The response did not prove to come from WeChat Pay ([protocol §2]).
    ///
    /// [protocol §2]: crate::docs::protocol::verification
    #[error(transparent)]
    Verification(#[from] VerificationError),
    /// An error response ([protocol §10.1]), WeChat Pay's or a gateway's.
    ///
    /// [protocol §10.1]: crate::docs::protocol::errors#101-the-body-of-an-error
    #[error("{0}")]
    Api(Box<ApiError>),
    /// Verified and accepted, but the body is not what was announced.
    #[error("accepted and verified, but unreadable: the body is {0}")]
    Unreadable(DecodeError),
    /// WeChat Pay accepted the request and is still working on it: query for the result
    /// ([protocol §10.2]). A 202 with a body is read like any other 2xx.
    ///
    /// [protocol §10.2]: crate::docs::protocol::errors#102-status-codes
    #[error("the response is 202 without a result: still being processed, query for it")]
    Pending,
    /// A downloaded file is damaged: it is no whole gzip file.
    #[error("the downloaded file is damaged, its gzip cannot be unpacked")]
    Damaged(#[source] std::io::Error),
    /// An encrypted bill does not decrypt ([protocol §7.4]).
    ///
    /// [protocol §7.4]: crate::docs::protocol::downloads#74-encrypted-bills
    #[error(transparent)]
    Decryption(#[from] BillDecryptionError),
    /// A download already failed, or part of it was taken before the whole was asked for.
    #[error("the download failed before, or part of it was taken already; start it anew")]
    Stopped,
    /// A downloaded file could not be written.
    #[error("the file cannot be written")]
    Write(#[source] std::io::Error),
    /// A downloaded file is not the one that was announced ([protocol §7]).
    ///
    /// [protocol §7]: crate::docs::protocol::downloads
    #[error("the file's {algorithm} is {found}, announced was {announced}")]
    #[non_exhaustive]
    Digest {
        /// The digest's algorithm.
        algorithm: &'static str,
        /// What was announced.
        announced: String,
        /// What the received bytes have.
        found: String,
    },
}

/// What the HTTP stack reported, without the URL.
#[derive(Debug)]
pub struct TransportError(reqwest::Error);

impl TransportError {
    pub(crate) fn new(error: reqwest::Error) -> Self {
        Self(error.without_url())
    }
}

/// The innermost cause, which is what helps; the layers above it say only that a request failed.
impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cause: &dyn std::error::Error = &self.0;
        while let Some(source) = cause.source() {
            cause = source;
        }
        f.write_str(&excerpt_of(&cause.to_string(), LONGEST_CAUSE))
    }
}

impl std::error::Error for TransportError {}

impl Error {
    pub(super) fn new(route: &Route, failure: Failure, attempts: u32) -> Self {
        let Failure { kind, outcome, received, .. } = failure;
        let (operation, idempotency) = (route.operation(), route.idempotency);
        Self(Box::new(Inner { operation, idempotency, kind, outcome, attempts, received }))
    }

    /// What is known of the operation's outcome.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// What went wrong.
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

    /// Whether the answer's signature was one of WeChat Pay's deliberate probes ([protocol §2.9]).
    ///
    /// [protocol §2.9]: crate::docs::protocol::verification#29-signature-probes
    #[must_use]
    pub fn is_signature_probe(&self) -> bool {
        matches!(&self.0.kind, ErrorKind::Verification(error) if error.is_probe())
    }

    /// The method and the path as documented, for example
    /// `POST /v3/payscore/serviceorder/{out_order_no}/cancel`; of an untyped call the path as given, of a link its path without ids.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.0.operation
    }

    /// Whether the operation may be sent again while its outcome is unknown ([protocol §10.3]).
    ///
    /// [protocol §10.3]: crate::docs::protocol::errors#103-idempotency-and-retries
    #[must_use]
    pub fn idempotency(&self) -> Idempotency {
        self.0.idempotency
    }

    /// How many times the request was sent, or tried to be.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// What was received, as far as anything was; not authenticated unless the outcome is
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

    /// What to do, by the operation and by the table of conclusions.
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

/// One failed attempt, before it is known whether there will be another.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: ErrorKind,
    pub(crate) outcome: Outcome,
    pub(crate) received: Option<Box<RawResponse>>,
    retry: Retry,
}

/// Whether another attempt may be made (docs/protocol/errors.md §10.2, §10.3).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Retry {
    /// It would go no better.
    Never,
    /// Where sending the request twice is harmless.
    WhereHarmless,
    /// Nothing was sent.
    Always,
}

impl Failure {
    pub(crate) fn not_sent(kind: impl Into<ErrorKind>) -> Self {
        let kind = kind.into();
        let retry = match kind {
            ErrorKind::Connect(_) | ErrorKind::ConnectTimeout(_) => Retry::Always,
            _ => Retry::Never,
        };
        Self { kind, outcome: Outcome::NotSent, received: None, retry }
    }

    pub(crate) fn unknown(kind: impl Into<ErrorKind>) -> Self {
        let kind = kind.into();
        let retry = match kind {
            ErrorKind::Transport(_) | ErrorKind::AttemptTimeout(_) => Retry::WhereHarmless,
            // Another response may carry a right signature; a key or a clock stays as it is.
            ErrorKind::Verification(
                VerificationError::Probe { .. } | VerificationError::Signature { .. },
            ) => Retry::WhereHarmless,
            _ => Retry::Never,
        };
        Self { kind, outcome: Outcome::Unknown, received: None, retry }
    }

    /// Verified as accepted, so that only reading it can have failed.
    pub(super) fn unreadable(why: DecodeError) -> Self {
        let kind = ErrorKind::Unreadable(why);
        Self { kind, outcome: Outcome::Accepted, received: None, retry: Retry::Never }
    }

    /// An error response, and what the table makes of it.
    pub(super) fn api(error: ApiError, conclusion: Conclusion) -> Self {
        let kind = ErrorKind::Api(Box::new(error.advised(conclusion.advice)));
        let retry = match conclusion.may_pass {
            true => Retry::WhereHarmless,
            false => Retry::Never,
        };
        Self { kind, outcome: conclusion.outcome, received: None, retry }
    }

    pub(crate) fn received(mut self, received: RawResponse) -> Self {
        self.received = Some(Box::new(received));
        self
    }

    /// Whether there may be another attempt, where `harmless` says that sending it twice is.
    pub(super) fn may_retry(&self, harmless: bool) -> bool {
        match self.retry {
            Retry::Never => false,
            Retry::WhereHarmless => harmless,
            Retry::Always => true,
        }
    }

    /// Whether the connection failed or stalled, so that another host may do better (docs/protocol/errors.md §10.6).
    pub(super) fn is_of_connection(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::Connect(_)
                | ErrorKind::ConnectTimeout(_)
                | ErrorKind::Transport(_)
                | ErrorKind::AttemptTimeout(_)
        )
    }

    /// What is known after all attempts: an earlier one may have been executed, whatever became of
    /// this one. Where neither changes anything, a refusal stays one.
    pub(super) fn after_an_unknown_attempt(mut self, idempotency: Idempotency) -> Self {
        match (self.outcome, idempotency) {
            (Outcome::Refused, Idempotency::Safe) | (Outcome::Accepted, _) => return self,
            _ => self.outcome = Outcome::Unknown,
        }
        if let ErrorKind::Api(error) = &mut self.kind {
            error.earlier_attempt_is_unknown();
        }
        self
    }
}

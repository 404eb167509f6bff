use std::fmt;
use std::time::Duration;

use super::route::Route;
use super::{ApiError, CertificateError, InputError, InternalCode, Received, Repeat};
use crate::protocol::{BillDecryptionError, CryptoError, NoSealingKey, VerificationError};

/// A call that did not give its answer: why, and above all what is known of its outcome.
///
/// [`outcome`](Error::outcome) is what decides about money: the thing asked for may have happened
/// although the call failed. It speaks of this call alone. Where an earlier call for the same order
/// ended as [`Outcome::Unknown`], a refusal of the next one, such as “already paid”, says nothing
/// about that one.
pub struct Error(Box<Inner>);

struct Inner {
    operation: String,
    repeat: Repeat,
    kind: ErrorKind,
    outcome: Outcome,
    attempts: u32,
    received: Option<Box<Received>>,
}

/// What is known of an operation that did not give its answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// Nothing reached WeChat Pay. It is safe to try again.
    NotSent,
    /// WeChat Pay refused this request, with an error code; the page of some gateway is no refusal.
    Refused,
    /// It may have happened or not. Query, or repeat with the same numbers; never with new ones
    /// (PROTOCOL §10.3). Where [`repeat`](Error::repeat) says [`Repeat::Safe`], nothing was changed in
    /// either case, and it may be tried again.
    Unknown,
    /// WeChat Pay did it, verified, but the answer cannot be read;
    /// [`received`](Error::received) has it.
    Accepted,
}

/// Why a call did not give its answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request cannot be sent as it is.
    #[error(transparent)]
    Input(#[from] InputError),
    /// No WeChat Pay key is valid now, so that no answer could be verified.
    #[error(transparent)]
    Keys(#[from] NoSealingKey),
    /// There is no WeChat Pay key yet, and the platform certificates could not be downloaded.
    #[error(transparent)]
    Certificates(#[from] CertificateError),
    /// The request could not be signed.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// No connection was made: name resolution, TCP or TLS failed.
    #[error("no connection: {0}")]
    Connect(#[source] TransportError),
    /// The connection failed after the request may have been sent.
    #[error("the connection failed: {0}")]
    Transport(#[source] TransportError),
    /// The deadline passed.
    #[error("no answer within {} s", .0.as_secs_f32())]
    Deadline(Duration),
    /// The answer was longer than the client's limit.
    #[error("the answer is longer than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// A redirect, which is never followed: a signature holds for one target.
    #[error("answered {status}, a redirect, which is not followed; is a proxy in between?")]
    Redirect {
        /// The status.
        status: u16,
    },
    /// The answer did not prove to come from WeChat Pay (PROTOCOL §2).
    #[error("the answer is not verified: {0}")]
    Verification(#[from] VerificationError),
    /// WeChat Pay answered with an error (PROTOCOL §10.1). Such answers are not authenticated.
    #[error("{0}")]
    Api(Box<ApiError>),
    /// Verified and accepted, but the body is not what was announced.
    #[error("accepted and verified, but unreadable: {0}")]
    Unreadable(String),
    /// WeChat Pay accepted the request and is still working on it: query for the result
    /// (PROTOCOL §10.2).
    #[error("answered 202: still being processed, query for the result")]
    Pending,
    /// A downloaded file is damaged.
    #[error("the downloaded file is damaged: {0}")]
    Damaged(String),
    /// An encrypted bill does not decrypt (PROTOCOL §7.4).
    #[error(transparent)]
    Decryption(#[from] BillDecryptionError),
    /// A download already failed, or part of it was taken before the whole was asked for.
    #[error("the download failed before, or part of it was taken already; start it anew")]
    Stopped,
    /// A downloaded file could not be written.
    #[error("the file cannot be written: {0}")]
    Write(#[source] std::io::Error),
    /// A downloaded file is not the one that was announced (PROTOCOL §7).
    #[error("the file's {algorithm} is {found}, announced was {announced}")]
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

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // reqwest tells the cause only through `source`, and the cause is what helps.
        let mut cause: &dyn std::error::Error = &self.0;
        while let Some(source) = cause.source() {
            cause = source;
        }
        write!(f, "{cause}")
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.0)
    }
}

impl Error {
    pub(super) fn new(route: &Route, failure: Failure, attempts: u32) -> Self {
        let Failure { kind, outcome, received } = failure;
        let (operation, repeat) = (route.operation(), route.repeat);
        Self(Box::new(Inner { operation, repeat, kind, outcome, attempts, received }))
    }

    /// What is known of the operation's outcome.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// Why.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// WeChat Pay's own error, where it answered with one.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        match &self.0.kind {
            ErrorKind::Api(error) => Some(error),
            _ => None,
        }
    }

    /// Whether the answer's signature was one of WeChat Pay's deliberate probes (PROTOCOL §2.9).
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

    /// Whether the operation may be sent again while its outcome is unknown (PROTOCOL §10.3).
    #[must_use]
    pub fn repeat(&self) -> Repeat {
        self.0.repeat
    }

    /// How many times the request was sent, or tried to be.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// What was received, as far as anything was; not authenticated unless the outcome is
    /// [`Outcome::Accepted`].
    #[must_use]
    pub fn received(&self) -> Option<&Received> {
        self.0.received.as_deref()
    }

    /// The `Request-ID` to give to WeChat Pay's support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.received().and_then(Received::request_id)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.operation, self.0.kind)?;
        if let Some(id) = self.request_id() {
            write!(f, " (request id {id}")?;
            match self.received().and_then(Received::internal_code).and_then(InternalCode::meaning)
            {
                Some(meaning) => write!(f, ": {meaning})")?,
                None => write!(f, ")")?,
            }
        }
        match (self.0.outcome, self.0.repeat) {
            (Outcome::NotSent, _) => write!(f, "; nothing was sent"),
            (Outcome::Refused, _) => write!(f, "; this request was refused"),
            (_, Repeat::Safe) => write!(f, "; nothing was changed, and it may be tried again"),
            (Outcome::Unknown, Repeat::Never) => write!(
                f,
                "; it may have happened, and a repeat could do it twice: query before anything else"
            ),
            (Outcome::Unknown, Repeat::NaturalKey(key)) => write!(
                f,
                "; it may have happened: query, or repeat it unchanged with the same {key}, before anything else"
            ),
            (Outcome::Accepted, _) => write!(f, "; WeChat Pay did it"),
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
    pub(crate) received: Option<Box<Received>>,
}

impl Failure {
    pub(crate) fn not_sent(kind: impl Into<ErrorKind>) -> Self {
        Self { kind: kind.into(), outcome: Outcome::NotSent, received: None }
    }

    pub(crate) fn unknown(kind: impl Into<ErrorKind>) -> Self {
        Self { kind: kind.into(), outcome: Outcome::Unknown, received: None }
    }

    pub(crate) fn received(mut self, received: Received) -> Self {
        self.received = Some(Box::new(received));
        self
    }
}

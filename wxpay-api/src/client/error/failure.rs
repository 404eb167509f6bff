//! One failed attempt, before the client knows whether there will be another.

use crate::client::{ApiError, ErrorKind, Idempotency, Outcome, RawResponse};
use crate::protocol::VerificationError;
use crate::wire::DecodeError;

/// One failed attempt, before the client decides about a retry.
#[derive(Debug)]
pub(crate) struct AttemptFailure {
    pub(crate) kind: ErrorKind,
    pub(crate) outcome: Outcome,
    pub(crate) received: Option<Box<RawResponse>>,
    retry: Retry,
}

/// Whether another attempt may be made (docs/protocol/errors.md §10.2, §10.3).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Retry {
    /// No: another attempt would fail in the same way.
    Never,
    /// Yes, where sending the request twice is harmless.
    WhereHarmless,
    /// Yes: nothing was sent.
    Always,
}

impl AttemptFailure {
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
            // The next response may have a valid signature. A missing key or a wrong clock stays.
            ErrorKind::Verification(
                VerificationError::Probe { .. } | VerificationError::Signature { .. },
            ) => Retry::WhereHarmless,
            _ => Retry::Never,
        };
        Self { kind, outcome: Outcome::Unknown, received: None, retry }
    }

    /// WeChat Pay executed the operation; only the body is unreadable.
    pub(crate) fn unreadable(why: DecodeError) -> Self {
        let kind = ErrorKind::Unreadable(why);
        Self { kind, outcome: Outcome::Accepted, received: None, retry: Retry::Never }
    }

    /// An error response, with the outcome and the chance of a retry by the error table.
    pub(crate) fn api(error: ApiError, outcome: Outcome, may_pass: bool) -> Self {
        let kind = ErrorKind::Api(Box::new(error));
        let retry = match may_pass {
            true => Retry::WhereHarmless,
            false => Retry::Never,
        };
        Self { kind, outcome, received: None, retry }
    }

    pub(crate) fn received(mut self, received: RawResponse) -> Self {
        self.received = Some(Box::new(received));
        self
    }

    /// Whether the client may retry. `harmless` says whether executing the request twice is
    /// harmless.
    pub(crate) fn may_retry(&self, harmless: bool) -> bool {
        match self.retry {
            Retry::Never => false,
            Retry::WhereHarmless => harmless,
            Retry::Always => true,
        }
    }

    /// Whether the connection failed or stalled, so that another host may do better (docs/protocol/errors.md §10.6).
    pub(crate) fn is_of_connection(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::Connect(_)
                | ErrorKind::ConnectTimeout(_)
                | ErrorKind::Transport(_)
                | ErrorKind::AttemptTimeout(_)
        )
    }

    /// Returns the failure after all attempts. An earlier attempt may have been executed, even if
    /// the last one was refused. For an operation that changes nothing, a refusal stays a refusal.
    pub(crate) fn after_an_unknown_attempt(mut self, idempotency: Idempotency) -> Self {
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

//! What happens to one exchange: the only place that knows what each fault does.

use std::io;
use std::time::Duration;

use super::content::{Body, Content};
use super::fault::{Fault, SignatureFault};
use super::outgoing::Outgoing;
use super::replacement;
use crate::protocol::CryptoError;

/// The course of one exchange, from the first byte of the request to the last of the answer.
#[derive(Debug, Default)]
pub(super) struct Course {
    unexecuted: bool,
    fault: Option<Fault>,
}

impl Course {
    pub(super) fn new(fault: Fault) -> Self {
        match fault {
            Fault::Unexecuted(inner) => Self { unexecuted: true, ..Self::new(*inner) },
            // A request that is throttled was not accepted (docs/protocol/errors.md §10.2).
            Fault::Unavailable { status: 429, .. } => Self { unexecuted: true, fault: Some(fault) },
            other => Self { unexecuted: false, fault: Some(other) },
        }
    }

    /// Whether a request that is right is carried out.
    pub(super) fn executes(&self) -> bool {
        !self.unexecuted
    }

    /// How the connection ends before the request's body is read.
    pub(super) fn end_before_reading(&self) -> Option<io::Error> {
        match self.fault {
            Some(Fault::CloseBeforeReading) => Some(closed()),
            Some(Fault::ResetBeforeReading) => Some(reset()),
            _ => None,
        }
    }

    /// How the connection ends in place of an answer.
    pub(super) fn end_after_reading(&self) -> Option<io::Error> {
        match self.fault {
            Some(Fault::CloseAfterReading) => Some(closed()),
            Some(Fault::ResetAfterReading) => Some(reset()),
            _ => None,
        }
    }

    /// How long the answer is held back.
    pub(super) fn delay(&self) -> Duration {
        match self.fault {
            Some(Fault::Delay(delay)) => delay,
            _ => Duration::ZERO,
        }
    }

    /// The answer that is sent in place of the right one.
    pub(super) fn content(&self, right: Content) -> Result<Content, CryptoError> {
        Ok(match &self.fault {
            Some(Fault::Html { status, signed }) => replacement::html(*status, *signed),
            Some(Fault::Garbage { length }) => replacement::garbage(right.status, *length)?,
            Some(Fault::InvalidUtf8) => replacement::invalid_utf8(right.status),
            Some(Fault::Redirect { location }) => replacement::redirect(location),
            Some(Fault::Unavailable { status, retry_after }) => {
                replacement::unavailable(*status, *retry_after)
            }
            _ => right,
        })
    }

    /// What is wrong with the signature.
    pub(super) fn fault(&self) -> Option<&SignatureFault> {
        match &self.fault {
            Some(Fault::Signature(fault)) => Some(fault),
            _ => None,
        }
    }

    /// How the body goes out.
    pub(super) fn body(&self, body: Body) -> Outgoing {
        let outgoing = match body {
            Body::Whole(body) => Outgoing::whole(body),
            Body::Pieces(pieces) => Outgoing::made_on_the_way(pieces),
        };
        match self.fault {
            Some(Fault::TruncatedBody) => outgoing.truncated(),
            Some(Fault::Drip { piece, pause }) => outgoing.dripping(piece, pause),
            _ => outgoing,
        }
    }
}

fn closed() -> io::Error {
    io::ErrorKind::ConnectionAborted.into()
}

/// The server makes a TCP reset of this kind of error.
fn reset() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}

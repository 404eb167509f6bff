//! What happens to one exchange: the only place that knows what each misbehaviour does.

use std::io;
use std::time::Duration;

use super::content::{Body, Content};
use super::misbehaviour::{Misbehaviour, SignatureFault};
use super::outgoing::Outgoing;
use super::replacement;
use crate::protocol::CryptoError;

/// The course of one exchange, from the first byte of the request to the last of the answer.
#[derive(Debug, Default)]
pub(super) struct Course {
    unexecuted: bool,
    misbehaviour: Option<Misbehaviour>,
}

impl Course {
    pub(super) fn new(misbehaviour: Misbehaviour) -> Self {
        match misbehaviour {
            Misbehaviour::Unexecuted(inner) => Self { unexecuted: true, ..Self::new(*inner) },
            // A request that is throttled was not accepted (docs/protocol/errors.md §10.2).
            Misbehaviour::Unavailable { status: 429, .. } => {
                Self { unexecuted: true, misbehaviour: Some(misbehaviour) }
            }
            other => Self { unexecuted: false, misbehaviour: Some(other) },
        }
    }

    /// Whether a request that is right is carried out.
    pub(super) fn executes(&self) -> bool {
        !self.unexecuted
    }

    /// How the connection ends before the request's body is read.
    pub(super) fn end_before_reading(&self) -> Option<io::Error> {
        match self.misbehaviour {
            Some(Misbehaviour::CloseBeforeReading) => Some(closed()),
            Some(Misbehaviour::ResetBeforeReading) => Some(reset()),
            _ => None,
        }
    }

    /// How the connection ends in place of an answer.
    pub(super) fn end_after_reading(&self) -> Option<io::Error> {
        match self.misbehaviour {
            Some(Misbehaviour::CloseAfterReading) => Some(closed()),
            Some(Misbehaviour::ResetAfterReading) => Some(reset()),
            _ => None,
        }
    }

    /// How long the answer is held back.
    pub(super) fn delay(&self) -> Duration {
        match self.misbehaviour {
            Some(Misbehaviour::Delay(delay)) => delay,
            _ => Duration::ZERO,
        }
    }

    /// The answer that is sent in place of the right one.
    pub(super) fn content(&self, right: Content) -> Result<Content, CryptoError> {
        Ok(match &self.misbehaviour {
            Some(Misbehaviour::Html { status, signed }) => replacement::html(*status, *signed),
            Some(Misbehaviour::Garbage { length }) => replacement::garbage(right.status, *length)?,
            Some(Misbehaviour::InvalidUtf8) => replacement::invalid_utf8(right.status),
            Some(Misbehaviour::Redirect { location }) => replacement::redirect(location),
            Some(Misbehaviour::Unavailable { status, retry_after }) => {
                replacement::unavailable(*status, *retry_after)
            }
            _ => right,
        })
    }

    /// What is wrong with the signature.
    pub(super) fn fault(&self) -> Option<&SignatureFault> {
        match &self.misbehaviour {
            Some(Misbehaviour::Signature(fault)) => Some(fault),
            _ => None,
        }
    }

    /// How the body goes out.
    pub(super) fn body(&self, body: Body) -> Outgoing {
        let outgoing = match body {
            Body::Whole(body) => Outgoing::whole(body),
            Body::Pieces(pieces) => Outgoing::made_on_the_way(pieces),
        };
        match self.misbehaviour {
            Some(Misbehaviour::TruncatedBody) => outgoing.truncated(),
            Some(Misbehaviour::Drip { piece, pause }) => outgoing.dripping(piece, pause),
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

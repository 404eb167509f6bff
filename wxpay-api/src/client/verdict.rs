//! What an answer means: accepted and verified, refused, or unknown (PROTOCOL §2.6).

use std::time::SystemTime;

use http::StatusCode;

use super::core::Core;
use super::error::Failure;
use super::reply::Exchange;
use super::request::Request;
use super::route::Trust;
use super::{ApiError, ErrorKind, Outcome, Received, Sent};
use crate::protocol::digest::sha1_hex;
use crate::protocol::{SignedHeaders, StatementDigest};

impl Core {
    /// Decides what an answer means (PROTOCOL §2.6).
    pub(super) fn judge(
        &self,
        request: &Request,
        sent: Sent,
        received: Received,
    ) -> Result<Exchange, Failure> {
        if !received.status.is_success() {
            return Err(refusal(&sent, received));
        }
        match self.verify(request.route.trust, &received) {
            Ok(_) if is_pending(request, &received) => {
                Err(Failure::unknown(ErrorKind::Pending).received(received))
            }
            Ok(verified_message) => Ok(Exchange {
                route: request.route.clone(),
                sent,
                received,
                verified_message,
                merchant: self.merchant().clone(),
            }),
            Err(kind) => Err(Failure::unknown(kind).received(received)),
        }
    }

    /// Decides what the head of a raw file means, and gives the digest that its signature covers.
    pub(super) fn judge_head(
        &self,
        request: &Request,
        head: &Received,
    ) -> Result<Option<StatementDigest>, Failure> {
        let digest = match request.route.trust {
            Trust::SignedDigest => self.verify_digest(head).map(|(digest, _)| Some(digest)),
            _ => Ok(None),
        };
        match digest {
            Ok(_) if is_pending(request, head) => Err(ErrorKind::Pending),
            digest => digest,
        }
        .map_err(|kind| Failure::unknown(kind).received(head.clone()))
    }

    /// Returns the message whose signature was verified; empty where none was.
    fn verify(&self, trust: Trust, received: &Received) -> Result<Vec<u8>, ErrorKind> {
        match trust {
            Trust::Raw | Trust::Enclosed => Ok(Vec::new()),
            Trust::Signature => self.verify_body(received, &received.body),
            Trust::SignedDigest => {
                let (digest, message) = self.verify_digest(received)?;
                check_digest(&digest, &received.body)?;
                Ok(message)
            }
        }
    }

    /// Verifies the digest that stands for a file in its signature (PROTOCOL §2.8).
    fn verify_digest(&self, received: &Received) -> Result<(StatementDigest, Vec<u8>), ErrorKind> {
        let digest = StatementDigest::read(&received.headers)?;
        let message = self.verify_body(received, digest.signed_body().as_bytes())?;
        Ok((digest, message))
    }

    fn verify_body(&self, received: &Received, body: &[u8]) -> Result<Vec<u8>, ErrorKind> {
        let headers = SignedHeaders::read(self.merchant().scheme(), &received.headers)?;
        headers.verify(self.keys(), body, SystemTime::now())?;
        Ok(headers.message(body))
    }
}

/// Whether the answer only says that the request is still being processed.
fn is_pending(request: &Request, received: &Received) -> bool {
    received.status == StatusCode::ACCEPTED && !request.route.may_be_pending
}

fn check_digest(digest: &StatementDigest, file: &[u8]) -> Result<(), ErrorKind> {
    if digest.matches(file) {
        return Ok(());
    }
    Err(ErrorKind::Digest {
        algorithm: "SHA-1",
        announced: digest.as_str().to_owned(),
        found: sha1_hex(file),
    })
}

/// An answer that is not 2xx. A gateway that gave up waiting says nothing about the operation, and neither does a
/// page without WeChat Pay's error code, whatever its status: nobody knows how far the request came (PROTOCOL §2.6).
pub(super) fn refusal(sent: &Sent, received: Received) -> Failure {
    let status = received.status;
    if status.is_redirection() {
        let kind = ErrorKind::Redirect { status: status.as_u16() };
        return Failure::unknown(kind).received(received);
    }
    let error = ApiError::read(&received).compared_with(&sent.signed_message);
    let refused =
        status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT && error.is_wechatpays();
    let outcome = if refused { Outcome::Refused } else { Outcome::Unknown };
    let kind = ErrorKind::Api(Box::new(error));
    Failure { kind, outcome, received: Some(Box::new(received)) }
}

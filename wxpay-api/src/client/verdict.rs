//! What a response means: accepted and verified, refused, or unknown (docs/protocol/verification.md §2.6).

use std::time::SystemTime;

use http::StatusCode;

use super::conclusion::{Conclusion, Origin, Response};
use super::core::Core;
use super::error::Failure;
use super::reply::Exchange;
use super::request::Request;
use super::route::Trust;
use super::{ApiError, ErrorKind, RawResponse, Sent};
use crate::protocol::digest::sha1_hex;
use crate::protocol::verification::SIGNATURE;
use crate::protocol::{SignedHeaders, StatementDigest};

impl Core {
    /// Decides what a response means.
    pub(super) fn judge(
        &self,
        request: &Request,
        sent: Sent,
        received: RawResponse,
    ) -> Result<Exchange, Failure> {
        if !received.status.is_success() {
            return Err(self.error(request, &sent, received));
        }
        match self.verify(request.route.trust, &received) {
            Ok(verified_message) => {
                let route = request.route.clone();
                let (trace_bodies, merchant) = (request.trace_bodies, self.merchant().clone());
                Exchange { route, sent, received, verified_message, trace_bodies, merchant }
                    .checked()
            }
            Err(kind) => Err(Failure::unknown(kind).received(received)),
        }
    }

    /// Decides what the head of a raw file means, and gives the digest that its signature covers.
    pub(super) fn judge_head(
        &self,
        request: &Request,
        head: &RawResponse,
    ) -> Result<Option<StatementDigest>, Failure> {
        let digest = match request.route.trust {
            Trust::SignedDigest => self.verify_digest(head).map(|(digest, _)| Some(digest)),
            _ => Ok(None),
        };
        match digest {
            // A file that is still being made has no content.
            Ok(_) if head.status == StatusCode::ACCEPTED => Err(ErrorKind::Pending),
            digest => digest,
        }
        .map_err(|kind| Failure::unknown(kind).received(head.clone()))
    }

    /// What a response that is not 2xx means. Many are signed; what a gateway writes in WeChat Pay's
    /// place is not, and says nothing of what became of the request.
    pub(super) fn error(&self, request: &Request, sent: &Sent, received: RawResponse) -> Failure {
        let status = received.status;
        if status.is_redirection() {
            let kind = ErrorKind::Redirect { status: status.as_u16() };
            return Failure::unknown(kind).received(received);
        }
        let error = ApiError::read(&received).compared_with(&sent.signed_message);
        let origin = match self.verify_body(&received, &received.body) {
            Ok(_) => Origin::Signed,
            Err(_) if received.headers.contains_key(SIGNATURE) => Origin::Forged,
            Err(_) => Origin::Unsigned {
                has_request_id: received.request_id().is_some_and(|id| !id.trim().is_empty()),
                must_be_signed: request.signed_refusals,
            },
        };
        let conclusion = Conclusion::on(Response {
            status: status.as_u16(),
            code: &error.code,
            origin,
            idempotency: request.route.idempotency,
            errors: request.route.errors,
        });
        Failure::api(error, conclusion).received(received)
    }

    /// Returns the message whose signature was verified; empty where none was.
    fn verify(&self, trust: Trust, received: &RawResponse) -> Result<Vec<u8>, ErrorKind> {
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

    /// Verifies the digest that stands for a file in its signature (docs/protocol/verification.md §2.8).
    fn verify_digest(
        &self,
        received: &RawResponse,
    ) -> Result<(StatementDigest, Vec<u8>), ErrorKind> {
        let digest = StatementDigest::read(&received.headers)?;
        let message = self.verify_body(received, digest.signed_body().as_bytes())?;
        Ok((digest, message))
    }

    fn verify_body(&self, received: &RawResponse, body: &[u8]) -> Result<Vec<u8>, ErrorKind> {
        let headers = SignedHeaders::read(self.merchant().scheme(), &received.headers)?;
        headers.verify(self.keys(), body, SystemTime::now())?;
        Ok(headers.message(body))
    }
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

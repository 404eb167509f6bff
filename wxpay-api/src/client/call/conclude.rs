//! Decides what a response means: accepted and verified, refused, or unknown (docs/protocol/verification.md §2.6).

use std::time::SystemTime;

use http::StatusCode;
use memchr::memmem;

use crate::client::call::error_table::{Conclusion, ErrorFacts, Origin, is_documented};
use crate::client::call::reply::CheckedResponse;
use crate::client::call::request::EncodedRequest;
use crate::client::error::failure::AttemptFailure;
use crate::client::operation::facts::{Expected, OperationFacts, Trust};
use crate::client::{ApiError, ErrorKind, RawResponse, Sent};
use crate::protocol::digest::sha1_hex;
use crate::protocol::lossy_json::{Document, JsonKind, JsonRef};
use crate::protocol::{
    Merchant, SIGNATURE, SignedHeaders, StatementDigest, WechatPayKeys, lossy_json,
};
use crate::wire::TopMembers;

/// Verifies responses with the keys of one moment.
pub(crate) struct Verifier<'a> {
    pub(crate) merchant: &'a Merchant,
    pub(crate) keys: &'a WechatPayKeys,
}

impl Verifier<'_> {
    /// Decides what a response means.
    pub(crate) fn judge(
        &self,
        request: &EncodedRequest,
        sent: Sent,
        received: RawResponse,
    ) -> Result<CheckedResponse, AttemptFailure> {
        if !received.status.is_success() {
            return Err(self.error(request, &sent, received));
        }
        match self.verify(request.facts.trust, &received) {
            Ok(verified_message) => {
                let facts = request.facts.clone();
                let (trace_bodies, merchant) = (request.trace_bodies, self.merchant.clone());
                check(CheckedResponse {
                    facts,
                    sent,
                    received,
                    verified_message,
                    trace_bodies,
                    merchant,
                })
            }
            Err(kind) => Err(AttemptFailure::unknown(kind).received(received)),
        }
    }

    /// Decides what the head of a raw file means, and returns the digest that its signature covers.
    pub(crate) fn judge_head(
        &self,
        request: &EncodedRequest,
        head: &RawResponse,
    ) -> Result<Option<StatementDigest>, AttemptFailure> {
        let digest = match request.facts.trust {
            Trust::SignedDigest => self.verify_digest(head).map(|(digest, _)| Some(digest)),
            _ => Ok(None),
        };
        match digest {
            // A file that is still being made has no content.
            Ok(_) if head.status == StatusCode::ACCEPTED => Err(ErrorKind::Pending),
            digest => digest,
        }
        .map_err(|kind| AttemptFailure::unknown(kind).received(head.clone()))
    }

    /// Decides what a response outside of 2xx means. Many are signed. A gateway's own page is not,
    /// and does not say whether the request was executed.
    pub(crate) fn error(
        &self,
        request: &EncodedRequest,
        sent: &Sent,
        received: RawResponse,
    ) -> AttemptFailure {
        let status = received.status;
        if status.is_redirection() {
            let kind = ErrorKind::Redirect { status: status.as_u16() };
            return AttemptFailure::unknown(kind).received(received);
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
        let conclusion = Conclusion::on(ErrorFacts {
            status: status.as_u16(),
            code: &error.code,
            origin,
            idempotency: request.facts.idempotency,
            errors: request.facts.errors,
        });
        failure(error, conclusion).received(received)
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
        let headers = SignedHeaders::read(self.merchant.scheme(), &received.headers)?;
        Ok(headers.verified_message(self.keys, body, SystemTime::now())?)
    }
}

/// Finds an error or an unfinished result in a verified 2xx response.
fn check(response: CheckedResponse) -> Result<CheckedResponse, AttemptFailure> {
    let CheckedResponse { facts, received, .. } = &response;
    let Some(expected) = facts.expected else {
        return Ok(response);
    };
    let failure = find_error(facts, received, expected.members).or_else(|| {
        let is_pending = is_pending(facts, received, expected);
        is_pending.then(|| AttemptFailure::unknown(ErrorKind::Pending))
    });
    match failure {
        Some(failure) => Err(failure.received(response.received)),
        None => Ok(response),
    }
}

/// Whether the response is a 202 without a result: WeChat Pay is still working on it.
fn is_pending(facts: &OperationFacts, received: &RawResponse, expected: Expected) -> bool {
    // Any other body is parsed only once, to be read.
    received.status == StatusCode::ACCEPTED
        && match expected.has_body {
            true => !lossy_json::is_readable(&received.body),
            false => !facts.may_be_accepted_only,
        }
}

fn failure(error: ApiError, conclusion: Conclusion) -> AttemptFailure {
    let error = error.advised(conclusion.advice);
    AttemptFailure::api(error, conclusion.outcome, conclusion.may_pass)
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

/// The members of an error body.
const MEMBERS: [&str; 3] = ["code", "message", "detail"];

/// Finds an error in a verified 2xx response: it has `code` and `message`, and no member of the
/// expected type.
fn find_error(
    facts: &OperationFacts,
    received: &RawResponse,
    members: impl FnOnce(&[u8]) -> TopMembers,
) -> Option<AttemptFailure> {
    if facts.trust != Trust::Signature || !mentions_code(&received.body) {
        return None;
    }
    let mut repaired = String::new();
    let body = lossy_json::read(&received.body, &mut repaired).ok()?;
    let error = ApiError::read(received);
    if error.code.is_empty() || body.root().member("message").and_then(JsonRef::text).is_none() {
        return None;
    }
    let members = members(&received.body);
    // A response type may have a member `code`. Then only a documented error code counts as an
    // error.
    if members.own || (members.code && !is_documented(&error.code)) {
        return None;
    }
    let conclusion = Conclusion::on(ErrorFacts {
        status: error.status,
        code: &error.code,
        origin: Origin::Signed,
        idempotency: facts.idempotency,
        errors: facts.errors,
    });
    Some(failure(error, conclusion))
}

/// Finds the members of a body without a type. Any member that no error has belongs to a result.
pub(crate) fn members_without_a_type(body: &[u8]) -> TopMembers {
    let mut repaired = String::new();
    let body = lossy_json::read(body, &mut repaired).unwrap_or_else(|_| Document::null());
    let (body, is_own) = (body.root(), |(name, _)| !MEMBERS.contains(&name));
    let own = !matches!(body.kind(), JsonKind::Object) || body.members().any(is_own);
    TopMembers { own, code: true }
}

/// A cheap check, so that most bodies are parsed only once.
fn mentions_code(body: &[u8]) -> bool {
    memmem::find(body, b"\"code\"").is_some()
}

//! Finishes a response: applies the fault, signs the content and sends the body.

pub(super) mod body;
pub(super) mod fault_plan;
pub(super) mod signature;

use bytes::Bytes;
use http::{HeaderName, Response};

use super::decide::content::{ResponseBody, ResponseContent, ResponseProof};
use super::keys::AccountState;
use crate::protocol::{CryptoError, Nonce};
use body::OutgoingBody;
use fault_plan::FaultPlan;

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// Makes the HTTP response for an account. `key_id` is the key that the request named.
///
/// Fails only if the system has no randomness.
pub(super) fn finish(
    content: ResponseContent,
    account: &AccountState,
    key_id: Option<&str>,
    plan: &FaultPlan,
) -> Result<Response<OutgoingBody>, CryptoError> {
    let content = plan.content(content)?;
    let signature = match signed_text(&content) {
        Some(text) => {
            let signer = account.keys().keyring.signer(key_id);
            Some(signature::sign(account, signer, &text, plan.signature_fault())?)
        }
        None => None,
    };
    let mut response = Response::new(plan.body(content.body));
    *response.status_mut() = content.status;
    *response.headers_mut() = content.headers;
    response.headers_mut().extend(signature.unwrap_or_default());
    if let Ok(id) = Nonce::random()?.as_str().parse() {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    Ok(response)
}

/// Returns the text that the signature covers; `None` for an unsigned response.
fn signed_text(content: &ResponseContent) -> Option<Bytes> {
    match (&content.proof, &content.body) {
        (ResponseProof::Signature, ResponseBody::Whole(body)) => Some(body.clone()),
        (ResponseProof::SignatureOver(text), _) => Some(text.clone().into()),
        (ResponseProof::Signature | ResponseProof::None, _) => None,
    }
}

//! An answer as it goes out: signed, and spoiled if a test wants it so.

use bytes::Bytes;
use http::{HeaderName, Response};

use super::content::{Body, Content, Proof};
use super::course::Course;
use super::exchange::Exchange;
use super::outgoing::Outgoing;
use super::signature;
use crate::protocol::{CryptoError, Nonce};

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// The answer to send. A failing source of randomness is the only thing that can go wrong.
pub(super) fn response(
    exchange: Exchange,
    course: &Course,
) -> Result<Response<Outgoing>, CryptoError> {
    let Exchange { content, account, serial } = exchange;
    let content = course.content(content)?;
    let signature = match signed_text(&content) {
        Some(text) => {
            let signer = account.customer.keys().keyring.signer(serial.as_deref());
            Some(signature::sign(&account.customer, signer, &text, course.fault())?)
        }
        None => None,
    };
    let mut response = Response::new(course.body(content.body));
    *response.status_mut() = content.status;
    *response.headers_mut() = content.headers;
    response.headers_mut().extend(signature.unwrap_or_default());
    if let Ok(id) = Nonce::random()?.as_str().parse() {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    Ok(response)
}

/// What the signature covers; nothing when there is none.
fn signed_text(content: &Content) -> Option<Bytes> {
    match (&content.proof, &content.body) {
        (Proof::Signature, Body::Whole(body)) => Some(body.clone()),
        (Proof::SignatureOver(text), _) => Some(text.clone().into()),
        (Proof::Signature | Proof::None, _) => None,
    }
}

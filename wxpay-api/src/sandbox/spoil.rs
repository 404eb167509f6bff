//! An answer as it goes out: signed, and spoiled if a test wants it so.

use aws_lc_rs::rand;
use bytes::Bytes;
use http::{HeaderName, Response, StatusCode, header};

use super::content::{Content, Proof};
use super::exchange::Exchange;
use super::misbehaviour::Misbehaviour;
use super::outgoing::Outgoing;
use super::refusal::Refusal;
use super::signature;
use super::state::Shared;
use crate::protocol::{CryptoError, Nonce};

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const HTML: &str = "<html><head><title>502 Bad Gateway</title></head>\
    <body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>";

/// The answer to send. A failing source of randomness is the only thing that can go wrong.
pub(super) fn outgoing(
    shared: &Shared,
    exchange: Exchange,
    misbehaviour: Option<&Misbehaviour>,
) -> Result<Response<Outgoing>, CryptoError> {
    let Exchange { content, signer } = exchange;
    let content = match misbehaviour {
        Some(misbehaviour) => replace(content, misbehaviour)?,
        None => content,
    };
    let fault = match misbehaviour {
        Some(Misbehaviour::Signature(fault)) => Some(fault),
        _ => None,
    };
    let signature = match signed_text(&content) {
        Some(text) => Some(signature::sign(&shared.state().keyring, signer, &text, fault)?),
        None => None,
    };
    let body = match misbehaviour {
        Some(Misbehaviour::TruncatedBody) => Outgoing::truncated(content.body),
        _ => Outgoing::whole(content.body),
    };
    let mut response = Response::new(body);
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
    match &content.proof {
        Proof::Signature => Some(content.body.clone()),
        Proof::SignatureOver(text) => Some(text.clone().into()),
        Proof::None => None,
    }
}

fn replace(content: Content, misbehaviour: &Misbehaviour) -> Result<Content, CryptoError> {
    Ok(match misbehaviour {
        Misbehaviour::Html { status, signed } => html(*status, *signed),
        Misbehaviour::Garbage { length } => Content::json(content.status, garbage(*length)?),
        Misbehaviour::InvalidUtf8 => Content::json(content.status, &b"{\"code\":\"\xff\"}"[..]),
        Misbehaviour::Redirect { location } => Content::json(StatusCode::FOUND, Bytes::new())
            .proof(Proof::None)
            .header(header::LOCATION, location),
        Misbehaviour::Unavailable { status, retry_after } => unavailable(*status, *retry_after),
        _ => content,
    })
}

fn html(status: u16, signed: bool) -> Content {
    let proof = if signed { Proof::Signature } else { Proof::None };
    let content = Content::file("text/html", Bytes::from_static(HTML.as_bytes())).proof(proof);
    Content { status: self::status(status), ..content }
}

fn unavailable(status: u16, retry_after: Option<u64>) -> Content {
    let code = if status == 429 { "RATELIMIT_EXCEEDED" } else { "SYSTEM_ERROR" };
    let refusal = Refusal::new(self::status(status), code, "busy, as the test wants it");
    let content = Content::refusal(&refusal);
    match retry_after {
        Some(seconds) => content.header(header::RETRY_AFTER, &seconds.to_string()),
        None => content,
    }
}

fn status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn garbage(length: usize) -> Result<Bytes, CryptoError> {
    let mut bytes = vec![0; length];
    rand::fill(&mut bytes).map_err(|_| CryptoError::Random)?;
    Ok(bytes.into())
}

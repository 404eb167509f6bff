//! Answers that come in place of the right one.

use aws_lc_rs::rand;
use bytes::Bytes;
use http::{StatusCode, header};

use super::content::{Content, Proof};
use super::refusal::Refusal;
use crate::protocol::CryptoError;

const HTML: &str = "<html><head><title>502 Bad Gateway</title></head>\
    <body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>";

pub(super) fn html(status: u16, signed: bool) -> Content {
    let proof = if signed { Proof::Signature } else { Proof::None };
    let content = Content::file("text/html", Bytes::from_static(HTML.as_bytes())).proof(proof);
    Content { status: self::status(status), ..content }
}

pub(super) fn garbage(status: StatusCode, length: usize) -> Result<Content, CryptoError> {
    let mut bytes = vec![0; length];
    rand::fill(&mut bytes).map_err(|_| CryptoError::Random)?;
    Ok(Content::json(status, bytes))
}

pub(super) fn invalid_utf8(status: StatusCode) -> Content {
    Content::json(status, &b"{\"code\":\"\xff\"}"[..])
}

pub(super) fn redirect(location: &str) -> Content {
    let content = Content::json(StatusCode::FOUND, Bytes::new()).proof(Proof::None);
    content.header(header::LOCATION, location)
}

pub(super) fn unavailable(status: u16, retry_after: Option<u64>) -> Content {
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

//! What an answer holds, before it is signed.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::bill::Pieces;
use super::refusal::Refusal;

pub(super) struct Content {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
    pub(super) proof: Proof,
}

pub(super) enum Body {
    Whole(Bytes),
    /// A file that is made while it is sent, and never signed.
    Pieces(Pieces),
}

/// What proves an answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Proof {
    /// A signature over the body.
    Signature,
    /// A signature over this text, which holds the digest of the body (docs/protocol/verification.md §2.8).
    SignatureOver(String),
    /// Nothing.
    None,
}

impl Content {
    pub(super) fn json(status: StatusCode, body: impl Into<Bytes>) -> Self {
        let (headers, body) = (HeaderMap::new(), Body::Whole(body.into()));
        let content = Self { status, headers, body, proof: Proof::Signature };
        content.header(header::CONTENT_TYPE, "application/json; charset=utf-8")
    }

    pub(super) fn file(media_type: &str, body: impl Into<Body>) -> Self {
        let (status, headers) = (StatusCode::OK, HeaderMap::new());
        let content = Self { status, headers, body: body.into(), proof: Proof::None };
        content.header(header::CONTENT_TYPE, media_type)
    }

    pub(super) fn refusal(refusal: &Refusal) -> Self {
        Self::json(refusal.status, refusal.body())
    }

    /// Sets a header; a value that no header can have is left out.
    pub(super) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    pub(super) fn proof(self, proof: Proof) -> Self {
        Self { proof, ..self }
    }
}

impl From<Bytes> for Body {
    fn from(body: Bytes) -> Self {
        Self::Whole(body)
    }
}

impl From<Pieces> for Body {
    fn from(pieces: Pieces) -> Self {
        Self::Pieces(pieces)
    }
}

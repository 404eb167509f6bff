//! The content of a response before it is signed: status, headers, body; encrypted secrets; times.

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;
use x509_cert::der::DateTime;

use crate::protocol::{EncryptError, PublicKey};
use crate::sandbox::bills::pieces::Pieces;
use crate::sandbox::book::{Book, Schema};
use crate::sandbox::refusal::Refusal;

/// A response that is not signed yet.
pub(in crate::sandbox) struct ResponseContent {
    pub(in crate::sandbox) status: StatusCode,
    pub(in crate::sandbox) headers: HeaderMap,
    pub(in crate::sandbox) body: ResponseBody,
    pub(in crate::sandbox) proof: ResponseProof,
}

pub(in crate::sandbox) enum ResponseBody {
    Whole(Bytes),
    /// A file that is produced while it is sent. It is never signed.
    Pieces(Pieces),
}

/// How a response proves its origin.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::sandbox) enum ResponseProof {
    /// A signature covers the body.
    Signature,
    /// A signature covers this text, which has the digest of the body
    /// (docs/protocol/verification.md §2.8).
    SignatureOver(String),
    /// Nothing proves it.
    None,
}

impl ResponseContent {
    /// Creates a signed JSON response.
    pub(in crate::sandbox) fn json(status: StatusCode, body: impl Into<Bytes>) -> Self {
        let (headers, body) = (HeaderMap::new(), ResponseBody::Whole(body.into()));
        let content = Self { status, headers, body, proof: ResponseProof::Signature };
        content.header(header::CONTENT_TYPE, "application/json; charset=utf-8")
    }

    /// Creates an unsigned file.
    pub(in crate::sandbox) fn file(media_type: &str, body: impl Into<ResponseBody>) -> Self {
        let (status, headers) = (StatusCode::OK, HeaderMap::new());
        let content = Self { status, headers, body: body.into(), proof: ResponseProof::None };
        content.header(header::CONTENT_TYPE, media_type)
    }

    /// Creates the signed error response of a refusal.
    pub(in crate::sandbox) fn refusal(refusal: &Refusal) -> Self {
        Self::json(refusal.status, refusal.body())
    }

    /// Sets a header. Omits it if HTTP does not allow the value.
    pub(in crate::sandbox) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    pub(in crate::sandbox) fn proof(self, proof: ResponseProof) -> Self {
        Self { proof, ..self }
    }
}

impl From<Bytes> for ResponseBody {
    fn from(body: Bytes) -> Self {
        Self::Whole(body)
    }
}

impl From<Pieces> for ResponseBody {
    fn from(pieces: Pieces) -> Self {
        Self::Pieces(pieces)
    }
}

/// Encrypts every secret in a value of `schema` for the merchant (docs/protocol/encryption.md §5).
pub(in crate::sandbox) fn encrypt_secrets(
    book: &Book,
    schema: &Schema,
    key: &PublicKey,
    value: &mut Value,
) -> Result<(), EncryptError> {
    match (book.resolve(schema), value) {
        (Schema::Secret { .. }, Value::String(text)) => *text = key.encrypt(text.as_bytes())?,
        (Schema::Object { members }, Value::Object(object)) => {
            for member in members {
                if let Some(value) = object.get_mut(&member.name) {
                    encrypt_secrets(book, &member.schema, key, value)?;
                }
            }
        }
        (Schema::List { items }, Value::Array(list)) => {
            for item in list {
                encrypt_secrets(book, items, key, item)?;
            }
        }
        (Schema::JsonText { content }, Value::String(text)) => {
            if let Ok(mut inside) = serde_json::from_str::<Value>(text) {
                encrypt_secrets(book, content, key, &mut inside)?;
                *text = inside.to_string();
            }
        }
        _ => {}
    }
    Ok(())
}

/// Writes a time as RFC 3339 in UTC; empty for times that X.509 cannot express.
pub(in crate::sandbox) fn rfc3339(time: SystemTime) -> String {
    DateTime::from_system_time(time).map(|time| time.to_string()).unwrap_or_default()
}

//! Requests at a notification URL that are not notifications as WeChat Pay sends them.
//!
//! Some frameworks consume or change bodies, and other requests come to the same URL. The result
//! only selects the text of an error. It never makes a request trusted.

use std::fmt;

use http::{HeaderMap, header};
use serde_json::Value;

use crate::protocol::VerificationError;
use crate::protocol::verify::{NONCE, SERIAL, SIGNATURE, TIMESTAMP};

/// Members that show that JSON is a decrypted resource.
const OF_A_RESOURCE: [&str; 8] = [
    "mchid",
    "sp_mchid",
    "combine_mchid",
    "out_trade_no",
    "transaction_id",
    "out_refund_no",
    "out_order_no",
    "out_bill_no",
];

/// The kinds of untrusted requests, by their look.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Misdelivery {
    /// The request has WeChat Pay's headers, but no body.
    EmptyBody,
    /// The request has none of WeChat Pay's headers.
    NoHeaders {
        /// Whether the body is empty, too.
        is_empty: bool,
    },
    /// The body is XML: a notification of APIv2.
    ApiV2,
    /// The body is a form, or JSON that was encoded as a form.
    Form,
    /// The body is a decrypted resource without its envelope.
    Decrypted,
    /// The body is JSON with spaces and line breaks, which WeChat Pay does not write.
    Reserialized,
}

impl Misdelivery {
    /// Classifies a request that failed verification. `None` for an ordinary notification.
    pub(crate) fn find(
        headers: &HeaderMap,
        body: &[u8],
        error: &VerificationError,
    ) -> Option<Self> {
        let body = body.trim_ascii();
        let has_headers =
            [TIMESTAMP, NONCE, SIGNATURE, SERIAL].iter().any(|name| headers.contains_key(*name));
        let json: Option<Value> = serde_json::from_slice(body).ok();
        if body.is_empty() && has_headers {
            return Some(Self::EmptyBody);
        }
        if is_xml(body) {
            return Some(Self::ApiV2);
        }
        match json {
            Some(json) if is_resource(&json) => return Some(Self::Decrypted),
            None if !body.is_empty() && is_form(headers, body) => return Some(Self::Form),
            _ => {}
        }
        if !has_headers {
            return Some(Self::NoHeaders { is_empty: body.is_empty() });
        }
        let is_wrong = matches!(error, VerificationError::Signature { .. });
        (is_wrong && has_layout(body)).then_some(Self::Reserialized)
    }
}

impl fmt::Display for Misdelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptyBody => {
                "the body is empty: something read it before; hand over the raw body, read before any middleware or \
                 extractor that parses it"
            }
            Self::NoHeaders { is_empty: true } => {
                "the request has no Wechatpay- headers and the body is empty: it is no notification, but perhaps a \
                 browser's or a health check's"
            }
            Self::NoHeaders { is_empty: false } => {
                "the request has no Wechatpay- headers: either it is not WeChat Pay's, or a proxy strips them; hand over \
                 all headers as they came"
            }
            Self::ApiV2 => {
                "this is an APIv2 notification (XML), which has another signature: the order was made, or its notify_url \
                 set, with APIv2; handle it at another URL"
            }
            Self::Form => {
                "the body is a form, and a notification is JSON: either it is not WeChat Pay's, or a framework re-encoded \
                 it; hand over the raw body"
            }
            Self::Decrypted => {
                "the body is a decrypted resource without its envelope; pass the raw body of the HTTP request"
            }
            Self::Reserialized => {
                "the body does not match its signature, and looks as if it was parsed and written again as JSON; hand over \
                 the raw body, byte for byte"
            }
        })
    }
}

fn is_xml(body: &[u8]) -> bool {
    let head = body.get(..body.len().min(5)).unwrap_or_default().to_ascii_lowercase();
    head.starts_with(b"<xml") || head.starts_with(b"<?xml")
}

/// Whether JSON has members of a resource, but no envelope.
fn is_resource(json: &Value) -> bool {
    json.get("resource").is_none() && OF_A_RESOURCE.iter().any(|name| json.get(name).is_some())
}

/// Whether the content type or the body itself says that it is a form.
fn is_form(headers: &HeaderMap, body: &[u8]) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_pair = |pair: &[u8]| pair.contains(&b'=') && !pair.contains(&b' ');
    media_type.unwrap_or_default().contains("form")
        || body.starts_with(b"%7B")
        || body.split(|byte| *byte == b'&').all(is_pair)
}

/// Whether JSON has line breaks, or spaces after colons.
fn has_layout(body: &[u8]) -> bool {
    let is_space = |bytes: &[u8]| matches!(bytes, [before, b'"', b':', b' '] if *before != b'\\');
    body.contains(&b'\n') || body.windows(4).any(is_space)
}

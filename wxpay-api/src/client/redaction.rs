//! Requests and responses without their secrets, for traces and for the journal of the sandbox.
//!
//! Bodies of a known type appear as JSON. Secrets, tokens, links, `package`, `prepay_id`, payment
//! codes and everything that looks like a ciphertext are replaced. Of any other body, the length and the media type
//! appear.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, header};
use percent_encoding::percent_decode_str;

use crate::protocol::excerpt::excerpt;
use crate::protocol::lossy_json;
use crate::wire::Json;

/// The text that replaces a sensitive value.
pub(crate) const REDACTED: &str = "[redacted]";

/// The shortest ciphertext in Base64: SM2 needs 96 bytes for an empty text, RSA 256 for any.
const CIPHERTEXT: usize = 96;

/// Parts of the names of members whose values are replaced, in lower case.
const NAMES: &[&str] = &[
    "token",
    "url",
    "link",
    "package",
    "prepay",
    "sign",
    "secret",
    "password",
    "ticket",
    "auth_code",
    "encrypt",
    "cipher",
    "key",
    "credential",
    "session",
    "qr_code",
    "code_img",
    "cookie",
    "authinfo",
    "raw_data",
];

/// Headers whose value is shown. Of other headers, only the length is shown.
const HEADERS: [HeaderName; 8] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::DATE,
    header::USER_AGENT,
    header::RETRY_AFTER,
    HeaderName::from_static("request-id"),
];

/// A JSON body, or the JSON part of an upload that has `whole` bytes.
pub(crate) fn known(json: &[u8], secrets: &[String], whole: usize) -> String {
    let mut repaired = String::new();
    let mut body = match lossy_json::read(json, &mut repaired) {
        Ok(document) => document.root().to_json(),
        Err(_) => return length(whole, Some("not JSON")),
    };
    // Every documented body is an object, so the content of this one is unknown.
    if !body.is_object() {
        return length(whole, Some("JSON, but not an object"));
    }
    redact(&mut body, "", secrets, false);
    match whole == json.len() {
        true => body.to_string(),
        false => format!("{body} and {} bytes around a file", whole.saturating_sub(json.len())),
    }
}

pub(crate) fn length(bytes: usize, media_type: Option<&str>) -> String {
    match (bytes, media_type) {
        (0, None) => "none".to_owned(),
        (bytes, None) => format!("{bytes} bytes"),
        (bytes, Some(media_type)) => format!("{bytes} bytes, {}", excerpt(media_type)),
    }
}

/// `is_sensitive`: an object or a list around the value has a sensitive name.
fn redact(json: &mut Json, path: &str, secrets: &[String], is_sensitive: bool) {
    let is_secret = secrets.iter().any(|secret| secret == path);
    if (is_secret && !json.is_null()) || (is_sensitive && !is_container(json)) {
        *json = Json::from(REDACTED);
        return;
    }
    match json {
        Json::Object(members) => {
            for (name, member) in members {
                let dot = if path.is_empty() { "" } else { "." };
                let is_sensitive = is_sensitive || is_sensitive_name(name);
                redact(member, &format!("{path}{dot}{name}"), secrets, is_sensitive);
            }
        }
        Json::Array(elements) => {
            for (index, element) in elements.iter_mut().enumerate() {
                redact(element, &format!("{path}[{index}]"), secrets, is_sensitive);
            }
        }
        Json::String(text) => redact_text(text, path, secrets),
        _ => {}
    }
}

/// A text may be JSON itself, whose members are looked at, too.
fn redact_text(text: &mut String, path: &str, secrets: &[String]) {
    if is_sensitive_value(text) {
        REDACTED.clone_into(text);
    } else if text.trim_start().starts_with(['{', '[']) {
        match serde_json::from_str::<Json>(text) {
            Ok(mut inner) => {
                redact(&mut inner, path, secrets, false);
                *text = inner.to_string();
            }
            Err(_) => REDACTED.clone_into(text),
        }
    }
}

fn is_container(json: &Json) -> bool {
    json.is_object() || json.is_array()
}

pub(crate) fn is_sensitive_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NAMES.iter().any(|part| name.contains(part))
}

/// Whether a value is a link or a ciphertext, under any name.
pub(crate) fn is_sensitive_value(text: &str) -> bool {
    let is_ciphertext = || STANDARD.decode(text).is_ok_and(|bytes| bytes.len() >= CIPHERTEXT);
    text.contains("://") || text.contains("prepay_id") || is_ciphertext()
}

/// The path with its values; of the query, values as in a body.
pub(crate) fn shown_target(target: &str) -> String {
    let Some((path, query)) = target.split_once('?') else {
        return target.to_owned();
    };
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, value)) => {
            let mut value = Json::from(percent_decode_str(value).decode_utf8_lossy());
            match is_sensitive_name(name) {
                true => format!("{name}={REDACTED}"),
                false => {
                    redact(&mut value, "", &[], false);
                    format!("{name}={}", value.as_str().unwrap_or_default())
                }
            }
        }
        None => REDACTED.to_owned(),
    };
    format!("{path}?{}", query.split('&').map(pair).collect::<Vec<_>>().join("&"))
}

/// Returns names and values, without the signature. Unknown headers have their length as the value.
pub(crate) fn shown_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let value = |name: &HeaderName, value: &http::HeaderValue| {
        let is_wechatpays = name.as_str().starts_with("wechatpay-");
        let is_shown = HEADERS.contains(name) || is_wechatpays;
        match value.to_str().ok().filter(|_| is_shown && *name != "wechatpay-signature") {
            Some(text) => excerpt(text),
            None => format!("[{} bytes]", value.len()),
        }
    };
    headers.iter().map(|(name, text)| (name.to_string(), value(name, text))).collect()
}

pub(crate) fn media_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::CONTENT_TYPE)?.to_str().ok()
}

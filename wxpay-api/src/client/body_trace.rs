//! Requests and responses as TRACE events, for development.
//!
//! Bodies with a known type appear as JSON. Secrets, tokens, links, `package`, `prepay_id`, payment
//! codes and everything that looks like a ciphertext are replaced. Of any other body, the trace has
//! its length and media type.

use http::HeaderMap;

use crate::client::RawResponse;
use crate::client::call::request::EncodedRequest;
use crate::client::redaction::{known, length, media_type, shown_headers, shown_target};

/// Shows a request that is about to be sent.
pub(crate) fn request(request: &EncodedRequest, headers: &HeaderMap, attempt: u32) {
    let bytes = request.body.len();
    let body = match request.signed_body.is_empty() || !request.facts.is_documented {
        true => length(bytes, media_type(headers)),
        false => known(&request.signed_body, &[], bytes),
    };
    tracing::trace!(
        attempt,
        http.request.method = request.facts.method,
        target = shown_target(&request.target),
        headers = ?shown_headers(headers),
        body,
        "request"
    );
}

/// Shows a response whose type is known, with the key paths of its secrets.
pub(crate) fn typed(received: &RawResponse, secrets: &[String]) {
    response(received, known(&received.body, secrets, received.body.len()));
}

/// Shows a response whose type is not known, such as a gateway's page or a file.
pub(crate) fn untyped(received: &RawResponse) {
    response(received, length(received.body.len(), media_type(&received.headers)));
}

fn response(received: &RawResponse, body: String) {
    tracing::trace!(
        http.response.status_code = received.status.as_u16(),
        headers = ?shown_headers(&received.headers),
        body,
        "response"
    );
}

//! Responses: JSON, files, nothing, and errors.

use super::super::json::Object;
use super::operation::{body, content};
use crate::model::{Download, Integrity, Response};

/// Writes the responses of an operation by their statuses, the usual one first.
pub(super) fn responses(response: &Response) -> Object {
    let mut responses = Object::new();
    for status in response.statuses() {
        responses.put(status.to_string(), success(*status, response));
    }
    let error = Object::new().with("$ref", "#/components/responses/Error");
    responses.put("default", error);
    responses
}

fn success(status: u16, response: &Response) -> Object {
    let description = if status == 202 { "处理中" } else { "成功" };
    let mut entry = Object::new().with("description", description);
    match response {
        Response::None { .. } => {}
        Response::Json { body: object, .. } => {
            entry.put("content", content("application/json", body(object)));
        }
        Response::Download(download) => {
            entry.put("x-integrity", integrity(download.integrity));
            entry.put("content", file(download));
        }
    }
    entry
}

fn integrity(integrity: Integrity) -> &'static str {
    match integrity {
        Integrity::None => "none",
        Integrity::Sha1 => "sha1",
        Integrity::SignedDigest => "signed-digest",
    }
}

fn file(download: &Download) -> Object {
    let binary = || Object::new().with("type", "string").with("format", "binary");
    let media = |media: &String| (media.clone(), Object::new().with("schema", binary()));
    download.media.iter().map(media).collect()
}

/// The response of every refusal.
pub(super) fn error() -> Object {
    let schema = Object::new().with("$ref", "#/components/schemas/Error");
    let mut entry = Object::new().with("description", "请求未被接受");
    entry.put("content", content("application/json", schema));
    entry
}

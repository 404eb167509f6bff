//! Reads what an operation sends and receives: JSON bodies, upload forms, responses and downloads.

use std::collections::HashSet;

use serde_yaml::Value;

use super::extension;
use super::kind::field_type;
use super::node::DocumentNode;
use super::parameter::one_text;
use super::schema::{self, Outside};
use crate::grammar::{MEDIA_TYPE, PART_NAME};
use crate::import::field::of_meta;
use crate::model::{Body, Download, Field, FieldType, Input, Primitive, Response, Upload};

const JSON: &str = "application/json";

/// The members of a body.
#[derive(Debug)]
pub(super) enum BodyMembers {
    /// Known members, at least one, or the type that has them.
    Known(Body),
    /// An object of unknown members.
    Unknown,
    /// Not an object.
    NoObject,
}

/// Reads the request body.
pub(super) fn input(node: &DocumentNode<'_>) -> Input {
    let Some(body) = node.get("requestBody") else { return Input::None };
    body.expect_only(&["content", "description", "required"]);
    let Some(content) = body.get("content") else { return Input::None };
    let mut kinds = content.entries();
    let Some((media, body)) = kinds.next() else { return Input::None };
    if kinds.next().is_some() {
        node.remark(format!("several kinds of request body: only `{media}` was taken"));
    }
    body.expect_only(&["schema", "encoding"]);
    match (bare(media), body.get("schema")) {
        (media, Some(schema)) if is_json(media) => request(&schema.under("request")),
        ("multipart/form-data", Some(schema)) => upload(&schema.under("upload")),
        _ => {
            node.remark(format!("a request body of the kind `{media}` cannot be described"));
            Input::None
        }
    }
}

fn request(schema: &DocumentNode<'_>) -> Input {
    let what = match members(schema) {
        BodyMembers::Known(body) => return Input::Json(body),
        BodyMembers::Unknown => "an object without members",
        BodyMembers::NoObject => "not an object",
    };
    schema.remark(format!("{what}: taken as no body"));
    Input::None
}

/// Reads the members of a body, which is always an object.
pub(super) fn members(schema: &DocumentNode<'_>) -> BodyMembers {
    if let Some(id) = extension::named(schema) {
        return BodyMembers::Known(Body::Named(id));
    }
    let schema = schema.clone().at_level(2);
    let is_object = schema.text("type").as_deref() == Some("object")
        || schema.raw("additionalProperties").is_some();
    match field_type(&schema) {
        FieldType::Object(fields) => BodyMembers::Known(Body::Fields(fields)),
        FieldType::Primitive(Primitive::Json) if is_object => BodyMembers::Unknown,
        _ => BodyMembers::NoObject,
    }
}

/// Reads a form with a JSON part `meta`, a file, and plain text parts.
fn upload(schema: &DocumentNode<'_>) -> Input {
    let required: HashSet<&str> = schema.all_texts("required").into_iter().collect();
    let parts = schema.members("properties");
    if parts.is_empty() {
        schema.remark("a form without parts: taken as no body");
        return Input::None;
    }
    let mut upload = Upload { meta: Vec::new(), file: "file".to_owned(), parts: Vec::new() };
    let mut files = 0;
    let mut names = HashSet::new();
    for (name, part) in parts {
        if !PART_NAME.accepts(name) || !names.insert(name) {
            part.remark("no name for a part, or a name twice: left out");
        } else if is_file(&part) {
            files += 1;
            match files {
                1 => name.clone_into(&mut upload.file),
                _ => part.remark(format!("several files: only `{}` was taken", upload.file)),
            }
        } else if name == "meta" {
            upload.meta = meta(&part).into_iter().map(of_meta).collect();
        } else {
            let optional = !required.contains(name);
            let field = schema::field(name, &part, Outside { optional, ..Outside::default() });
            upload.parts.push(one_text(&part, field));
        }
    }
    let mut missing: Vec<&&str> = required.iter().filter(|name| !names.contains(**name)).collect();
    missing.sort();
    for name in missing {
        schema.remark(format!("`required` names `{name}`, which is not a part"));
    }
    if files == 0 {
        schema.remark("no part has `format: binary`: the file is taken to be in the part `file`");
    }
    if upload.meta.is_empty() {
        schema.remark("an upload needs a JSON part `meta` with members: add it");
    }
    Input::Upload(upload)
}

/// Whether a part is the file. OpenAPI 3.1 also names its media type instead of a format.
fn is_file(part: &DocumentNode<'_>) -> bool {
    let is_binary = part.text("format").as_deref() == Some("binary");
    let media = part.text("contentMediaType");
    is_binary || media.is_some_and(|media| !is_json(bare(&media)))
}

/// Reads the members of the JSON part, which may be a text with JSON inside.
fn meta(part: &DocumentNode<'_>) -> Vec<Field> {
    let ty = match field_type(part) {
        FieldType::JsonText(content) => *content,
        ty => ty,
    };
    match ty {
        FieldType::Object(fields) => fields,
        _ => {
            part.remark("not an object with members, which an upload needs: left out");
            Vec::new()
        }
    }
}

/// Reads the successful responses. Error responses are the protocol's.
pub(super) fn response(node: &DocumentNode<'_>) -> Response {
    let successes = successes(node);
    let Some((_, first)) = successes.first() else {
        node.remark("no successful response: taken as 204, without a body");
        return Response::None { statuses: vec![204] };
    };
    let statuses = alike(node, first, &successes);
    let Some(content) = first.get("content").filter(|content| content.entries().next().is_some())
    else {
        return Response::None { statuses };
    };
    let json = content.entries().find(|(media, _)| is_json(bare(media)));
    if json.is_some() && content.entries().count() > 1 {
        node.remark(format!("several kinds of response: only `{JSON}` was taken"));
    }
    match json {
        Some((_, body)) => json_response(node, &body, statuses),
        None => download(first, &content),
    }
}

/// The responses with a successful status.
pub(super) fn successes<'d>(node: &DocumentNode<'d>) -> Vec<(u16, DocumentNode<'d>)> {
    let status = |key: &str| match key {
        "2XX" | "2xx" => Some(200),
        key => key.parse::<u16>().ok().filter(|status| status / 100 == 2),
    };
    let responses = node.get("responses");
    let all = responses.iter().flat_map(DocumentNode::entries);
    all.filter_map(|(key, response)| Some((status(key)?, response))).collect()
}

/// The statuses of the responses with the same content as the first one.
fn alike(
    node: &DocumentNode<'_>,
    first: &DocumentNode<'_>,
    successes: &[(u16, DocumentNode<'_>)],
) -> Vec<u16> {
    let mut statuses = Vec::new();
    for (status, response) in successes {
        let is_alike = response.raw("content") == first.raw("content");
        if is_alike && !statuses.contains(status) {
            statuses.push(*status);
        } else if !is_alike {
            node.remark(format!(
                "the response {status} has another content than the first: left out"
            ));
        }
    }
    statuses
}

fn json_response(node: &DocumentNode<'_>, body: &DocumentNode<'_>, statuses: Vec<u16>) -> Response {
    body.expect_only(&["schema"]);
    let Some(schema) = body.get("schema").map(|schema| schema.under("response")) else {
        body.remark("JSON without `schema`: taken as an object of unknown members");
        return Response::Json { statuses, body: Body::Fields(Vec::new()) };
    };
    match members(&schema) {
        BodyMembers::Known(body) => Response::Json { statuses, body },
        BodyMembers::Unknown => {
            let is_known =
                schema.raw("additionalProperties").is_some() || node.says("x-response-unknown");
            if !is_known {
                schema.remark("an object without members: taken as one of unknown members");
            }
            Response::Json { statuses, body: Body::Fields(Vec::new()) }
        }
        BodyMembers::NoObject => {
            schema.remark("not an object: taken as no body");
            Response::None { statuses }
        }
    }
}

fn download(response: &DocumentNode<'_>, content: &DocumentNode<'_>) -> Response {
    let mut media: Vec<String> = Vec::new();
    for (kind, body) in content.entries() {
        let kind = bare(kind).to_lowercase();
        if !MEDIA_TYPE.accepts(&kind) {
            body.remark(format!("`{kind}` is not a media type: taken as any bytes"));
        }
        let kind = if MEDIA_TYPE.accepts(&kind) { kind } else { ANY_MEDIA.to_owned() };
        if !media.contains(&kind) {
            media.push(kind);
        }
    }
    Response::Download(Download { media, integrity: extension::integrity(response) })
}

/// The media type of any bytes.
const ANY_MEDIA: &str = "application/octet-stream";

/// A media type without its parameters, such as the charset.
fn bare(media: &str) -> &str {
    media.split(';').next().unwrap_or(media).trim()
}

fn is_json(media: &str) -> bool {
    media.eq_ignore_ascii_case(JSON)
}

/// Whether a response has a header, ignoring case.
pub(super) fn has_header(response: &DocumentNode<'_>, name: &str) -> bool {
    let headers = response.raw("headers").and_then(Value::as_mapping);
    let names = headers.into_iter().flat_map(|headers| headers.keys());
    names.filter_map(Value::as_str).any(|header| header.eq_ignore_ascii_case(name))
}

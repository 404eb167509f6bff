//! Operations: parameters, bodies, roles, and what a retry may do.

use std::collections::BTreeSet;

use super::super::chain;
use super::super::json::{Json, Object};
use super::super::secret;
use super::schema::{self, members};
use super::{corrects, describe, reference, response, scheme_of};
use crate::model::{
    Body, Endpoint, ErrorCode, ErrorSource, Field, Idempotency, Input, Method, Operation,
    PageInput, Paging, Role, Spec, Upload,
};

/// Writes an operation. `ids` holds the identifiers that are taken.
pub(super) fn operation(
    spec: &Spec,
    endpoint: &Endpoint,
    method: Method,
    operation: &Operation,
    ids: &mut BTreeSet<String>,
) -> Object {
    let mut entry = Object::new();
    entry.put("operationId", free(chain::of_operation(endpoint, method), ids));
    entry.put("summary", &operation.title);
    describe(&mut entry, operation.note.as_ref());
    entry.put_list("tags", [&endpoint.family]);
    about(&mut entry, operation);
    if endpoint.path.starts_with("/brand/") {
        entry.put_list("security", [scheme_of(&endpoint.path)]);
    }
    entry.put_list("parameters", parameters(spec, operation));
    match &operation.input {
        Input::None => {}
        Input::Json(request) => entry.put("requestBody", json_body(request)),
        Input::Upload(upload) => entry.put("requestBody", form(upload)),
    }
    entry.put("responses", response::responses(&operation.response));
    entry.put_list("x-errors", operation.errors.iter().map(error));
    entry
}

/// The facts that OpenAPI has no key for.
fn about(entry: &mut Object, operation: &Operation) {
    if let Some(page) = operation.docs.last() {
        entry.put("externalDocs", Object::new().with("url", page));
    }
    entry.put_list("x-docs", &operation.docs);
    entry.put_list("x-roles", operation.roles.iter().filter_map(role));
    entry.put_some("x-updated", operation.updated.as_ref());
    entry.put_some("deprecated", operation.deprecated.as_ref().map(|_| true));
    entry.put_some("x-deprecated", operation.deprecated.as_ref());
    entry.put_some("x-corrects", operation.corrects.as_ref().map(corrects));
    entry.put("x-repeat", repeat(&operation.idempotency));
    entry.put_some("x-effect", operation.updates.then_some("update"));
    entry.put_some("x-closure", operation.keeps_closure.then_some("kept"));
    entry.put_some("x-pages", operation.pages.as_ref().map(paging));
}

fn free(id: String, ids: &mut BTreeSet<String>) -> String {
    let mut free = id.clone();
    let mut count = 1;
    while !ids.insert(free.clone()) {
        count += 1;
        free = format!("{id}_{count}");
    }
    free
}

/// The official name of a role.
fn role(role: &Role) -> Option<&'static str> {
    Role::ALL.iter().find(|(known, ..)| known == role).map(|(.., name)| *name)
}

fn repeat(idempotency: &Idempotency) -> &str {
    match idempotency {
        Idempotency::Safe => "safe",
        Idempotency::Never => "never",
        Idempotency::NaturalKey(member) => member,
    }
}

fn paging(paging: &Paging) -> Object {
    let mut entry = Object::new().with("items", &paging.items);
    match &paging.by {
        PageInput::Offset(input) => entry.put("offset", input),
        PageInput::Number { input, first } => {
            entry.put("page", input);
            entry.put("first", Json::Scalar((*first).into()));
        }
        PageInput::Token { input, next } => {
            entry.put("token", input);
            entry.put("next", next);
        }
    }
    entry.put_some("limit", paging.limit.as_ref());
    entry.put_some("total", paging.total.as_ref());
    entry
}

fn error(error: &ErrorCode) -> Object {
    let mut entry = Object::new().with("code", &error.code);
    entry.put_some("status", error.status.map(u64::from));
    entry.put_some("when", error.when.as_ref());
    entry.put_some("by", error.source.map(letter));
    entry
}

/// The letter of a source, as the documents that an import reads have it.
fn letter(source: ErrorSource) -> &'static str {
    match source {
        ErrorSource::Official => "O",
        ErrorSource::Sdk => "K",
        ErrorSource::Samples => "S",
        ErrorSource::Real => "R",
        ErrorSource::ThirdParty => "C",
        ErrorSource::Assumed => "G",
    }
}

/// The parameters, with the serial number that goes with encrypted fields.
fn parameters(spec: &Spec, operation: &Operation) -> Vec<Object> {
    let places =
        [("path", &operation.path), ("query", &operation.query), ("header", &operation.header)];
    let listed = places
        .into_iter()
        .flat_map(|(place, fields)| fields.iter().map(move |field| parameter(place, field)));
    let mut parameters: Vec<Object> = listed.collect();
    if secret::is_sent(spec, operation) {
        parameters.push(serial());
    }
    parameters
}

fn parameter(place: &str, field: &Field) -> Object {
    let mut entry = Object::new().with("name", &field.name).with("in", place);
    entry.put_some("required", (!field.optional).then_some(true));
    entry.put_some("description", field.title.as_ref());
    // The description of the parameter is the title.
    let untitled = Field { title: None, ..field.clone() };
    entry.put("schema", schema::field(&untitled));
    entry
}

fn serial() -> Object {
    let mut entry = Object::new().with("name", "Wechatpay-Serial").with("in", "header");
    entry.put("description", "有加密字段时必填：加密所用的微信支付公钥ID或平台证书序列号");
    entry.put("schema", Object::new().with("type", "string"));
    entry
}

/// The schema of a body.
pub(super) fn body(body: &Body) -> Object {
    match body {
        Body::Named(id) => reference(id),
        Body::Fields(fields) if fields.is_empty() => {
            Object::new().with("type", "object").with("additionalProperties", true)
        }
        Body::Fields(fields) => members(fields),
    }
}

/// The content of one media type.
pub(super) fn content(media: &str, schema: Object) -> Object {
    Object::new().with(media, Object::new().with("schema", schema))
}

fn json_body(request: &Body) -> Object {
    let content = content("application/json", body(request));
    Object::new().with("required", true).with("content", content)
}

/// A form with the JSON part `meta`, the file and the plain text parts.
fn form(upload: &Upload) -> Object {
    let file = Object::new().with("type", "string").with("format", "binary");
    let mut parts = Object::new().with("meta", members(&upload.meta));
    parts.put(&upload.file, file);
    for part in &upload.parts {
        parts.put(&part.name, schema::field(part));
    }
    let optional = |name: &str| upload.parts.iter().any(|part| part.name == name && part.optional);
    let names = ["meta", upload.file.as_str()].into_iter();
    let names = names.chain(upload.parts.iter().map(|part| part.name.as_str()));
    let mut form = Object::new().with("type", "object");
    form.put_list("required", names.filter(|name| !optional(name)));
    form.put("properties", parts);
    let encoding = Object::new().with("contentType", "application/json");
    let mut media = Object::new().with("schema", form);
    media.put("encoding", Object::new().with("meta", encoding));
    let content = Object::new().with("multipart/form-data", Json::from(media));
    Object::new().with("required", true).with("content", content)
}

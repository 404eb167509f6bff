//! Operations as YAML nodes.

use super::field::{body, fields};
use super::node::{Mapping, WrittenNode};
use super::scalar::WrittenScalar;
use crate::model::{
    Body, Download, ErrorCode, ErrorSource, Idempotency, Input, Integrity, Method, Operation,
    PageInput, Paging, Response, Role, Upload,
};

pub(super) fn operation(method: Method, operation: &Operation, family: &str) -> Mapping {
    let mut entry = Mapping::one_per_line([]);
    entry.text("title", Some(&operation.title));
    entry.texts("docs", &operation.docs);
    entry.texts("roles", &roles(&operation.roles));
    entry.text("updated", operation.updated.as_deref());
    entry.text("deprecated", operation.deprecated.as_deref());
    entry.note(operation.note.as_ref());
    entry.corrects(operation.corrects.as_ref());
    entry.text("repeat", idempotency(method, &operation.idempotency));
    entry.text("effect", operation.updates.then_some("update"));
    entry.mapping("path", fields(&operation.path, family));
    entry.mapping("query", fields(&operation.query, family));
    entry.mapping("header", fields(&operation.header, family));
    match &operation.input {
        Input::None => {}
        Input::Json(request) => entry.push("request", body(request, family)),
        Input::Upload(given) => entry.push("upload", upload(given, family)),
    }
    entry.text("closure", operation.keeps_closure.then_some("kept"));
    response(&mut entry, &operation.response, family);
    entry.mapping("pages", operation.pages.as_ref().map(paging).unwrap_or_default());
    entry.mapping("errors", errors(&operation.errors));
    entry
}

fn paging(paging: &Paging) -> Mapping {
    let mut entry = Mapping::default();
    entry.text("items", Some(&paging.items));
    match &paging.by {
        PageInput::Offset(input) => entry.text("offset", Some(input)),
        PageInput::Number { input, first } => {
            entry.text("page", Some(input));
            if *first != 0 {
                entry.push("first", WrittenScalar::word(first.to_string()));
            }
        }
        PageInput::Token { input, next } => {
            entry.text("token", Some(input));
            entry.text("next", Some(next));
        }
    }
    entry.text("limit", paging.limit.as_deref());
    entry.text("total", paging.total.as_deref());
    entry
}

/// Error codes, with a line each.
fn errors(errors: &[ErrorCode]) -> Mapping {
    Mapping::one_per_line(errors.iter().map(|error| {
        let about = match (error.status, &error.when, error.source) {
            (None, None, None) => WrittenNode::Nothing,
            (None, Some(when), None) => WrittenScalar::text(when).into(),
            (status, when, source) => {
                let mut about = Mapping::default();
                if let Some(status) = status {
                    about.push("status", WrittenScalar::word(status.to_string()));
                }
                about.text("when", when.as_deref());
                about.text("source", source.map(ErrorSource::word));
                about.into()
            }
        };
        (WrittenScalar::text(&error.code), about)
    }))
}

fn roles(roles: &[Role]) -> Vec<&'static str> {
    let key =
        |role: &Role| Role::ALL.iter().find(|(known, ..)| known == role).map(|(_, key, _)| *key);
    roles.iter().filter_map(key).collect()
}

/// Returns `repeat`, unless it follows from the method.
fn idempotency(method: Method, idempotency: &Idempotency) -> Option<&str> {
    match idempotency {
        Idempotency::Safe => (method != Method::Get).then_some("safe"),
        Idempotency::Never => (method == Method::Get).then_some("never"),
        Idempotency::NaturalKey(member) => Some(member),
    }
}

fn upload(upload: &Upload, family: &str) -> Mapping {
    let mut entry = Mapping::one_per_line([]);
    entry.push("meta", fields(&upload.meta, family));
    entry.text("file", Some(upload.file.as_str()).filter(|name| *name != "file"));
    entry.mapping("parts", fields(&upload.parts, family));
    entry
}

/// The status is before the response, which may be long.
fn response(entry: &mut Mapping, response: &Response, family: &str) {
    match response {
        Response::None { statuses } => {
            status(entry, statuses, 204);
            entry.text("response", Some("none"));
        }
        Response::Json { statuses, body: object } => {
            status(entry, statuses, 200);
            match object {
                Body::Fields(members) if members.is_empty() => entry.text("response", Some("json")),
                object => entry.push("response", body(object, family)),
            }
        }
        Response::Download(given) => entry.push("download", download(given)),
    }
}

fn status(entry: &mut Mapping, statuses: &[u16], usual: u16) {
    let word = |status: &u16| WrittenScalar::word(status.to_string());
    match statuses {
        [] => {}
        [status] if *status == usual => {}
        [status] => entry.push("status", word(status)),
        several => {
            let items = several.iter().map(|status| word(status).into());
            entry.push("status", WrittenNode::List(items.collect()));
        }
    }
}

fn download(download: &Download) -> Mapping {
    let mut entry = Mapping::default();
    entry.texts("media", &download.media);
    let integrity = match download.integrity {
        Integrity::None => "none",
        Integrity::Sha1 => "sha1",
        Integrity::SignedDigest => "signed-digest",
    };
    entry.text("integrity", Some(integrity));
    entry
}

use std::collections::BTreeMap;

use super::facts::{Facts, labels, listed};
use crate::model::{
    Body, Endpoint, ErrorCode, Field, FieldType, Input, NamedType, Notification, Operation,
    Response, Role, Shape, Spec,
};

/// What an entry says: the keys that lead to a field, and what is known about it.
pub(super) type Entry = Vec<(String, Facts)>;

pub(super) fn entries(spec: &Spec) -> BTreeMap<String, Entry> {
    let mut entries = BTreeMap::new();
    for endpoint in spec.endpoints.values() {
        for (method, operation) in &endpoint.operations {
            let place = format!("{} {}", method.wire(), endpoint.path);
            entries.insert(place, self::operation(endpoint, operation));
        }
    }
    for (place, notification) in &spec.notifications {
        entries.insert(format!("notification {place}"), self::notification(notification));
    }
    for (id, named) in &spec.types {
        entries.insert(format!("type {}/{}", id.family, id.name), named_type(named));
    }
    entries
}

fn operation(endpoint: &Endpoint, operation: &Operation) -> Entry {
    let role = |role: &Role| {
        Role::ALL.iter().find(|(known, ..)| known == role).map_or("", |(_, key, _)| key)
    };
    let facts = Facts::new(vec![
        ("title", operation.title.clone()),
        ("host", endpoint.host.clone().unwrap_or_default()),
        ("docs", operation.docs.join(" ")),
        ("roles", operation.roles.iter().map(role).collect::<Vec<_>>().join(", ")),
        ("updated", operation.updated.clone().unwrap_or_default()),
        ("deprecated", operation.deprecated.clone().unwrap_or_default()),
        ("note", operation.note.clone().unwrap_or_default()),
        ("file", file(&operation.input)),
        ("answer", answer(&operation.response)),
        ("errors", errors(&operation.errors)),
    ]);
    let mut entry = vec![("operation".to_owned(), facts)];
    members("path", &operation.path, &mut entry);
    members("query", &operation.query, &mut entry);
    members("header", &operation.header, &mut entry);
    match &operation.input {
        Input::None => {}
        Input::Json(request) => body("request", request, &mut entry),
        Input::Upload(upload) => {
            members("meta", &upload.meta, &mut entry);
            members("parts", &upload.parts, &mut entry);
        }
    }
    if let Response::Json { body: answer, .. } = &operation.response {
        body("response", answer, &mut entry);
    }
    entry
}

/// The name of an upload's part with the file.
fn file(input: &Input) -> String {
    match input {
        Input::Upload(upload) => upload.file.clone(),
        Input::None | Input::Json(_) => String::new(),
    }
}

fn answer(response: &Response) -> String {
    match response {
        Response::None { statuses } => format!("{} without a body", several(statuses)),
        Response::Json { statuses, .. } => format!("{} JSON", several(statuses)),
        Response::Download(download) => download.media.join(", "),
    }
}

fn several(statuses: &[u16]) -> String {
    statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ")
}

/// The codes with what is said about them.
fn errors(errors: &[ErrorCode]) -> String {
    let one = |error: &ErrorCode| {
        let status = error.status.map(|status| format!(" {status}")).unwrap_or_default();
        let when = error.when.as_deref().map(|when| format!(" {when}")).unwrap_or_default();
        format!("{}{status}{when}", error.code)
    };
    errors.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn notification(notification: &Notification) -> Entry {
    let facts = Facts::new(vec![
        ("title", notification.title.clone()),
        ("docs", notification.docs.join(" ")),
        ("events", notification.events.join(", ")),
    ]);
    let mut entry = vec![("notification".to_owned(), facts)];
    body("resource", &notification.resource, &mut entry);
    entry
}

fn named_type(named: &NamedType) -> Entry {
    let mut entry = Vec::new();
    match &named.shape {
        Shape::Object { fields, .. } => members("", fields, &mut entry),
        Shape::Enum { values, .. } => {
            entry.push((
                "enum".to_owned(),
                Facts::new(vec![("values", listed(values)), ("labels", labels(values))]),
            ));
        }
    }
    entry
}

fn body(key: &str, body: &Body, entry: &mut Entry) {
    match body {
        Body::Fields(fields) => members(key, fields, entry),
        Body::Named(id) => {
            let name = format!("{}/{}", id.family, id.name);
            entry.push((key.to_owned(), Facts::new(vec![("type", name)])));
        }
    }
}

fn members(key: &str, fields: &[Field], entry: &mut Entry) {
    for field in fields {
        let joint = if key.is_empty() { "" } else { "." };
        let key = format!("{key}{joint}{}", field.name);
        entry.push((key.clone(), Facts::of_field(field)));
        inside(&key, &field.ty, entry);
    }
}

fn inside(key: &str, ty: &FieldType, entry: &mut Entry) {
    match ty {
        FieldType::Object(fields) => members(key, fields, entry),
        FieldType::List(element) => inside(&format!("{key}[]"), element, entry),
        FieldType::JsonText(content) => inside(&format!("{key}{{}}"), content, entry),
        FieldType::Primitive(_) | FieldType::Enum { .. } | FieldType::Named(_) => {}
    }
}

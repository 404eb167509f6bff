//! Reads whole files: endpoints, named types, notifications and families.

use std::collections::BTreeMap;

use super::operation::body;
use super::{field, flag, hand_chosen, note, operation, type_id};
use crate::cursor::Cursor;
use crate::model::{
    CORE, Condition, Direction, Endpoint, Families, Family, Method, NamedType, Notification,
    NotificationResponse, Shape, TypeId,
};

/// Reads a file below `endpoints/`.
pub(crate) fn endpoint(at: &Cursor<'_>, families: &Families) -> Endpoint {
    let path = at.text_of("path").unwrap_or_default();
    let family = families.of_path(&path);
    let operations = Method::ALL
        .into_iter()
        .filter_map(|method| {
            let entry = at.get(method.key())?;
            Some((method, operation::operation(&entry, method, &family)))
        })
        .collect();
    Endpoint {
        source: at.file().to_owned(),
        host: at.text_of("host"),
        names: at.get("names").map(|names| segment_names(&names)).unwrap_or_default(),
        path,
        family,
        operations,
    }
}

fn segment_names(at: &Cursor<'_>) -> BTreeMap<String, String> {
    at.entries().filter_map(|(wire, _)| Some((wire.to_owned(), hand_chosen(at, wire)?))).collect()
}

/// Reads a file below `types/`.
pub(crate) fn named_types(at: &Cursor<'_>, family: &str) -> Vec<(TypeId, NamedType)> {
    at.entries().map(|(name, entry)| (type_id(name, family), named_type(&entry, family))).collect()
}

fn named_type(at: &Cursor<'_>, family: &str) -> NamedType {
    NamedType {
        source: at.file().to_owned(),
        title: at.text_of("title"),
        note: note(at),
        corrects: at.text_of("corrects"),
        shape: shape(at, family),
    }
}

fn shape(at: &Cursor<'_>, family: &str) -> Shape {
    match (at.get("fields"), at.get("enum")) {
        (None, Some(values)) => {
            let integer = at.text_of("type").as_deref() == Some("integer");
            Shape::Enum { integer, values: field::enum_values(&values, integer) }
        }
        (fields, _) => Shape::Object {
            direction: direction(at),
            fields: fields.map(|fields| field::fields(&fields, family)).unwrap_or_default(),
        },
    }
}

fn direction(at: &Cursor<'_>) -> Direction {
    match at.text_of("direction").as_deref() {
        Some("request") => Direction::Request,
        _ => Direction::Response,
    }
}

/// Reads a file below `notifications/`.
pub(crate) fn notification(at: &Cursor<'_>) -> Notification {
    let family = at.text_of("family").unwrap_or_default();
    Notification {
        source: at.file().to_owned(),
        title: at.text_of("title").unwrap_or_default(),
        docs: at.texts_of("docs"),
        note: note(at),
        rust: hand_chosen(at, "rust"),
        webhooks: at.texts_of("webhooks"),
        events: at.texts_of("events"),
        original_type: at.text_of("original_type"),
        condition: at.get("when").map(|when| condition(&when)).unwrap_or_default(),
        ambiguous_with: at.texts_of("ambiguous_with"),
        resource: body(at, "resource", &family),
        response: at.get("response").map(|_| notification_response(at, &family)),
        family,
    }
}

fn notification_response(at: &Cursor<'_>, family: &str) -> NotificationResponse {
    NotificationResponse {
        body: body(at, "response", family),
        time_limit: at.get("time_limit").and_then(|seconds| operation::number(&seconds)),
        signed: flag(at, "signed"),
    }
}

fn condition(at: &Cursor<'_>) -> Condition {
    Condition { present: at.texts_of("present"), absent: at.texts_of("absent") }
}

/// Reads `families.yaml`.
pub(crate) fn families(at: &Cursor<'_>) -> Families {
    let by_name =
        at.entries().map(|(name, entry)| (name.to_owned(), family(name, &entry))).collect();
    Families { by_name }
}

fn family(name: &str, at: &Cursor<'_>) -> Family {
    let default = flag(at, "default");
    if let Some(flag) = at.get("default").filter(|_| name == CORE) {
        let help = "remove it: the core is always compiled";
        flag.key_error("`core` has no feature", Some(help.to_owned()));
    }
    let mut paths = at.texts_of("paths");
    if paths.is_empty() && name != CORE {
        paths.push(format!("/v3/{name}"));
    }
    let title = at.text_of("title").unwrap_or_default();
    Family { title, paths, events: at.texts_of("events"), default }
}

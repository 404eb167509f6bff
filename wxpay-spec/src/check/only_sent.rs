//! What only a request can say about a member: that it may be empty, that it excludes another one.

use std::collections::BTreeMap;

use super::body;
use crate::cursor::Cursor;
use crate::model::{Direction, Field, Input, NamedType, Operation, Shape, Spec, TypeId};
use crate::rust_name::field_name;
use crate::sources::Sources;
use crate::suggestion::suggest;

/// Reports `empty` wherever WeChat Pay is the sender.
pub(super) fn check(spec: &Spec, sources: &Sources<'_>) {
    let file = |source: &str| sources.file(source);
    for endpoint in spec.endpoints.values() {
        for method in endpoint.operations.keys() {
            let response = file(&endpoint.source).and_then(|file| file.get(method.key()));
            response.and_then(|operation| operation.get("response")).iter().for_each(members);
        }
    }
    for notification in spec.notifications.values() {
        let resource = file(&notification.source).and_then(|file| file.get("resource"));
        resource.iter().for_each(members);
    }
    for (id, named) in &spec.types {
        if matches!(named.shape, Shape::Object { direction: Direction::Response, .. }) {
            let entry = file(&named.source).and_then(|file| file.get(&id.name));
            entry.and_then(|entry| entry.get("fields")).iter().for_each(members);
        }
    }
}

fn members(at: &Cursor<'_>) {
    at.entries().for_each(|(_, field)| one(&field));
}

fn one(field: &Cursor<'_>) {
    if let Some(given) = field.get("empty") {
        let help = "only what is sent has it: an empty value that is received is read as it is";
        given.key_error("`empty` is not allowed here", Some(help.to_owned()));
    }
    field.get("fields").iter().for_each(members);
    field.get("items").iter().for_each(one);
    field.get("content").iter().for_each(one);
}

/// A member of query or header that excludes one of the body: both can be left out.
pub(super) fn check_pairs(
    at: &Cursor<'_>,
    operation: &Operation,
    types: &BTreeMap<TypeId, NamedType>,
) {
    let others = match &operation.input {
        Input::None => &[],
        Input::Json(request) => body::fields(request, types),
        Input::Upload(upload) => &upload.meta,
    };
    for (key, fields) in [("query", &operation.query), ("header", &operation.header)] {
        for field in fields {
            let entry = at.get(key).and_then(|members| members.member(&field.name));
            if let (Some(entry), Some(other)) = (entry, &field.not_with) {
                pair(&entry, field, other, others);
            }
        }
    }
}

fn pair(entry: &Cursor<'_>, field: &Field, other: &str, others: &[Field]) {
    let Some(given) = entry.get("not_with") else { return };
    let optional = || others.iter().filter(|member| member.optional && member.computed.is_none());
    if !optional().any(|member| field_name(member) == other) {
        let names: Vec<String> = optional().map(field_name).collect();
        let help = suggest(other, names.iter().map(String::as_str).collect::<Vec<_>>());
        given.error(&format!("`{other}` is no optional member of the body"), help);
    }
    if !field.optional {
        let help = "write the member with `?`: it is sent only where the other one is not";
        entry.key_error(&format!("`{}` is required", field.name), Some(help.to_owned()));
    }
}

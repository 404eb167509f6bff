//! Checks what one request carries: member names, natural keys, headers, and exclusions.

use std::collections::{BTreeMap, BTreeSet};

use crate::cursor::Cursor;
use crate::grammar::RESERVED_HEADERS;
use crate::model::{
    Direction, Field, FieldType, Idempotency, Input, NamedType, Operation, Primitive, Shape, Spec,
    TypeId,
};
use crate::rust_name::field_name;
use crate::sources::Sources;
use crate::suggestion::suggest;

/// Checks that the members of query, header and body have different Rust names.
pub(super) fn check_member_names(
    at: &Cursor<'_>,
    operation: &Operation,
    types: &BTreeMap<TypeId, NamedType>,
) {
    let mut names: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for (keys, fields) in groups(operation, types) {
        let mut own = Vec::new();
        for field in fields {
            let rust = field_name(field);
            if let Some((place, other)) = names.get(&rust) {
                let message = if *other == field.name {
                    format!("`{}` is also a member of `{place}`", field.name)
                } else {
                    format!(
                        "`{}` has the same Rust name as `{other}` of `{place}`: `{rust}`",
                        field.name
                    )
                };
                let help = "give one of them another name with `rust`";
                locate(at, keys, &field.name).key_error(&message, Some(help.to_owned()));
            }
            own.push((rust, (last(keys), field.name.as_str())));
        }
        names.extend(own);
    }
    if let Input::Upload(upload) = &operation.input {
        let part =
            std::iter::once("meta").chain(upload.parts.iter().map(|part| part.name.as_str()));
        if part.into_iter().any(|name| name == upload.file) {
            let message =
                format!("the part of the file has the name of another part: `{}`", upload.file);
            locate(at, &["upload", "file"], "").error(&message, None);
        }
    }
}

type Group<'a> = (&'static [&'static str], &'a [Field]);

/// The members of one request, by the keys that lead to them.
fn groups<'a>(operation: &'a Operation, types: &'a BTreeMap<TypeId, NamedType>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> =
        vec![(&["query"], &operation.query), (&["header"], &operation.header)];
    match &operation.input {
        Input::None => {}
        Input::Json(request) => groups.push((&["request"], request.fields(types))),
        Input::Upload(upload) => {
            groups.push((&["upload", "meta"], &upload.meta));
            groups.push((&["upload", "parts"], &upload.parts));
        }
    }
    groups
}

fn last(keys: &[&'static str]) -> &'static str {
    keys.last().copied().unwrap_or_default()
}

/// Finds a member if it is written out there, else the nearest place.
fn locate<'a>(at: &Cursor<'a>, keys: &[&str], name: &str) -> Cursor<'a> {
    let mut place = at.clone();
    for key in keys {
        place = place.get(key).unwrap_or(place);
    }
    place.member(name).unwrap_or(place)
}

/// Checks that a natural key is a member of the request that is always sent.
pub(super) fn check_natural_key(
    at: &Cursor<'_>,
    operation: &Operation,
    types: &BTreeMap<TypeId, NamedType>,
) {
    let (Idempotency::NaturalKey(key), Some(at)) = (&operation.idempotency, at.get("repeat"))
    else {
        return;
    };
    let groups = groups(operation, types);
    let sent = groups.iter().filter(|(keys, _)| !keys.contains(&"parts"));
    let members: Vec<&Field> =
        operation.path.iter().chain(sent.flat_map(|(_, fields)| fields.iter())).collect();
    let named: Vec<&&Field> = members.iter().filter(|field| field.name == *key).collect();
    if named.is_empty() {
        let names =
            members.iter().filter(|field| identifies(field)).map(|field| field.name.as_str());
        let help = suggest(key, names.chain(["never"]).collect::<Vec<_>>());
        at.error(
            &format!("`{key}` is neither `safe` nor `never` nor a member of the request"),
            help,
        );
    } else if !named.iter().any(|field| identifies(field)) {
        let help = "name a string or an integer that the caller chooses for each request";
        at.error(&format!("`{key}` does not identify a request"), Some(help.to_owned()));
    } else if named.iter().all(|field| field.optional) {
        let help = format!(
            "without it WeChat Pay cannot recognise a retry: remove `repeat`, or make `{key}?` required if it is"
        );
        at.error(&format!("`{key}` is optional"), Some(help));
    }
}

/// Whether the caller chooses a value for each request.
fn identifies(field: &Field) -> bool {
    let own = matches!(&field.ty, FieldType::Primitive(Primitive::String(_) | Primitive::Integer));
    own && field.computed.is_none()
}

/// Checks that no header is one that the client sets.
pub(super) fn check_reserved_headers(at: &Cursor<'_>) {
    let Some(headers) = at.get("header") else {
        return;
    };
    for (key, header) in headers.entries() {
        let name = key.trim_end_matches('?');
        if RESERVED_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            let help = "remove it: the client sets it";
            header.key_error(
                &format!("the header `{name}` cannot be described"),
                Some(help.to_owned()),
            );
        }
    }
}

/// Reports `empty` in everything that WeChat Pay sends.
pub(super) fn check_only_sent(spec: &Spec, sources: &Sources<'_>) {
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
        let help =
            "remove it: only requests have it; empty values of a response are kept as they are";
        given.key_error("`empty` is not allowed here", Some(help.to_owned()));
    }
    field.get("fields").iter().for_each(members);
    field.get("items").iter().for_each(one);
    field.get("content").iter().for_each(one);
}

/// Checks that a member of query or header and the member of the body it excludes are optional.
pub(super) fn check_exclusions(
    at: &Cursor<'_>,
    operation: &Operation,
    types: &BTreeMap<TypeId, NamedType>,
) {
    let others = match &operation.input {
        Input::None => &[],
        Input::Json(request) => request.fields(types),
        Input::Upload(upload) => &upload.meta,
    };
    let optional: BTreeSet<String> = others
        .iter()
        .filter(|member| member.optional && member.computed.is_none())
        .map(field_name)
        .collect();
    for (key, fields) in [("query", &operation.query), ("header", &operation.header)] {
        for field in fields {
            let entry = at.get(key).and_then(|members| members.member(&field.name));
            if let (Some(entry), Some(other)) = (entry, &field.not_with) {
                pair(&entry, field, other, &optional);
            }
        }
    }
}

fn pair(entry: &Cursor<'_>, field: &Field, other: &str, optional: &BTreeSet<String>) {
    let Some(given) = entry.get("not_with") else { return };
    if !optional.contains(other) {
        let help = suggest(other, optional.iter().map(String::as_str));
        given.error(&format!("`{other}` is not an optional member of the body"), help);
    }
    if !field.optional {
        let help = "add a `?` to the member: it is only sent without the other one";
        entry.key_error(&format!("`{}` is required", field.name), Some(help.to_owned()));
    }
}

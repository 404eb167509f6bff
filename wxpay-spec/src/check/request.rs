//! What only a request can say about a member: that it may be empty, that it excludes another one.

use std::collections::BTreeMap;

use crate::cursor::Cursor;
use crate::grammar::RESERVED_HEADERS;
use crate::model::{
    Direction, Field, FieldType, Input, NamedType, Operation, Primitive, Repeat, Shape, Spec,
    TypeId,
};
use crate::rust_name::field_name;
use crate::sources::Sources;
use crate::suggestion::suggest;

/// One request carries the members of query, header and body, so that their names must differ.
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
                    format!("`{}` is a member of `{place}` too", field.name)
                } else {
                    format!(
                        "`{}` gets the Rust name `{rust}`, as `{other}` of `{place}` does",
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
                format!("the file's part has the name of another part, `{}`", upload.file);
            locate(at, &["upload", "file"], "").error(&message, None);
        }
    }
}

type Group<'a> = (&'static [&'static str], &'a [Field]);

/// The members that one request carries, by the keys that lead to them.
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

/// The member if it is written out there, else the nearest place.
fn locate<'a>(at: &Cursor<'a>, keys: &[&str], name: &str) -> Cursor<'a> {
    let mut place = at.clone();
    for key in keys {
        place = place.get(key).unwrap_or(place);
    }
    place.member(name).unwrap_or(place)
}

/// A natural key is a member of the request that is never left out.
pub(super) fn check_natural_key(
    at: &Cursor<'_>,
    operation: &Operation,
    types: &BTreeMap<TypeId, NamedType>,
) {
    let (Repeat::NaturalKey(key), Some(at)) = (&operation.repeat, at.get("repeat")) else {
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
        at.error(&format!("`{key}` is neither a word nor a member of the request"), help);
    } else if !named.iter().any(|field| identifies(field)) {
        let help = "WeChat Pay recognises a repeat by a number of yours, a string or an integer";
        at.error(&format!("`{key}` identifies no request"), Some(help.to_owned()));
    } else if named.iter().all(|field| field.optional) {
        let help = format!(
            "if it is left out, nothing makes a repeat recognised: leave `repeat` out, or make `{key}?` required if it really is"
        );
        at.error(&format!("`{key}` is optional"), Some(help));
    }
}

/// Whether a caller chooses the value anew for each request.
fn identifies(field: &Field) -> bool {
    let own = matches!(&field.ty, FieldType::Primitive(Primitive::String(_) | Primitive::Integer));
    own && field.computed.is_none()
}

/// The headers that every request has are the client's.
pub(super) fn check_reserved_headers(at: &Cursor<'_>) {
    let Some(headers) = at.get("header") else {
        return;
    };
    for (key, header) in headers.entries() {
        let name = key.trim_end_matches('?');
        if RESERVED_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            let help = "leave it out: the client sets it by itself";
            header.key_error(&format!("the header `{name}`"), Some(help.to_owned()));
        }
    }
}

/// Reports `empty` wherever WeChat Pay is the sender.
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
        let help = "only what is sent has it: an empty value that is received is read as it is";
        given.key_error("`empty` is not allowed here", Some(help.to_owned()));
    }
    field.get("fields").iter().for_each(members);
    field.get("items").iter().for_each(one);
    field.get("content").iter().for_each(one);
}

/// A member of query or header that excludes one of the body: both can be left out.
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

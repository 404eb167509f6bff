use std::collections::BTreeMap;

use super::body;
use crate::cursor::Cursor;
use crate::model::{Field, Input, NamedType, Operation, TypeId};
use crate::rust_name::field_name;

/// One request carries the members of query, header and body, so that their names must differ.
pub(super) fn check(at: &Cursor<'_>, operation: &Operation, types: &BTreeMap<TypeId, NamedType>) {
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
pub(super) fn groups<'a>(
    operation: &'a Operation,
    types: &'a BTreeMap<TypeId, NamedType>,
) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> =
        vec![(&["query"], &operation.query), (&["header"], &operation.header)];
    match &operation.input {
        Input::None => {}
        Input::Json(request) => groups.push((&["request"], body::fields(request, types))),
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

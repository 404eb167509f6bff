use std::collections::BTreeMap;

use super::member_names::groups;
use crate::cursor::Cursor;
use crate::model::{NamedType, Operation, Repeat, TypeId};
use crate::suggestion::suggest;

/// A natural key is a member of the request.
pub(super) fn check(at: &Cursor<'_>, operation: &Operation, types: &BTreeMap<TypeId, NamedType>) {
    let (Repeat::NaturalKey(key), Some(at)) = (&operation.repeat, at.get("repeat")) else {
        return;
    };
    let groups = groups(operation, types);
    let sent = groups.iter().filter(|(keys, _)| !keys.contains(&"parts"));
    let members = operation.path.iter().chain(sent.flat_map(|(_, fields)| fields.iter()));
    let names: Vec<&str> = members.map(|field| field.name.as_str()).collect();
    if !names.contains(&key.as_str()) {
        let words = ["safe", "never"];
        let help = suggest(key, names.into_iter().chain(words).collect::<Vec<_>>());
        at.error(&format!("`{key}` is neither a word nor a member of the request"), help);
    }
}

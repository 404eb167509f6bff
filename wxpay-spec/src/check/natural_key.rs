use std::collections::BTreeMap;

use super::member_names::groups;
use crate::cursor::Cursor;
use crate::model::{Field, FieldType, NamedType, Operation, Primitive, Repeat, TypeId};
use crate::suggestion::suggest;

/// A natural key is a member of the request that is never left out.
pub(super) fn check(at: &Cursor<'_>, operation: &Operation, types: &BTreeMap<TypeId, NamedType>) {
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

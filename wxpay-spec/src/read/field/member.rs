use std::collections::HashMap;

use super::{bounds, field_type, string};
use crate::cursor::Cursor;
use crate::model::{Empty, Field};
use crate::read::hand_chosen;
use crate::rust_name::field_name;

/// The members of an object, a query, …, in the order of the file.
pub(in crate::read) fn fields(at: &Cursor<'_>, family: &str) -> Vec<Field> {
    let mut by_wire_name: HashMap<String, &str> = HashMap::new();
    let mut by_rust_name: HashMap<String, &str> = HashMap::new();
    let mut fields = Vec::new();
    for (key, entry) in at.entries() {
        let field = field(key, &entry, family);
        if let Some(other) = by_wire_name.insert(field.name.clone(), key) {
            let help = "expected each member once, optional or not";
            entry.key_error(&format!("`{key}` beside `{other}`"), Some(help.to_owned()));
            continue;
        }
        let rust = field_name(&field);
        if let Some(other) = by_rust_name.get(&rust) {
            let message = format!("`{key}` gets the Rust name `{rust}`, as `{other}` does");
            let help = "give one of them another name with `rust`";
            entry.key_error(&message, Some(help.to_owned()));
        }
        by_rust_name.insert(rust, key);
        fields.push(field);
    }
    fields
}

/// The example is read later, when every named type is known.
fn field(key: &str, at: &Cursor<'_>, family: &str) -> Field {
    let (name, optional) = match key.strip_suffix('?') {
        Some(name) => (name, true),
        None => (key, false),
    };
    Field {
        name: name.to_owned(),
        optional,
        ty: field_type(at, family),
        title: at.text_of("title"),
        note: at.text_of("note"),
        example: None,
        length: bounds::length(at),
        range: bounds::range(at),
        pattern: bounds::pattern(at),
        empty: empty(at),
        not_with: at.text_of("not_with"),
        computed: string::computed(at),
        rust: hand_chosen(at, "rust"),
        corrects: at.text_of("corrects"),
    }
}

fn empty(at: &Cursor<'_>) -> Empty {
    let given = at.text_of("empty");
    let known = [Empty::Clears, Empty::Allowed];
    known.into_iter().find(|known| known.word() == given.as_deref()).unwrap_or_default()
}

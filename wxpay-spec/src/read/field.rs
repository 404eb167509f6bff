//! Reads members and their types.

use std::collections::HashMap;

use super::{bounds, corrects, flag, hand_chosen, note, type_id};
use crate::cursor::Cursor;
use crate::model::{Computed, Empty, EnumValue, Field, FieldType, Primitive, Secret, StringFormat};
use crate::rust_name::field_name;

/// Reads the members of an object, a query and the like, in the order of the file.
pub(super) fn fields(at: &Cursor<'_>, family: &str) -> Vec<Field> {
    let mut by_wire_name: HashMap<String, &str> = HashMap::new();
    let mut by_rust_name: HashMap<String, &str> = HashMap::new();
    let mut fields = Vec::new();
    for (key, entry) in at.entries() {
        let field = field(key, &entry, family);
        if let Some(other) = by_wire_name.insert(field.name.clone(), key) {
            let help = "remove one of them: a member is given once, optional or not";
            entry.key_error(
                &format!("`{key}` is the same member as `{other}`"),
                Some(help.to_owned()),
            );
            continue;
        }
        let rust = field_name(&field);
        if let Some(other) = by_rust_name.get(&rust) {
            let message = format!("`{key}` has the same Rust name as `{other}`: `{rust}`");
            let help = "give one of them another name with `rust`";
            entry.key_error(&message, Some(help.to_owned()));
        }
        by_rust_name.insert(rust, key);
        fields.push(field);
    }
    fields
}

/// Reads a member without its example, which needs every named type to be known.
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
        note: note(at),
        superseded: superseded(at, key),
        example: None,
        length: bounds::length(at),
        range: bounds::range(at),
        pattern: bounds::pattern(at),
        empty: empty(at),
        not_with: at.text_of("not_with"),
        computed: computed(at),
        rust: hand_chosen(at, "rust"),
        corrects: corrects(at),
    }
}

/// Reads `superseded`. Callers should not have to send what newer pages no longer have.
fn superseded(at: &Cursor<'_>, key: &str) -> bool {
    let superseded = flag(at, "superseded");
    let is_always_sent = !key.ends_with('?') && computed(at).is_none();
    if let Some(given) =
        at.get("superseded").filter(|at| superseded && is_always_sent && !at.is_wrong())
    {
        let help = format!("make it `{key}?`: newer official material no longer has it");
        given.key_error(&format!("`{key}` is superseded and required"), Some(help));
    }
    superseded
}

fn empty(at: &Cursor<'_>) -> Empty {
    let given = at.text_of("empty");
    let known = [Empty::Clears, Empty::Allowed];
    known.into_iter().find(|known| known.word() == given.as_deref()).unwrap_or_default()
}

/// Reads the type of a field, an element or a content; JSON of any shape if it is unknown.
fn field_type(at: &Cursor<'_>, family: &str) -> FieldType {
    match at.text_of("type").as_deref() {
        Some("string") => string(at),
        Some("integer") => integer(at),
        Some("number") => FieldType::Primitive(Primitive::Number),
        Some("boolean") => FieldType::Primitive(Primitive::Boolean),
        Some("object") => object(at, family),
        Some("list") => list(at, family),
        Some("json-text") => json_text(at, family),
        Some(name) if name.contains(|letter: char| letter.is_ascii_uppercase()) => {
            FieldType::Named(type_id(name, family))
        }
        Some("json") => FieldType::Primitive(Primitive::Json),
        _ => unknown(at, family),
    }
}

/// Reads what is inside a wrong type, so that its mistake causes no further ones.
fn unknown(at: &Cursor<'_>, family: &str) -> FieldType {
    if at.get("items").is_some() {
        list(at, family)
    } else if at.get("fields").is_some() {
        object(at, family)
    } else if at.get("content").is_some() {
        json_text(at, family)
    } else {
        FieldType::Primitive(Primitive::Json)
    }
}

fn object(at: &Cursor<'_>, family: &str) -> FieldType {
    let members = at.get("fields").map(|members| fields(&members, family));
    FieldType::Object(members.unwrap_or_default())
}

/// Reads a list, whose element `items` describes.
fn list(at: &Cursor<'_>, family: &str) -> FieldType {
    FieldType::List(Box::new(match at.get("items") {
        Some(items) => {
            bounds::check_element(&items);
            field_type(&items, family)
        }
        None => FieldType::Primitive(Primitive::Json),
    }))
}

/// Reads JSON inside a string: of any shape, unless `content` describes it.
fn json_text(at: &Cursor<'_>, family: &str) -> FieldType {
    FieldType::JsonText(Box::new(match at.get("content") {
        Some(content) => {
            bounds::check_element(&content);
            field_type(&content, family)
        }
        None => FieldType::Primitive(Primitive::Json),
    }))
}

fn string(at: &Cursor<'_>) -> FieldType {
    if let Some(values) = at.get("enum") {
        return enumeration(&values, false);
    }
    FieldType::Primitive(match at.text_of("secret").as_deref() {
        Some("bytes") => Primitive::Secret(Secret::Bytes),
        Some(_) => Primitive::Secret(Secret::Text),
        None => Primitive::String(at.text_of("format").map(format)),
    })
}

fn format(word: String) -> StringFormat {
    if word == "date-time" { StringFormat::DateTime } else { StringFormat::Other(word) }
}

/// Reads the value that the client computes.
fn computed(at: &Cursor<'_>) -> Option<Computed> {
    match at.text_of("computed").as_deref() {
        Some("sha256") => Some(Computed::Sha256),
        Some("sm3") => Some(Computed::Sm3),
        Some("file-name") => Some(Computed::FileName),
        _ => at.text_of("constant").map(Computed::Constant),
    }
}

fn integer(at: &Cursor<'_>) -> FieldType {
    match at.get("enum") {
        Some(values) => enumeration(&values, true),
        None => FieldType::Primitive(Primitive::Integer),
    }
}

pub(super) fn enumeration(at: &Cursor<'_>, integer: bool) -> FieldType {
    FieldType::Enum { integer, values: enum_values(at, integer) }
}

/// Reads the known values below `enum`.
pub(super) fn enum_values(at: &Cursor<'_>, integer: bool) -> Vec<EnumValue> {
    let mut names = HashMap::new();
    at.entries()
        .map(|(wire, label)| {
            if integer && !is_integer(wire) {
                let help = "expected decimal digits, because the type is `integer`";
                label.key_error(&format!("`{wire}` is not an integer"), Some(help.to_owned()));
            }
            let rust = hand_chosen(&label, "rust");
            if let Some(other) = rust.clone().and_then(|rust| names.insert(rust, wire)) {
                label.key_error(&format!("`{wire}` has the same Rust name as `{other}`"), None);
            }
            let title = label.text().map(str::to_owned).or_else(|| label.text_of("title"));
            EnumValue { wire: wire.to_owned(), title, superseded: flag(&label, "superseded"), rust }
        })
        .collect()
}

/// Whether a text is a 64-bit integer as JSON writes it.
fn is_integer(text: &str) -> bool {
    text.parse::<i64>().is_ok_and(|number| number.to_string() == text)
}

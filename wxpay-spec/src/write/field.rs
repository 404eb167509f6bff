use std::collections::BTreeMap;

use serde_json::Value;

use super::node::{Mapping, Node};
use super::scalar::Scalar;
use crate::model::{
    Body, Computed, EnumValue, Example, Field, FieldType, Number, Primitive, Secret, StringFormat,
    TypeId,
};

/// An object: the name of a type, or its members.
pub(super) fn body(body: &Body, family: &str) -> Node {
    match body {
        Body::Fields(members) => fields(members, family).into(),
        Body::Named(id) => Scalar::text(reference(id, family)).into(),
    }
}

/// Members, one below the other.
pub(super) fn fields(members: &[Field], family: &str) -> Mapping {
    Mapping::one_per_line(members.iter().map(|member| {
        let mark = if member.optional { "?" } else { "" };
        let key = Scalar::text(format!("{}{mark}", member.name));
        (key, field(member, family).into())
    }))
}

/// What is short comes first, and what may go on for many lines last.
fn field(field: &Field, family: &str) -> Mapping {
    // A key with nothing behind it gives no example, so that null cannot be one.
    let given = field.example.as_ref().map(|Example(value)| value).filter(|value| !value.is_null());
    let element = given.and_then(|given| of_element(&field.ty, given));
    let mut entry = Mapping::default();
    entry.text("type", Some(&type_word(&field.ty, family)));
    entry.text("title", field.title.as_deref());
    if let Some(given) = given.filter(|_| element.is_none()) {
        entry.push("example", example(given));
    }
    kind(&mut entry, &field.ty);
    bounds(&mut entry, field);
    entry.text("empty", field.empty.word());
    entry.text("not_with", field.not_with.as_deref());
    values(&mut entry, &field.ty);
    computed(&mut entry, field.computed.as_ref());
    entry.text("rust", field.rust.as_deref());
    entry.text("note", field.note.as_deref());
    entry.text("corrects", field.corrects.as_deref());
    inside(&mut entry, &field.ty, element, family);
    entry
}

/// A list's element, or what is inside a JSON text.
fn part(ty: &FieldType, given: Option<&serde_json::Value>, family: &str) -> Mapping {
    let mut entry = Mapping::default();
    entry.text("type", Some(&type_word(ty, family)));
    if let Some(given) = given {
        entry.push("example", example(given));
    }
    kind(&mut entry, ty);
    values(&mut entry, ty);
    inside(&mut entry, ty, None, family);
    entry
}

fn type_word(ty: &FieldType, family: &str) -> String {
    let word = match ty {
        FieldType::Primitive(Primitive::String(_) | Primitive::Secret(_))
        | FieldType::Enum { integer: false, .. } => "string",
        FieldType::Primitive(Primitive::Integer) | FieldType::Enum { integer: true, .. } => {
            "integer"
        }
        FieldType::Primitive(Primitive::Number) => "number",
        FieldType::Primitive(Primitive::Boolean) => "boolean",
        FieldType::Primitive(Primitive::Json) => "json",
        FieldType::Object(_) => "object",
        FieldType::List(_) => "list",
        FieldType::JsonText(_) => "json-text",
        FieldType::Named(id) => return reference(id, family),
    };
    word.to_owned()
}

fn reference(id: &TypeId, family: &str) -> String {
    if id.family == family { id.name.clone() } else { format!("{}/{}", id.family, id.name) }
}

/// The kind of text, or of secret.
fn kind(entry: &mut Mapping, ty: &FieldType) {
    match ty {
        FieldType::Primitive(Primitive::String(Some(format))) => {
            let word = match format {
                StringFormat::DateTime => "date-time",
                StringFormat::Other(word) => word,
            };
            entry.text("format", Some(word));
        }
        FieldType::Primitive(Primitive::Secret(secret)) => {
            let word = match secret {
                Secret::Text => "text",
                Secret::Bytes => "bytes",
            };
            entry.text("secret", Some(word));
        }
        _ => {}
    }
}

fn bounds(entry: &mut Mapping, field: &Field) {
    if let Some((least, most)) = field.length {
        let word = match (least, most) {
            (0, Some(most)) => most.to_string(),
            (least, Some(most)) => format!("{least}..{most}"),
            (least, None) => format!("{least}.."),
        };
        entry.push("length", Scalar::word(word));
    }
    if let Some((least, most)) = &field.range {
        let bound = |bound: &Option<Number>| {
            bound.as_ref().map_or(String::new(), |number| number.0.clone())
        };
        entry.push("range", Scalar::word(format!("{}..{}", bound(least), bound(most))));
    }
    if let Some(pattern) = &field.pattern {
        entry.push("pattern", Scalar::pattern(pattern));
    }
}

fn values(entry: &mut Mapping, ty: &FieldType) {
    if let FieldType::Enum { integer, values } = ty {
        entry.push("enum", enumeration(*integer, values));
    }
}

fn computed(entry: &mut Mapping, computed: Option<&Computed>) {
    match computed {
        None => {}
        Some(Computed::Sha256) => entry.text("computed", Some("sha256")),
        Some(Computed::Sm3) => entry.text("computed", Some("sm3")),
        Some(Computed::FileName) => entry.text("computed", Some("file-name")),
        Some(Computed::Constant(text)) => entry.text("constant", Some(text)),
    }
}

/// Members, the element, or the content unless it is JSON of any shape.
fn inside(entry: &mut Mapping, ty: &FieldType, element: Option<&serde_json::Value>, family: &str) {
    match ty {
        FieldType::Object(members) => entry.push("fields", fields(members, family)),
        FieldType::List(ty) => entry.push("items", part(ty, element, family)),
        FieldType::JsonText(content) if **content != FieldType::Primitive(Primitive::Json) => {
            entry.push("content", part(content, None, family));
        }
        _ => {}
    }
}

/// The known values; those that have Rust names stand one below the other.
pub(super) fn enumeration(integer: bool, values: &[EnumValue]) -> Mapping {
    let entries = values.iter().map(|value| {
        let key = if integer { Scalar::word(&value.wire) } else { Scalar::text(&value.wire) };
        (key, label(value))
    });
    let one_per_line = values.iter().any(|value| value.rust.is_some());
    Mapping { entries: entries.collect(), one_per_line }
}

fn label(value: &EnumValue) -> Node {
    match (&value.title, &value.rust) {
        (None, None) => Node::Nothing,
        (Some(title), None) => Scalar::text(title).into(),
        (title, Some(rust)) => {
            let mut label = Mapping::default();
            label.text("title", title.as_deref());
            label.text("rust", Some(rust));
            label.into()
        }
    }
}

/// An example as it is written for a field of any type: its JSON says enough.
fn example(value: &Value) -> Node {
    match value {
        Value::String(text) => Scalar::text(text).into(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Scalar::word(value.to_string()).into(),
        Value::Array(items) => Node::List(items.iter().map(example).collect()),
        Value::Object(members) => {
            // How `serde_json` was built must not show in the order.
            let members: BTreeMap<&String, &Value> = members.iter().collect();
            let mut mapping = Mapping::default();
            for (key, value) in members {
                mapping.push(key, example(value));
            }
            mapping.into()
        }
    }
}

/// The only element of a list's example, which stands at the element instead.
fn of_element<'a>(ty: &FieldType, example: &'a Value) -> Option<&'a Value> {
    match (ty, example) {
        (FieldType::List(_), Value::Array(items)) => match items.as_slice() {
            [only] => Some(only).filter(|only| !only.is_null()),
            _ => None,
        },
        _ => None,
    }
}

//! Fields, enums and examples as YAML nodes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::node::{Mapping, WrittenNode};
use super::scalar::WrittenScalar;
use crate::model::{
    Body, Computed, EnumValue, Example, Field, FieldType, Number, Primitive, Secret, StringFormat,
    TypeId,
};

/// An object: the name of a type, or its members.
pub(super) fn body(body: &Body, family: &str) -> WrittenNode {
    match body {
        Body::Fields(members) => fields(members, family).into(),
        Body::Named(id) => WrittenScalar::text(reference(id, family)).into(),
    }
}

/// Members, with a line each.
pub(super) fn fields(members: &[Field], family: &str) -> Mapping {
    Mapping::one_per_line(members.iter().map(|member| {
        let mark = if member.optional { "?" } else { "" };
        let key = WrittenScalar::text(format!("{}{mark}", member.name));
        (key, field(member, family).into())
    }))
}

/// A member: short keys first, those of many lines last.
fn field(field: &Field, family: &str) -> Mapping {
    // A key without a value means that there is no example, so null cannot be one.
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
    entry.flag("superseded", field.superseded);
    entry.note(field.note.as_ref());
    entry.corrects(field.corrects.as_ref());
    inside(&mut entry, &field.ty, element, family);
    entry
}

/// A list's element or a JSON text's content.
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

/// The `format` of a text, or what a `secret` holds.
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
        entry.push("length", WrittenScalar::word(word));
    }
    if let Some((least, most)) = &field.range {
        let bound = |bound: &Option<Number>| {
            bound.as_ref().map_or(String::new(), |number| number.0.clone())
        };
        entry.push("range", WrittenScalar::word(format!("{}..{}", bound(least), bound(most))));
    }
    if let Some(pattern) = &field.pattern {
        entry.push("pattern", WrittenScalar::pattern(pattern));
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

/// The members, the element or the content. A content of any shape is left out.
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

/// The known values, with a line each if any of them has more than a label.
pub(super) fn enumeration(integer: bool, values: &[EnumValue]) -> Mapping {
    let entries = values.iter().map(|value| {
        let key = if integer {
            WrittenScalar::word(&value.wire)
        } else {
            WrittenScalar::text(&value.wire)
        };
        (key, label(value))
    });
    let one_per_line = values.iter().any(|value| value.rust.is_some() || value.superseded);
    Mapping { entries: entries.collect(), one_per_line }
}

fn label(value: &EnumValue) -> WrittenNode {
    let is_plain = value.rust.is_none() && !value.superseded;
    match &value.title {
        None if is_plain => WrittenNode::Nothing,
        Some(title) if is_plain => WrittenScalar::text(title).into(),
        title => {
            let mut label = Mapping::default();
            label.text("title", title.as_deref());
            label.text("rust", value.rust.as_deref());
            label.flag("superseded", value.superseded);
            label.into()
        }
    }
}

/// An example. Its JSON is enough to write it, whatever the type of the field.
fn example(value: &Value) -> WrittenNode {
    match value {
        Value::String(text) => WrittenScalar::text(text).into(),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            WrittenScalar::word(value.to_string()).into()
        }
        Value::Array(items) => WrittenNode::List(items.iter().map(example).collect()),
        Value::Object(members) => {
            // The order must not depend on how `serde_json` was built.
            let members: BTreeMap<&String, &Value> = members.iter().collect();
            let mut mapping = Mapping::default();
            for (key, value) in members {
                mapping.push(key, example(value));
            }
            mapping.into()
        }
    }
}

/// Returns the only element of a list's example, which is written at the element instead.
fn of_element<'a>(ty: &FieldType, example: &'a Value) -> Option<&'a Value> {
    match (ty, example) {
        (FieldType::List(_), Value::Array(items)) => match items.as_slice() {
            [only] => Some(only).filter(|only| !only.is_null()),
            _ => None,
        },
        _ => None,
    }
}

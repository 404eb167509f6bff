//! Schemas of fields and of named types.

use serde_json::Value;

use super::super::json::{Json, Object};
use super::{corrects, describe, reference};
use crate::model::{
    Computed, Direction, EnumValue, Field, FieldType, NamedType, Number, Primitive, Secret, Shape,
    StringFormat, TypeId,
};

/// Writes a named type. `x-type` lets an import find the type again.
pub(super) fn named_type(id: &TypeId, named: &NamedType) -> Object {
    let mut entry = Object::new();
    entry.put_some("title", named.title.as_ref());
    describe(&mut entry, named.note.as_ref());
    entry.put("x-type", id.to_string());
    entry.put_some("x-corrects", named.corrects.as_ref());
    match &named.shape {
        Shape::Object { direction, fields } => {
            let direction = match direction {
                Direction::Request => "request",
                Direction::Response => "response",
            };
            entry.put("x-direction", direction);
            entry.extend(members(fields));
        }
        Shape::Enum { integer, values } => entry.extend(enumeration(*integer, values)),
    }
    entry
}

/// Writes an object with its members.
pub(super) fn members(fields: &[Field]) -> Object {
    let mut entry = Object::new().with("type", "object");
    entry.put_list("required", fields.iter().filter(|one| !one.optional).map(|one| &one.name));
    entry.put("properties", fields.iter().map(|one| (&one.name, field(one))).collect::<Object>());
    entry
}

/// Writes the type of a member with its facts.
pub(super) fn field(field: &Field) -> Object {
    let facts = facts(field);
    let mut entry = Object::new();
    entry.put_some("title", field.title.as_ref());
    describe(&mut entry, field.note.as_ref());
    match &field.ty {
        // What is beside a reference belongs to the member, not to the type.
        FieldType::Named(id) if !(facts.is_empty() && entry.is_empty()) => {
            entry.put_list("allOf", [reference(id)]);
        }
        ty => entry.extend(self::ty(ty)),
    }
    entry.extend(facts);
    entry
}

fn facts(field: &Field) -> Object {
    let mut facts = Object::new();
    length(&mut facts, field);
    if let Some((least, most)) = &field.range {
        range(&mut facts, least.as_ref(), most.as_ref());
    }
    facts.put_some("pattern", field.pattern.as_ref());
    facts.put_some("example", field.example.as_ref().map(|example| ordered(&example.0)));
    facts.put_some("x-superseded", field.superseded.then_some(true));
    facts.put_some("x-empty", field.empty.word());
    facts.put_some("x-not-with", field.not_with.as_ref());
    match &field.computed {
        None => {}
        Some(Computed::Constant(text)) => facts.put("const", text),
        Some(Computed::Sha256) => facts.put("x-computed", "sha256"),
        Some(Computed::Sm3) => facts.put("x-computed", "sm3"),
        Some(Computed::FileName) => facts.put("x-computed", "file-name"),
    }
    facts.put_some("x-rust", field.rust.as_ref());
    facts.put_some("x-corrects", field.corrects.as_ref().map(corrects));
    facts
}

fn length(facts: &mut Object, field: &Field) {
    let Some((least, most)) = field.length else { return };
    let (least_key, most_key) = match field.ty {
        FieldType::List(_) => ("minItems", "maxItems"),
        _ => ("minLength", "maxLength"),
    };
    facts.put_some(least_key, (least > 0 || most.is_none()).then_some(least));
    facts.put_some(most_key, most);
}

/// Writes bounds. JSON may spell them otherwise, so that `x-range` then has the descriptor's spelling.
fn range(facts: &mut Object, least: Option<&Number>, most: Option<&Number>) {
    let mut is_exact = true;
    for (key, bound) in [("minimum", least), ("maximum", most)] {
        let Some(Number(text)) = bound else { continue };
        let number = text.parse::<serde_json::Number>().ok();
        is_exact &= number.as_ref().is_some_and(|number| number.to_string() == *text);
        facts.put_some(key, number.map(Value::Number));
    }
    if !is_exact {
        let text = |bound: Option<&Number>| bound.map_or("", |Number(text)| text).to_owned();
        facts.put("x-range", format!("{}..{}", text(least), text(most)));
    }
}

/// JSON with sorted keys, so that its text does not depend on how `serde_json` was built.
fn ordered(value: &Value) -> Json {
    match value {
        Value::Array(items) => Json::List(items.iter().map(ordered).collect()),
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| *key);
            Json::Object(members.into_iter().map(|(key, one)| (key, ordered(one))).collect())
        }
        scalar => Json::Scalar(scalar.clone()),
    }
}

/// Writes a type without the facts of its member.
fn ty(ty: &FieldType) -> Object {
    match ty {
        FieldType::Primitive(primitive) => self::primitive(primitive),
        FieldType::Enum { integer, values } => enumeration(*integer, values),
        FieldType::Named(id) => reference(id),
        FieldType::Object(fields) => members(fields),
        FieldType::List(element) => {
            Object::new().with("type", "array").with("items", self::ty(element))
        }
        FieldType::JsonText(content) => {
            let mut entry = Object::new().with("type", "string");
            entry.put("contentMediaType", "application/json");
            if **content != FieldType::Primitive(Primitive::Json) {
                entry.put("contentSchema", self::ty(content));
            }
            entry
        }
    }
}

fn primitive(primitive: &Primitive) -> Object {
    let typed = |name: &str| Object::new().with("type", name);
    match primitive {
        Primitive::String(None) => typed("string"),
        Primitive::String(Some(StringFormat::DateTime)) => {
            typed("string").with("format", "date-time")
        }
        Primitive::String(Some(StringFormat::Other(format))) => {
            typed("string").with("format", format)
        }
        Primitive::Integer => typed("integer"),
        Primitive::Number => typed("number"),
        Primitive::Boolean => typed("boolean"),
        Primitive::Json => {
            let mut entry = Object::new();
            entry.put_list("type", ["object", "array", "string", "number", "boolean"]);
            entry
        }
        Primitive::Secret(Secret::Text) => typed("string").with("format", "encrypted"),
        Primitive::Secret(Secret::Bytes) => {
            typed("string").with("format", "encrypted").with("x-secret", "bytes")
        }
    }
}

fn enumeration(integer: bool, values: &[EnumValue]) -> Object {
    let mut entry = Object::new().with("type", if integer { "integer" } else { "string" });
    entry.put_list("enum", values.iter().map(|value| wire(integer, &value.wire)));
    let titles = values.iter().filter_map(|value| Some((&value.wire, value.title.as_ref()?)));
    entry.put_object("x-enum-titles", titles.collect());
    let names = values.iter().filter_map(|value| Some((&value.wire, value.rust.as_ref()?)));
    entry.put_object("x-enum-rust", names.collect());
    let superseded = values.iter().filter(|value| value.superseded).map(|value| &value.wire);
    entry.put_list("x-superseded-values", superseded);
    entry
}

fn wire(integer: bool, text: &str) -> Value {
    match text.parse::<i64>() {
        Ok(number) if integer => number.into(),
        _ => text.into(),
    }
}

//! Reads the members of objects, with their titles, bounds and examples.

use std::collections::HashSet;

use regex_lite::Regex;
use serde_json::Value as Json;
use serde_yaml::Value;

use super::extension;
use super::kind::{expect_known, field_type};
use super::node::DocumentNode;
use crate::grammar::{LENGTH, RANGE, WIRE_NAME};
use crate::import::field;
use crate::model::{Example, Field, FieldType, Note, Number, Primitive};

/// How deep a value may be in a descriptor, which [`crate::read`](crate::read()) limits.
pub(super) const LEVELS: usize = 28;

/// Facts about a field from outside its schema.
#[derive(Debug, Default)]
pub(super) struct Outside<'d> {
    pub(super) optional: bool,
    pub(super) title: Option<String>,
    pub(super) example: Option<&'d Value>,
}

/// Reads the members of an object's schema. Members whose presence is disputed are optional.
pub(super) fn fields(schema: &DocumentNode<'_>) -> Vec<Field> {
    let required: HashSet<&str> = schema.all_texts("required").into_iter().collect();
    let disputed: HashSet<&str> = schema.all_texts("x-required-disputed").into_iter().collect();
    let mut seen = HashSet::new();
    let mut fields = Vec::new();
    for (name, node) in schema.members("properties") {
        if !WIRE_NAME.accepts(name) {
            node.remark("no name for a member: left out");
            continue;
        }
        if !node.spend(name.len()) {
            return fields;
        }
        if !seen.insert(name) {
            node.remark("described twice: the first description counts");
            continue;
        }
        let is_required = required.contains(name)
            && !disputed.contains(name)
            && !node.says("x-single-source")
            && !node.says("x-superseded");
        fields.push(field(name, &node, Outside { optional: !is_required, ..Outside::default() }));
    }
    let mut missing: Vec<&&str> = required.iter().filter(|name| !seen.contains(**name)).collect();
    missing.sort();
    for name in missing {
        schema.remark(format!("`required` names `{name}`, which is not a member"));
    }
    fields
}

/// Reads a field with the type of its schema.
pub(super) fn field(name: &str, schema: &DocumentNode<'_>, outside: Outside<'_>) -> Field {
    typed(name, field_type(schema), schema, outside)
}

/// Reads a field whose type is known.
pub(super) fn typed(
    name: &str,
    ty: FieldType,
    schema: &DocumentNode<'_>,
    outside: Outside<'_>,
) -> Field {
    if matches!(ty, FieldType::Named(_)) && schema.is_referenced() {
        // The other facts are those of the type.
        let Outside { optional, title, .. } = outside;
        return Field { optional, title, ..field::plain(name, ty) };
    }
    let own = matches!(ty, FieldType::Named(_)).then(|| own_facts(schema));
    let schema = own.as_ref().unwrap_or(schema);
    let title = outside.title.or_else(|| schema.text("title"));
    let (title, note) = match (title, schema.text("description")) {
        (None, described) if !schema.is_exported() => (described, None),
        (title, described) => (title, described),
    };
    let size = title.as_ref().map_or(0, String::len) + note.as_ref().map_or(0, String::len);
    if !schema.spend(size) {
        return field::plain(name, ty);
    }
    let mut field = Field {
        title,
        note: note.map(Note::Text),
        superseded: outside.optional && schema.says("x-superseded"),
        length: length(schema, &ty),
        range: range(schema, &ty),
        pattern: is_text(schema, &ty).then(|| pattern(schema)).flatten(),
        optional: outside.optional,
        ..field::plain(name, ty)
    };
    extension::field(schema, &mut field);
    let first = schema.raw("examples").and_then(|examples| examples.get(0));
    let given = outside.example.or_else(|| schema.raw("example")).or(first);
    field.example = given.and_then(|given| fitting(schema, given, &field));
    field
}

/// What is beside a reference belongs to the member, and the rest to the type that it names.
fn own_facts<'d>(schema: &DocumentNode<'d>) -> DocumentNode<'d> {
    let own = schema.own();
    expect_known(&own);
    own
}

/// Creates a required text without other facts.
pub(super) fn text_field(name: &str) -> Field {
    field::plain(name, FieldType::Primitive(Primitive::String(None)))
}

fn fitting(schema: &DocumentNode<'_>, given: &Value, field: &Field) -> Option<Example> {
    let json = serde_json::to_value(given).ok();
    let example = json.and_then(|json| match has_named(&field.ty) {
        // Only documents of descriptors name types. The checker compares examples with them.
        true => Some(Example(json)).filter(|Example(json)| !json.is_null()),
        false => field::fitting_example(&json, field),
    });
    let example = example.filter(|Example(value)| schema.level() + depth(value) <= LEVELS);
    if example.is_none() && !given.is_null() {
        schema.remark("the example does not fit the field and was left out");
    }
    example.filter(|Example(value)| schema.spend(size(value)))
}

/// Whether a type names a type, here or further inside.
fn has_named(ty: &FieldType) -> bool {
    match ty.innermost() {
        FieldType::Named(_) => true,
        FieldType::Object(fields) => fields.iter().any(|field| has_named(&field.ty)),
        _ => false,
    }
}

/// How deep a value is nested.
fn depth(value: &Json) -> usize {
    let inside = match value {
        Json::Array(items) => items.iter().map(depth).max(),
        Json::Object(members) => members.values().map(depth).max(),
        _ => None,
    };
    inside.map_or(0, |inside| inside + 1)
}

/// About how many bytes a value has.
fn size(value: &Json) -> usize {
    match value {
        Json::String(text) => text.len(),
        Json::Array(items) => items.iter().map(|item| 8 + size(item)).sum(),
        Json::Object(members) => members.iter().map(|(key, value)| key.len() + size(value)).sum(),
        _ => 8,
    }
}

/// Reads a pattern. Descriptors have no look-around and no back references, which take unlimited time.
fn pattern(schema: &DocumentNode<'_>) -> Option<String> {
    let pattern = schema.text("pattern")?;
    if Regex::new(&format!("^(?:{pattern})$")).is_err() {
        schema
            .remark(format!("the pattern `{pattern}` was left out: descriptors do not support it"));
        return None;
    }
    Some(pattern)
}

/// Whether a type is a text. Descriptors also bound enums, where other documents mean the values.
fn is_text(schema: &DocumentNode<'_>, ty: &FieldType) -> bool {
    match ty {
        FieldType::Primitive(Primitive::String(_) | Primitive::Secret(_)) => true,
        FieldType::Enum { integer: false, .. } => schema.is_exported(),
        _ => false,
    }
}

fn is_number(schema: &DocumentNode<'_>, ty: &FieldType) -> bool {
    match ty {
        FieldType::Primitive(Primitive::Integer | Primitive::Number) => true,
        FieldType::Enum { integer: true, .. } => schema.is_exported(),
        _ => false,
    }
}

fn length(schema: &DocumentNode<'_>, ty: &FieldType) -> Option<(u64, Option<u64>)> {
    let (least, most) = match ty {
        FieldType::List(_) => (schema.number("minItems"), schema.number("maxItems")),
        ty if is_text(schema, ty) || matches!(ty, FieldType::JsonText(_)) => {
            (schema.number("minLength"), schema.number("maxLength"))
        }
        _ => return None,
    };
    let least = least.unwrap_or_default();
    if least == 0 && most.is_none() {
        return None;
    }
    let shown = most.map_or_else(|| format!("{least}.."), |most| format!("{least}..{most}"));
    if most.is_some_and(|most| most < least) || !LENGTH.accepts(&shown) {
        schema.remark(format!("no length is in `{shown}`: left out"));
        return None;
    }
    Some((least, most))
}

fn range(schema: &DocumentNode<'_>, ty: &FieldType) -> Option<(Option<Number>, Option<Number>)> {
    if !is_number(schema, ty) {
        return None;
    }
    let bound = |key| match schema.raw(key) {
        Some(Value::Number(number)) => Some(number),
        _ => None,
    };
    let (least, most) = (bound("minimum"), bound("maximum"));
    if least.is_none() && most.is_none() {
        return None;
    }
    let text = |bound: Option<&serde_yaml::Number>| bound.map(ToString::to_string);
    let (first, last) = (text(least), text(most));
    let shown = format!(
        "{}..{}",
        first.as_deref().unwrap_or_default(),
        last.as_deref().unwrap_or_default()
    );
    let value = |bound: Option<&serde_yaml::Number>| bound.and_then(serde_yaml::Number::as_f64);
    let is_empty = matches!((value(least), value(most)), (Some(least), Some(most)) if most < least);
    if is_empty || !RANGE.accepts(&shown) {
        schema.remark(format!("no range is in `{shown}`: left out"));
        return None;
    }
    Some((first.map(Number), last.map(Number)))
}

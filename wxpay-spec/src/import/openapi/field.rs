use regex_lite::Regex;
use serde_yaml::Value;

use super::node::Node;
use super::schema;
use crate::import::{example, field};
use crate::model::{Example, Field, FieldType, Number, Primitive};

/// What is known about a field from outside its schema.
#[derive(Debug, Default)]
pub(super) struct Outside<'d> {
    pub(super) optional: bool,
    pub(super) title: Option<String>,
    pub(super) example: Option<&'d Value>,
}

/// The members of an object's schema; those that the document calls disputed are optional.
pub(super) fn fields(schema: &Node<'_>) -> Vec<Field> {
    let required = schema.texts("required");
    let disputed = schema.texts("x-required-disputed");
    let Some(properties) = schema.get("properties") else {
        return Vec::new();
    };
    let member = |(name, node): (&str, Node<'_>)| {
        let is_required = required.iter().any(|other| other == name)
            && !disputed.iter().any(|other| other == name)
            && !node.says("x-single-source");
        read(name, &node, Outside { optional: !is_required, ..Outside::default() })
    };
    properties.members().map(member).collect()
}

pub(super) fn read(name: &str, schema: &Node<'_>, outside: Outside<'_>) -> Field {
    let ty = schema::read(schema);
    let title = outside.title.or_else(|| schema.text("title"));
    let (title, note) = match (title, schema.text("description")) {
        (None, described) => (described, None),
        (Some(title), described) => (Some(title), described),
    };
    let mut field = Field {
        title,
        note,
        length: length(schema, &ty),
        range: range(schema, &ty),
        pattern: is_text(&ty).then(|| pattern(schema)).flatten(),
        optional: outside.optional,
        ..field::plain(name, ty)
    };
    let given = outside.example.or_else(|| schema.value().get("example"));
    field.example = given.and_then(|given| fitting(schema, given, &field));
    field
}

/// A required text of which nothing else is known.
pub(super) fn text(name: &str) -> Field {
    field::plain(name, FieldType::Primitive(Primitive::String(None)))
}

fn fitting(schema: &Node<'_>, given: &Value, field: &Field) -> Option<Example> {
    let json = serde_json::to_value(given).ok();
    let example = json.and_then(|json| example::fitting(&json, field));
    if example.is_none() && !given.is_null() {
        schema.remark("the example does not fit the field and was left out");
    }
    example
}

/// Descriptors hold no look-around and no back references, which take unlimited time.
fn pattern(schema: &Node<'_>) -> Option<String> {
    let pattern = schema.text("pattern")?;
    if Regex::new(&pattern).is_err() {
        schema.remark(format!("the pattern `{pattern}` cannot be described and was left out"));
        return None;
    }
    Some(pattern)
}

fn is_text(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Primitive(Primitive::String(_) | Primitive::Secret(_)))
}

fn length(schema: &Node<'_>, ty: &FieldType) -> Option<(u64, Option<u64>)> {
    let (least, most) = match ty {
        FieldType::List(_) => (schema.number("minItems"), schema.number("maxItems")),
        _ => (schema.number("minLength"), schema.number("maxLength")),
    };
    (least.is_some() || most.is_some()).then(|| (least.unwrap_or_default(), most))
}

fn range(schema: &Node<'_>, ty: &FieldType) -> Option<(Option<Number>, Option<Number>)> {
    if !matches!(ty, FieldType::Primitive(Primitive::Integer | Primitive::Number)) {
        return None;
    }
    let bound = |key| match schema.value().get(key) {
        Some(Value::Number(number)) => Some(Number(number.to_string())),
        _ => None,
    };
    let (least, most) = (bound("minimum"), bound("maximum"));
    (least.is_some() || most.is_some()).then_some((least, most))
}

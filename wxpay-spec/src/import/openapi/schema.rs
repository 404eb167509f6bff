use serde_yaml::Value;

use super::field::fields;
use super::node::Node;
use super::{enumeration, format};
use crate::model::{FieldType, Primitive};

/// Keys that the field around a schema reads, or that say nothing that a descriptor needs.
const KNOWN: [&str; 21] = [
    "type",
    "format",
    "contentMediaType",
    "contentSchema",
    "properties",
    "required",
    "items",
    "title",
    "description",
    "example",
    "enum",
    "x-enum-titles",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "pattern",
    "x-required-disputed",
    "x-single-source",
];

/// The type that a schema describes.
pub(super) fn read(schema: &Node<'_>) -> FieldType {
    expect_known(schema);
    if schema.is_too_deep() {
        schema.remark("nested without end: taken as JSON of any shape");
        return FieldType::Primitive(Primitive::Json);
    }
    if is_json_text(schema) {
        return json_text(schema);
    }
    let kind = kind(schema);
    if schema.value().get("enum").is_some()
        && !matches!(kind.as_deref(), Some("string" | "integer"))
    {
        schema.remark("only texts and integers have known values: `enum` was left out");
    }
    match kind.as_deref() {
        Some("string") => {
            enumeration::read(schema, false).unwrap_or_else(|| format::string(schema))
        }
        Some("integer") => {
            enumeration::read(schema, true).unwrap_or(FieldType::Primitive(Primitive::Integer))
        }
        Some("number") => FieldType::Primitive(Primitive::Number),
        Some("boolean") => FieldType::Primitive(Primitive::Boolean),
        Some("array") => list(schema),
        Some("object") => object(schema),
        None if schema.value().get("properties").is_some() => object(schema),
        _ => {
            schema.remark("no type that is known: taken as JSON of any shape");
            FieldType::Primitive(Primitive::Json)
        }
    }
}

/// Remarks what a schema says and no descriptor can.
pub(super) fn expect_known(schema: &Node<'_>) {
    schema.expect_only(&KNOWN);
}

/// The type's word; of several, as OpenAPI 3.1 allows, the first that is not `null`.
fn kind(schema: &Node<'_>) -> Option<String> {
    schema.text("type").or_else(|| schema.texts("type").into_iter().find(|word| word != "null"))
}

fn object(schema: &Node<'_>) -> FieldType {
    let fields = fields(schema);
    if fields.is_empty() {
        return FieldType::Primitive(Primitive::Json);
    }
    FieldType::Object(fields)
}

fn list(schema: &Node<'_>) -> FieldType {
    let element = schema.get("items").map(|items| {
        let items = items.called(format!("{}[]", schema.place()));
        remark_bounds(&items);
        read(&items)
    });
    match element {
        Some(FieldType::List(_)) => {
            schema.remark("a list of lists: its elements are taken as JSON of any shape");
            FieldType::List(Box::new(FieldType::Primitive(Primitive::Json)))
        }
        Some(element) => FieldType::List(Box::new(element)),
        None => {
            schema.remark("a list without `items`: its elements are taken as JSON of any shape");
            FieldType::List(Box::new(FieldType::Primitive(Primitive::Json)))
        }
    }
}

fn remark_bounds(items: &Node<'_>) {
    for key in ["minLength", "maxLength", "minimum", "maximum", "pattern"] {
        if items.value().get(key).is_some() {
            items.remark(format!("`{key}` of a list's element was left out"));
        }
    }
}

fn is_json_text(schema: &Node<'_>) -> bool {
    let format = schema.text("format");
    let is_text = kind(schema).as_deref() == Some("string");
    is_text
        && (schema.text("contentMediaType").as_deref() == Some("application/json")
            || matches!(format.as_deref(), Some("json-object" | "json-array")))
}

/// A text that holds JSON; what is inside may stand in `contentSchema` or beside the text's own keys.
fn json_text(schema: &Node<'_>) -> FieldType {
    let beside = fields(schema);
    let content = if let Some(inside) = schema.get("contentSchema") {
        read(&inside)
    } else if !beside.is_empty() {
        FieldType::Object(beside)
    } else if schema.value().get("items").is_some_and(Value::is_mapping) {
        list(schema)
    } else {
        FieldType::Primitive(Primitive::Json)
    };
    FieldType::JsonText(Box::new(content))
}

//! Reads the type that a schema describes: scalars, enums, objects, lists and JSON in texts.

use std::collections::HashSet;

use serde_yaml::Value;

use super::extension;
use super::node::DocumentNode;
use super::schema::{LEVELS, fields};
use super::union;
use crate::grammar::ENUM_VALUE;
use crate::model::{EnumValue, FieldType, Primitive, Secret, StringFormat};
use crate::suggestion::closest;

pub(super) const JSON: FieldType = FieldType::Primitive(Primitive::Json);
pub(super) const TEXT: FieldType = FieldType::Primitive(Primitive::String(None));

/// The words of `type`.
const KINDS: [&str; 7] = ["string", "integer", "number", "boolean", "array", "object", "null"];

/// The keys of schemas that the reader knows, or that descriptors do not need.
const KNOWN: [&str; 29] = [
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
    "examples",
    "enum",
    "const",
    "oneOf",
    "anyOf",
    "nullable",
    "additionalProperties",
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
    "x-superseded",
    "x-superseded-values",
];

/// Reads the type that a schema describes.
pub(super) fn field_type(schema: &DocumentNode<'_>) -> FieldType {
    if !schema.spend(0) {
        return JSON;
    }
    extension::named(schema).map_or_else(|| shape(schema), FieldType::Named)
}

/// Reads the type that a schema writes out.
pub(super) fn shape(schema: &DocumentNode<'_>) -> FieldType {
    if schema.is_too_deep() || schema.level() > LEVELS {
        schema.remark("nested too deep: taken as JSON of any shape");
        return JSON;
    }
    expect_known(schema);
    let kinds = kinds(schema);
    let alternatives = union::alternatives(schema, !kinds.is_empty());
    let own = match kinds.as_slice() {
        [] if !alternatives.is_empty() => return union::joined(schema, alternatives),
        [] => of_kind(schema, None),
        [only] => of_kind(schema, Some(only)),
        all if is_any(schema, all) => JSON,
        several => {
            let types = several.iter().map(|kind| of_kind(schema, Some(kind)));
            union::joined(schema, types.collect())
        }
    };
    if alternatives.is_empty() { own } else { union::beside(schema, own, alternatives) }
}

/// Remarks the keys of a schema that descriptors cannot say.
pub(super) fn expect_known(schema: &DocumentNode<'_>) {
    schema.expect_only(&KNOWN);
    let open = schema.raw("additionalProperties");
    let is_telling = open.and_then(Value::as_mapping).is_some_and(|schema| !schema.is_empty());
    if is_telling && schema.raw("properties").is_some() {
        schema.remark("`additionalProperties` was left out: only named members can be described");
    }
}

/// The words of `type` other than `null`. Without it, what the other keys imply.
fn kinds(schema: &DocumentNode<'_>) -> Vec<String> {
    let given = match schema.text("type") {
        Some(kind) => vec![kind],
        None => schema.texts("type"),
    };
    if !given.is_empty() {
        return given.into_iter().filter(|kind| kind != "null").collect();
    }
    let implied = match schema.raw("const").or_else(|| schema.raw("enum")?.get(0)) {
        Some(Value::String(_)) => Some("string"),
        Some(Value::Number(number)) if number.is_i64() => Some("integer"),
        _ if schema.raw("properties").is_some() => Some("object"),
        _ if schema.raw("items").is_some() => Some("array"),
        _ => None,
    };
    implied.into_iter().map(str::to_owned).collect()
}

/// Whether `type` lists every kind of value, and no other key says more.
fn is_any(schema: &DocumentNode<'_>, kinds: &[String]) -> bool {
    let has = |kind: &str| kinds.iter().any(|listed| listed == kind);
    ["string", "number", "boolean", "array", "object"].into_iter().all(has)
        && ["properties", "items", "enum", "const"].iter().all(|key| schema.raw(key).is_none())
}

fn of_kind(schema: &DocumentNode<'_>, kind: Option<&str>) -> FieldType {
    if is_json_text(schema, kind) {
        return json_text(schema);
    }
    if schema.raw("enum").is_some() && !matches!(kind, Some("string" | "integer")) {
        schema.remark("only texts and integers have known values: `enum` was left out");
    }
    match kind {
        Some("string") => enumeration(schema, false).unwrap_or_else(|| string(schema)),
        Some("integer") => {
            enumeration(schema, true).unwrap_or(FieldType::Primitive(Primitive::Integer))
        }
        Some("number") => FieldType::Primitive(Primitive::Number),
        Some("boolean") => FieldType::Primitive(Primitive::Boolean),
        Some("array") => list(schema),
        Some("object") => object(schema),
        Some(word) => unknown(schema, word),
        None => {
            schema.remark("no type: taken as JSON of any shape");
            JSON
        }
    }
}

fn unknown(schema: &DocumentNode<'_>, word: &str) -> FieldType {
    let meant = closest(word, KINDS.iter().copied());
    let help = meant.map(|meant| format!(", did you mean `{meant}`?")).unwrap_or_default();
    schema.remark(format!("unknown type `{word}`{help}: taken as JSON of any shape"));
    JSON
}

fn object(schema: &DocumentNode<'_>) -> FieldType {
    let fields = fields(schema);
    if fields.is_empty() { JSON } else { FieldType::Object(fields) }
}

fn list(schema: &DocumentNode<'_>) -> FieldType {
    let element = schema.get("items").map(|items| {
        let items = items.as_element_of(schema);
        remark_bounds(&items);
        field_type(&items)
    });
    match element {
        Some(FieldType::List(_)) => {
            schema.remark("a list of lists: its elements are taken as JSON of any shape");
            FieldType::List(Box::new(JSON))
        }
        Some(FieldType::JsonText(_)) => {
            schema.remark("a list of texts with JSON: its elements are taken as texts");
            FieldType::List(Box::new(TEXT))
        }
        Some(element) => FieldType::List(Box::new(element)),
        None => {
            schema.remark("a list without `items`: its elements are taken as JSON of any shape");
            FieldType::List(Box::new(JSON))
        }
    }
}

fn remark_bounds(items: &DocumentNode<'_>) {
    for key in ["minLength", "maxLength", "minimum", "maximum", "pattern"] {
        if items.raw(key).is_some() {
            items.remark(format!("`{key}` of a list's element was left out"));
        }
    }
}

fn is_json_text(schema: &DocumentNode<'_>, kind: Option<&str>) -> bool {
    let format = schema.text("format");
    kind == Some("string")
        && (schema.text("contentMediaType").as_deref() == Some("application/json")
            || matches!(format.as_deref(), Some("json-object" | "json-array")))
}

/// Reads a text that holds JSON. Its content is in `contentSchema`, or beside the text's own keys.
fn json_text(schema: &DocumentNode<'_>) -> FieldType {
    let content = if let Some(inside) = schema.get("contentSchema") {
        field_type(&inside.at_level(schema.level() + 1))
    } else if schema.raw("properties").is_some() {
        object(schema)
    } else if schema.raw("items").is_some_and(Value::is_mapping) {
        list(schema)
    } else {
        JSON
    };
    let content = match content {
        FieldType::JsonText(_) => {
            schema.remark("JSON in JSON in a text: its content is taken as JSON of any shape");
            JSON
        }
        content => content,
    };
    FieldType::JsonText(Box::new(content))
}

/// Reads the values that a schema lists, with their labels.
fn enumeration(schema: &DocumentNode<'_>, integer: bool) -> Option<FieldType> {
    // In documents of descriptors it is what the client writes.
    let only = schema.raw("const").filter(|_| !schema.is_exported());
    let listed = match (schema.raw("enum"), only) {
        (Some(listed), _) => listed.as_sequence()?.iter().collect(),
        (None, Some(only)) => vec![only],
        (None, None) => return None,
    };
    let superseded: HashSet<String> = schema.texts("x-superseded-values").into_iter().collect();
    let mut seen = HashSet::new();
    let mut values = Vec::new();
    for value in listed {
        if value.is_null() {
            continue;
        }
        let Some(wire) = wire(value, integer) else {
            schema.remark("an enum value of another type was left out");
            continue;
        };
        let title = title(schema, &wire);
        if !schema.spend(wire.len() + title.as_ref().map_or(0, String::len)) {
            break;
        }
        if seen.insert(wire.clone()) {
            let superseded = superseded.contains(&wire);
            values.push(EnumValue { title, wire, superseded, rust: None });
        }
    }
    extension::names(schema, &mut values);
    (!values.is_empty()).then_some(FieldType::Enum { integer, values })
}

fn wire(value: &Value, integer: bool) -> Option<String> {
    match value {
        Value::String(text) if integer => text.parse::<i64>().ok().map(|number| number.to_string()),
        Value::String(text) => {
            Some(text.clone()).filter(|text| !text.trim().is_empty() && ENUM_VALUE.accepts(text))
        }
        Value::Number(number) if !integer || number.is_i64() => Some(number.to_string()),
        Value::Bool(truth) if !integer => Some(truth.to_string()),
        _ => None,
    }
}

fn title(schema: &DocumentNode<'_>, wire: &str) -> Option<String> {
    let title = schema.raw("x-enum-titles")?.get(wire)?.as_str()?.trim();
    (!title.is_empty()).then(|| title.to_owned())
}

/// Reads a text with the format that its schema names.
fn string(schema: &DocumentNode<'_>) -> FieldType {
    let Some(format) = schema.text("format") else { return TEXT };
    if format == "encrypted" {
        return FieldType::Primitive(Primitive::Secret(Secret::Text));
    }
    let known = known(&format);
    if known.is_none() {
        schema.remark(format!("unknown format `{format}`: taken as a text"));
    }
    FieldType::Primitive(Primitive::String(known))
}

fn known(format: &str) -> Option<StringFormat> {
    let format = match format {
        "date-time" => return Some(StringFormat::DateTime),
        "date" | "compact-time" | "month-year" | "uri" | "data-uri" | "media-id" | "media-url"
        | "numeric" => format,
        "yyyyMMddHHmmss" => "compact-time",
        "mm/yy" => "month-year",
        "rfc2397" => "data-uri",
        _ => return None,
    };
    Some(StringFormat::Other(format.to_owned()))
}

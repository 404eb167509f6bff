//! Reads schemas: object members, types, enums and formats.

use regex_lite::Regex;
use serde_yaml::Value;

use super::document::DocumentNode;
use super::extension;
use crate::import::field;
use crate::model::{EnumValue, Example, Field, FieldType, Number, Primitive, Secret, StringFormat};

/// Facts about a field from outside its schema.
#[derive(Debug, Default)]
pub(super) struct Outside<'d> {
    pub(super) optional: bool,
    pub(super) title: Option<String>,
    pub(super) example: Option<&'d Value>,
}

/// Reads the members of an object's schema. Members whose presence is disputed are optional.
pub(super) fn fields(schema: &DocumentNode<'_>) -> Vec<Field> {
    let required = schema.texts("required");
    let disputed = schema.texts("x-required-disputed");
    let Some(properties) = schema.get("properties") else {
        return Vec::new();
    };
    let member = |(name, node): (&str, DocumentNode<'_>)| {
        let is_required = required.iter().any(|other| other == name)
            && !disputed.iter().any(|other| other == name)
            && !node.says("x-single-source");
        field(name, &node, Outside { optional: !is_required, ..Outside::default() })
    };
    properties.members().map(member).collect()
}

pub(super) fn field(name: &str, schema: &DocumentNode<'_>, outside: Outside<'_>) -> Field {
    let ty = field_type(schema);
    if matches!(ty, FieldType::Named(_)) && schema.reference().is_some() {
        // The other facts are those of the type.
        let Outside { optional, title, .. } = outside;
        return Field { optional, title, ..field::plain(name, ty) };
    }
    let title = outside.title.or_else(|| schema.text("title"));
    let (title, note) = match (title, schema.text("description")) {
        (None, described) if !schema.is_exported() => (described, None),
        (title, described) => (title, described),
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
    extension::field(schema, &mut field);
    let given = outside.example.or_else(|| schema.value().get("example"));
    field.example = given.and_then(|given| fitting(schema, given, &field));
    field
}

/// Creates a required text without other facts.
pub(super) fn text_field(name: &str) -> Field {
    field::plain(name, FieldType::Primitive(Primitive::String(None)))
}

fn fitting(schema: &DocumentNode<'_>, given: &Value, field: &Field) -> Option<Example> {
    let json = serde_json::to_value(given).ok();
    let example = json.and_then(|json| field::fitting_example(&json, field));
    if example.is_none() && !given.is_null() {
        schema.remark("the example does not fit the field and was left out");
    }
    example
}

/// Reads a pattern. Descriptors have no look-around and no back references, which take unlimited time.
fn pattern(schema: &DocumentNode<'_>) -> Option<String> {
    let pattern = schema.text("pattern")?;
    if Regex::new(&pattern).is_err() {
        schema
            .remark(format!("the pattern `{pattern}` was left out: descriptors do not support it"));
        return None;
    }
    Some(pattern)
}

fn is_text(ty: &FieldType) -> bool {
    matches!(
        ty,
        FieldType::Primitive(Primitive::String(_) | Primitive::Secret(_))
            | FieldType::Enum { integer: false, .. }
    )
}

fn length(schema: &DocumentNode<'_>, ty: &FieldType) -> Option<(u64, Option<u64>)> {
    let (least, most) = match ty {
        FieldType::List(_) => (schema.number("minItems"), schema.number("maxItems")),
        _ => (schema.number("minLength"), schema.number("maxLength")),
    };
    (least.is_some() || most.is_some()).then(|| (least.unwrap_or_default(), most))
}

fn range(schema: &DocumentNode<'_>, ty: &FieldType) -> Option<(Option<Number>, Option<Number>)> {
    let is_number = matches!(
        ty,
        FieldType::Primitive(Primitive::Integer | Primitive::Number)
            | FieldType::Enum { integer: true, .. }
    );
    if !is_number {
        return None;
    }
    let bound = |key| match schema.value().get(key) {
        Some(Value::Number(number)) => Some(Number(number.to_string())),
        _ => None,
    };
    let (least, most) = (bound("minimum"), bound("maximum"));
    (least.is_some() || most.is_some()).then_some((least, most))
}

/// The keys of schemas that the reader knows, or that descriptors do not need.
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

/// Reads the type that a schema describes.
pub(super) fn field_type(schema: &DocumentNode<'_>) -> FieldType {
    extension::named(schema).map_or_else(|| shape(schema), FieldType::Named)
}

/// Reads the type that a schema writes out.
pub(super) fn shape(schema: &DocumentNode<'_>) -> FieldType {
    expect_known(schema);
    if schema.is_too_deep() {
        schema.remark("nested too deep: taken as JSON of any shape");
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
        Some("string") => enumeration(schema, false).unwrap_or_else(|| string(schema)),
        Some("integer") => {
            enumeration(schema, true).unwrap_or(FieldType::Primitive(Primitive::Integer))
        }
        Some("number") => FieldType::Primitive(Primitive::Number),
        Some("boolean") => FieldType::Primitive(Primitive::Boolean),
        Some("array") => list(schema),
        Some("object") => object(schema),
        None if schema.value().get("properties").is_some() => object(schema),
        _ => {
            schema.remark("unknown type: taken as JSON of any shape");
            FieldType::Primitive(Primitive::Json)
        }
    }
}

/// Remarks the keys of a schema that descriptors cannot say.
pub(super) fn expect_known(schema: &DocumentNode<'_>) {
    schema.expect_only(&KNOWN);
}

/// Reads `type`. Of several, as OpenAPI 3.1 allows, it takes the first that is not `null`.
fn kind(schema: &DocumentNode<'_>) -> Option<String> {
    schema.text("type").or_else(|| schema.texts("type").into_iter().find(|word| word != "null"))
}

fn object(schema: &DocumentNode<'_>) -> FieldType {
    let fields = fields(schema);
    if fields.is_empty() {
        return FieldType::Primitive(Primitive::Json);
    }
    FieldType::Object(fields)
}

fn list(schema: &DocumentNode<'_>) -> FieldType {
    let element = schema.get("items").map(|items| {
        let items = items.called(format!("{}[]", schema.place()));
        remark_bounds(&items);
        field_type(&items)
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

fn remark_bounds(items: &DocumentNode<'_>) {
    for key in ["minLength", "maxLength", "minimum", "maximum", "pattern"] {
        if items.value().get(key).is_some() {
            items.remark(format!("`{key}` of a list's element was left out"));
        }
    }
}

fn is_json_text(schema: &DocumentNode<'_>) -> bool {
    let format = schema.text("format");
    let is_text = kind(schema).as_deref() == Some("string");
    is_text
        && (schema.text("contentMediaType").as_deref() == Some("application/json")
            || matches!(format.as_deref(), Some("json-object" | "json-array")))
}

/// Reads a text that holds JSON. Its content is in `contentSchema`, or beside the text's own keys.
fn json_text(schema: &DocumentNode<'_>) -> FieldType {
    let beside = fields(schema);
    let content = if let Some(inside) = schema.get("contentSchema") {
        field_type(&inside)
    } else if !beside.is_empty() {
        FieldType::Object(beside)
    } else if schema.value().get("items").is_some_and(Value::is_mapping) {
        list(schema)
    } else {
        FieldType::Primitive(Primitive::Json)
    };
    FieldType::JsonText(Box::new(content))
}

/// Reads the values that a schema lists, with their labels.
fn enumeration(schema: &DocumentNode<'_>, integer: bool) -> Option<FieldType> {
    let listed = schema.value().get("enum")?.as_sequence()?;
    let mut values: Vec<EnumValue> = Vec::new();
    for value in listed {
        let Some(wire) = wire(value, integer) else {
            schema.remark("an enum value of another type was left out");
            continue;
        };
        if !values.iter().any(|other| other.wire == wire) {
            values.push(EnumValue { title: title(schema, &wire), wire, rust: None });
        }
    }
    extension::names(schema, &mut values);
    (!values.is_empty()).then_some(FieldType::Enum { integer, values })
}

fn wire(value: &Value, integer: bool) -> Option<String> {
    match value {
        Value::String(text) if integer => text.parse::<i64>().ok().map(|number| number.to_string()),
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) if !integer || number.is_i64() => Some(number.to_string()),
        Value::Bool(truth) if !integer => Some(truth.to_string()),
        _ => None,
    }
}

fn title(schema: &DocumentNode<'_>, wire: &str) -> Option<String> {
    schema.get("x-enum-titles")?.text(wire)
}

/// Reads a text with the format that its schema names.
fn string(schema: &DocumentNode<'_>) -> FieldType {
    let Some(format) = schema.text("format") else {
        return FieldType::Primitive(Primitive::String(None));
    };
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

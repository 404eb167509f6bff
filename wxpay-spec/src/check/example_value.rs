//! Reads the value of an example and checks it against its type and bounds.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use crate::cursor::Cursor;
use crate::model::{
    EnumValue, Field, FieldType, NamedType, Number, Primitive, Shape, TypeId, sorted_json,
};
use crate::read;
use crate::suggestion::suggest;
use crate::yaml::NodeKind;

pub(super) type Types = BTreeMap<TypeId, NamedType>;

/// Reads an example as JSON, and checks it against the type and the bounds of its field.
pub(super) fn example_value(
    at: &Cursor<'_>,
    field: &Cursor<'_>,
    ty: &FieldType,
    types: &Types,
) -> Option<Value> {
    let value = value(at, ty, types)?;
    length(at, field, &value);
    range(at, field, &value);
    Some(value)
}

fn value(at: &Cursor<'_>, ty: &FieldType, types: &Types) -> Option<Value> {
    match ty {
        FieldType::Primitive(primitive) => self::primitive(at, primitive),
        FieldType::Enum { integer, values } => enumeration(at, *integer, values),
        FieldType::Object(fields) => object(at, fields, types),
        FieldType::List(element) => list(at, element, types),
        FieldType::JsonText(content) => json_text(at, content, types),
        FieldType::Named(id) => match &types.get(id)?.shape {
            Shape::Object { fields, .. } => object(at, fields, types),
            Shape::Enum { integer, values } => enumeration(at, *integer, values),
        },
    }
}

fn primitive(at: &Cursor<'_>, primitive: &Primitive) -> Option<Value> {
    match primitive {
        Primitive::String(_) | Primitive::Secret(_) => {
            let text = at.text().map(|text| Value::String(text.to_owned()));
            fitting(at, text, "a text")
        }
        Primitive::Integer => {
            fitting(at, at.json().filter(Value::is_i64), "an integer without quotes")
        }
        Primitive::Number => {
            fitting(at, at.json().filter(Value::is_number), "a number without quotes")
        }
        Primitive::Boolean => fitting(at, at.json().filter(Value::is_boolean), "`true` or `false`"),
        Primitive::Json => open(at),
    }
}

fn fitting(at: &Cursor<'_>, value: Option<Value>, expected: &str) -> Option<Value> {
    if value.is_none() && at.kind().is_some() {
        at.error("the example does not fit the type", Some(format!("expected {expected}")));
    }
    value
}

fn open(at: &Cursor<'_>) -> Option<Value> {
    match at.kind()? {
        NodeKind::Null | NodeKind::Scalar => {
            fitting(at, at.json(), "a number that JSON can hold, or a text in quotes")
        }
        NodeKind::List => Some(Value::Array(at.items().filter_map(|item| open(&item)).collect())),
        NodeKind::Mapping => {
            let members =
                at.entries().filter_map(|(key, value)| Some((key.to_owned(), open(&value)?)));
            Some(Value::Object(members.collect()))
        }
    }
}

fn enumeration(at: &Cursor<'_>, integer: bool, values: &[EnumValue]) -> Option<Value> {
    // An enum without values is already reported, and its examples cannot be checked.
    if values.is_empty() {
        return None;
    }
    let text = at.text();
    let known = text.and_then(|text| values.iter().find(|value| value.wire == text));
    let Some(known) = known else {
        if let Some(kind) = at.kind() {
            let given = if kind == NodeKind::Scalar { text.unwrap_or_default() } else { "this" };
            let names: Vec<&str> = values.iter().map(|value| value.wire.as_str()).collect();
            at.error(
                &format!("the example `{given}` is not a value of the enum"),
                suggest(given, names),
            );
        }
        return None;
    };
    if integer {
        return fitting(at, at.json().filter(Value::is_i64), "an integer without quotes");
    }
    Some(Value::String(known.wire.clone()))
}

fn object(at: &Cursor<'_>, fields: &[Field], types: &Types) -> Option<Value> {
    if at.kind()? != NodeKind::Mapping {
        return fitting(at, None, "a mapping with the members of the object");
    }
    let mut members = Map::new();
    let known: HashMap<&str, &Field> =
        fields.iter().map(|field| (field.name.as_str(), field)).collect();
    for (name, value) in at.entries() {
        match known.get(name) {
            Some(field) => {
                let value = self::value(&value, &field.ty, types);
                members.extend(value.map(|value| (name.to_owned(), value)));
            }
            None => {
                let names = fields.iter().map(|field| field.name.as_str());
                value
                    .key_error(&format!("the object has no member `{name}`"), suggest(name, names));
            }
        }
    }
    Some(Value::Object(members))
}

fn list(at: &Cursor<'_>, element: &FieldType, types: &Types) -> Option<Value> {
    if at.kind()? != NodeKind::List {
        return fitting(at, None, "a list");
    }
    Some(Value::Array(at.items().filter_map(|item| value(&item, element, types)).collect()))
}

/// Reads the text on the wire: as written, or printed from a mapping or a list.
fn json_text(at: &Cursor<'_>, content: &FieldType, types: &Types) -> Option<Value> {
    let Some(text) = at.text() else {
        return value(at, content, types)
            .map(|inside| Value::String(sorted_json(inside).to_string()));
    };
    let inside =
        serde_json::from_str::<Value>(text).ok().filter(|inside| is_like(inside, content, types));
    fitting(
        at,
        inside.map(|_| Value::String(text.to_owned())),
        "JSON of the content's type as a text",
    )
}

/// Whether JSON has the kind of a type. Values inside a JSON text have no position to report.
fn is_like(value: &Value, ty: &FieldType, types: &Types) -> bool {
    match ty {
        FieldType::Primitive(Primitive::Json) => true,
        FieldType::Primitive(Primitive::Integer) => value.is_i64(),
        FieldType::Primitive(Primitive::Number) => value.is_number(),
        FieldType::Primitive(Primitive::Boolean) => value.is_boolean(),
        FieldType::Primitive(_) | FieldType::JsonText(_) => value.is_string(),
        FieldType::Enum { integer, .. } => {
            if *integer {
                value.is_i64()
            } else {
                value.is_string()
            }
        }
        FieldType::Object(_) => value.is_object(),
        FieldType::List(_) => value.is_array(),
        FieldType::Named(id) => match types.get(id).map(|named| &named.shape) {
            Some(Shape::Object { .. }) => value.is_object(),
            Some(Shape::Enum { integer, .. }) => {
                if *integer {
                    value.is_i64()
                } else {
                    value.is_string()
                }
            }
            None => true,
        },
    }
}

fn length(at: &Cursor<'_>, field: &Cursor<'_>, value: &Value) {
    let Some((least, most)) = read::length(field) else {
        return;
    };
    let (length, unit) = match value {
        Value::String(text) => (text.chars().count(), "characters"),
        Value::Array(items) => (items.len(), "elements"),
        _ => return,
    };
    let fits = u64::try_from(length)
        .is_ok_and(|length| least <= length && most.is_none_or(|most| length <= most));
    if !fits {
        let help = field.text_of("length").map(|length| format!("expected a length of `{length}`"));
        at.error(&format!("the example has {length} {unit}"), help);
    }
}

fn range(at: &Cursor<'_>, field: &Cursor<'_>, value: &Value) {
    let Some((least, most)) = read::range(field) else {
        return;
    };
    let Some(number) = value.as_f64() else { return };
    let bound = |bound: Option<Number>| bound.and_then(|Number(text)| text.parse::<f64>().ok());
    let below = bound(least).is_some_and(|least| number < least);
    let above = bound(most).is_some_and(|most| number > most);
    if below || above {
        let help = field.text_of("range").map(|range| format!("expected a number in `{range}`"));
        at.error(&format!("the example {value} is out of range"), help);
    }
}

use serde_yaml::Value;

use super::node::Node;
use crate::model::{EnumValue, FieldType};

/// The values that a schema lists, with their labels.
pub(super) fn read(schema: &Node<'_>, integer: bool) -> Option<FieldType> {
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

fn title(schema: &Node<'_>, wire: &str) -> Option<String> {
    schema.get("x-enum-titles")?.text(wire)
}

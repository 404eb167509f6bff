use serde_json::{Map, Value as Json};
use serde_yaml::Value;

use crate::model::{Example, Field, FieldType, Number, Primitive};

/// An example of a field, in the JSON type that the field has; none if it is of another kind or
/// outside the field's own bounds.
pub(super) fn read(given: &Value, field: &Field) -> Option<Example> {
    let value = value(given, &field.ty)?;
    (fits_length(&value, field) && fits_range(&value, field)).then_some(Example(value))
}

fn value(given: &Value, ty: &FieldType) -> Option<Json> {
    match ty {
        FieldType::Primitive(primitive) => self::primitive(given, primitive),
        FieldType::Enum { integer, values } => {
            let text = text(given)?;
            values.iter().find(|known| known.wire == text)?;
            if *integer { text.parse::<i64>().ok().map(Json::from) } else { Some(Json::from(text)) }
        }
        FieldType::Object(fields) => object(given, fields),
        FieldType::List(element) => match given {
            Value::Sequence(items) => items.iter().map(|item| value(item, element)).collect(),
            single => Some(Json::Array(vec![value(single, element)?])),
        },
        FieldType::JsonText(content) => json_text(given, content),
        FieldType::Named(_) => None,
    }
}

fn primitive(given: &Value, primitive: &Primitive) -> Option<Json> {
    match primitive {
        Primitive::String(_) | Primitive::Secret(_) => text(given).map(Json::from),
        Primitive::Integer => text(given)?.parse::<i64>().ok().map(Json::from),
        Primitive::Number => {
            let text = text(given)?;
            serde_json::from_str::<Json>(&text).ok().filter(Json::is_number)
        }
        Primitive::Boolean => text(given)?.parse::<bool>().ok().map(Json::from),
        Primitive::Json => json(given),
    }
}

fn text(given: &Value) -> Option<String> {
    match given {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn json(given: &Value) -> Option<Json> {
    serde_json::to_value(given).ok().filter(|value| !value.is_null())
}

/// An object in which every member is known and fits.
fn object(given: &Value, fields: &[Field]) -> Option<Json> {
    let mut members = Map::new();
    for (name, inside) in given.as_mapping()? {
        let field = fields.iter().find(|field| Some(field.name.as_str()) == name.as_str())?;
        members.insert(field.name.clone(), value(inside, &field.ty)?);
    }
    Some(Json::Object(members))
}

fn json_text(given: &Value, content: &FieldType) -> Option<Json> {
    let Value::String(text) = given else {
        return Some(Json::String(value(given, content)?.to_string()));
    };
    let inside: Value = serde_json::from_str(text).ok()?;
    value(&inside, content)?;
    Some(Json::String(text.clone()))
}

fn fits_length(value: &Json, field: &Field) -> bool {
    let Some((least, most)) = field.length else { return true };
    let length = match value {
        Json::String(text) => text.chars().count(),
        Json::Array(items) => items.len(),
        _ => return true,
    };
    u64::try_from(length)
        .is_ok_and(|length| least <= length && most.is_none_or(|most| length <= most))
}

fn fits_range(value: &Json, field: &Field) -> bool {
    let (Some((least, most)), Some(number)) = (&field.range, value.as_f64()) else { return true };
    let bound =
        |bound: &Option<Number>| bound.as_ref().and_then(|Number(text)| text.parse::<f64>().ok());
    bound(least).is_none_or(|least| least <= number)
        && bound(most).is_none_or(|most| number <= most)
}

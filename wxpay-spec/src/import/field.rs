//! Imported fields: plain ones, computed ones, and examples that fit.

use serde_json::{Map, Value as Json};

use crate::model::{Computed, Empty, Example, Field, FieldType, Number, Primitive};

/// Creates a required field from its name and its type.
pub(super) fn plain(name: &str, ty: FieldType) -> Field {
    Field {
        name: name.to_owned(),
        optional: false,
        ty,
        title: None,
        note: None,
        superseded: false,
        example: None,
        length: None,
        range: None,
        pattern: None,
        empty: Empty::Absent,
        not_with: None,
        computed: None,
        rust: None,
        corrects: None,
    }
}

/// Converts a member of an upload's `meta`. The client computes the digest and the name of the file.
pub(super) fn of_meta(field: Field) -> Field {
    let computed = match field.name.as_str() {
        "sha256" | "file_digest" => Computed::Sha256,
        "filename" | "file_name" => Computed::FileName,
        _ => return field,
    };
    let is_text = matches!(field.ty, FieldType::Primitive(Primitive::String(_)));
    if field.computed.is_some() || !is_text {
        return field;
    }
    Field { computed: Some(computed), optional: false, length: None, pattern: None, ..field }
}

/// Converts an example to the field's JSON type; `None` if it does not fit the type or the bounds.
pub(super) fn fitting_example(given: &Json, field: &Field) -> Option<Example> {
    let value = value(given, &field.ty)?;
    (fits_length(&value, field) && fits_range(&value, field)).then_some(Example(value))
}

fn value(given: &Json, ty: &FieldType) -> Option<Json> {
    match ty {
        FieldType::Primitive(primitive) => self::primitive(given, primitive),
        FieldType::Enum { integer, values } => {
            let text = text(given)?;
            values.iter().find(|known| known.wire == text)?;
            if *integer { text.parse::<i64>().ok().map(Json::from) } else { Some(Json::from(text)) }
        }
        FieldType::Object(fields) => object(given, fields),
        FieldType::List(element) => match given {
            Json::Array(items) => items.iter().map(|item| value(item, element)).collect(),
            single => Some(Json::Array(vec![value(single, element)?])),
        },
        FieldType::JsonText(content) => json_text(given, content),
        // Its members are elsewhere, so nothing here can tell whether an example fits.
        FieldType::Named(_) => None,
    }
}

fn primitive(given: &Json, primitive: &Primitive) -> Option<Json> {
    match primitive {
        Primitive::String(_) | Primitive::Secret(_) => text(given).map(Json::from),
        Primitive::Integer => text(given)?.parse::<i64>().ok().map(Json::from),
        Primitive::Number => {
            let text = text(given)?;
            serde_json::from_str::<Json>(&text).ok().filter(Json::is_number)
        }
        Primitive::Boolean => text(given)?.parse::<bool>().ok().map(Json::from),
        Primitive::Json => Some(given.clone()).filter(|given| !given.is_null()),
    }
}

fn text(given: &Json) -> Option<String> {
    match given {
        Json::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// Converts an object if every member is known and fits.
fn object(given: &Json, fields: &[Field]) -> Option<Json> {
    let mut members = Map::new();
    for (name, inside) in given.as_object()? {
        let field = fields.iter().find(|field| field.name == *name)?;
        members.insert(field.name.clone(), value(inside, &field.ty)?);
    }
    Some(Json::Object(members))
}

fn json_text(given: &Json, content: &FieldType) -> Option<Json> {
    let Json::String(text) = given else {
        return Some(Json::String(value(given, content)?.to_string()));
    };
    let inside: Json = serde_json::from_str(text).ok()?;
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

//! Chooses values for samples: the descriptors' examples, or any allowed value.

use serde_json::{Number, Value};
use wxpay_spec::model::{
    self, Computed, EnumValue, Field, FieldType, Primitive, Shape, Spec, StringFormat, Upload,
};

use crate::ir::Sample;
use crate::markdown::one_line;

/// The limits of a value from its field.
#[derive(Clone, Copy, Debug)]
struct Limits<'a> {
    example: Option<&'a Value>,
    length: Option<(u64, Option<u64>)>,
    least: Option<f64>,
    most: Option<f64>,
}

/// The value of a field in samples.
pub(crate) fn sample(spec: &Spec, field: &Field) -> Sample {
    let number = |text: &model::Number| text.0.parse::<f64>().ok();
    let (least, most) = match &field.range {
        Some((least, most)) => (least.as_ref().and_then(number), most.as_ref().and_then(number)),
        None => (None, None),
    };
    let example = field.example.as_ref().map(|example| &example.0);
    of_type(spec, &field.ty, Limits { example, length: field.length, least, most })
}

/// The text that readers see instead of a missing example: a label explains more than an invented
/// text.
pub(crate) fn placeholder(field: &Field) -> Option<String> {
    let ty = match &field.ty {
        FieldType::List(item) => item,
        ty => ty,
    };
    let example = field.example.as_ref().map(|example| &example.0);
    let is_open = match ty {
        FieldType::Primitive(Primitive::String(None) | Primitive::Secret(_)) => {
            example.is_none_or(|example| example == "")
        }
        _ => false,
    };
    let label = field.title.as_deref().map(one_line).filter(|title| !title.is_empty());
    label.filter(|_| is_open)
}

/// The name of an upload's file in samples.
pub(crate) fn file_name(upload: &Upload) -> String {
    let mut named = upload.meta.iter().filter(|field| field.computed == Some(Computed::FileName));
    let example = named.find_map(|field| field.example.as_ref()?.0.as_str());
    let is_pdf = upload.meta.iter().any(
        |field| matches!(&field.computed, Some(Computed::Constant(text)) if text.eq_ignore_ascii_case("pdf")),
    );
    example.unwrap_or(if is_pdf { "sample.pdf" } else { "sample.png" }).to_owned()
}

fn of_type(spec: &Spec, ty: &FieldType, limits: Limits<'_>) -> Sample {
    match ty {
        FieldType::Primitive(Primitive::Secret(_)) => secret(limits),
        FieldType::Primitive(primitive) => Sample::Plain(primitive_value(primitive, limits)),
        FieldType::Enum { integer, values } => Sample::Plain(known_value(*integer, values, limits)),
        FieldType::Named(id) => match spec.types.get(id).map(|named| &named.shape) {
            Some(Shape::Enum { integer, values }) => {
                Sample::Plain(known_value(*integer, values, limits))
            }
            Some(Shape::Object { .. }) | None => Sample::Parts(1),
        },
        FieldType::Object(_) => Sample::Parts(1),
        FieldType::List(item) => list(spec, item, limits),
        FieldType::JsonText(content) => {
            let text = limits.example.and_then(Value::as_str);
            let example = text.and_then(|text| serde_json::from_str(text).ok());
            of_type(spec, content, Limits { example: example.as_ref(), ..limits })
        }
    }
}

/// A list with as few elements as it may have, at least one.
fn list(spec: &Spec, item: &FieldType, limits: Limits<'_>) -> Sample {
    let least = limits.length.map_or(1, |(least, _)| least.max(1));
    let count = usize::try_from(least).unwrap_or(1);
    let given = limits.example.and_then(Value::as_array).filter(|list| !list.is_empty());
    let example = given.and_then(|list| list.first());
    match of_type(spec, item, Limits { example, length: None, ..limits }) {
        Sample::Plain(element) => match given {
            Some(list) => Sample::Plain(Value::Array(list.clone())),
            None => Sample::Plain(Value::Array(vec![element; count])),
        },
        secret @ Sample::Secret { .. } => secret,
        Sample::Parts(_) => Sample::Parts(count),
    }
}

fn secret(limits: Limits<'_>) -> Sample {
    let example = limits.example.and_then(Value::as_str).filter(|text| !text.is_empty());
    let example = example.map_or_else(|| bounded(default_text(None), limits), str::to_owned);
    Sample::Secret { length: limits.length, example }
}

fn known_value(integer: bool, values: &[EnumValue], limits: Limits<'_>) -> Value {
    if let Some(example) = limits.example {
        return example.clone();
    }
    let wire = values.first().map(|value| value.wire.as_str()).unwrap_or_default();
    match wire.parse::<i64>() {
        Ok(number) if integer => Value::from(number),
        _ => Value::from(wire),
    }
}

fn primitive_value(primitive: &Primitive, limits: Limits<'_>) -> Value {
    if let Some(example) = limits.example.filter(|example| **example != "") {
        return example.clone();
    }
    match primitive {
        Primitive::String(format) => Value::from(bounded(default_text(format.as_ref()), limits)),
        // The bounds of an integer, if any, are small whole numbers.
        Primitive::Integer => Value::from(within(1.0, limits) as i64),
        Primitive::Number => Number::from_f64(within(1.5, limits)).into(),
        Primitive::Boolean => Value::Bool(true),
        Primitive::Json => serde_json::json!({ "key": "value" }),
        Primitive::Secret(_) => Value::Null,
    }
}

fn within(wanted: f64, limits: Limits<'_>) -> f64 {
    let raised = limits.least.map_or(wanted, |least| wanted.max(least));
    limits.most.map_or(raised, |most| raised.min(most))
}

fn default_text(format: Option<&StringFormat>) -> &'static str {
    let format = match format {
        None => return "text",
        Some(StringFormat::DateTime) => return "2025-01-01T12:00:00+08:00",
        Some(StringFormat::Other(format)) => format.as_str(),
    };
    match format {
        "date" => "2025-01-01",
        "compact-time" => "20250101120000",
        "uri" | "media-url" => "https://pay.weixin.qq.com/",
        "numeric" => "1",
        _ => "text",
    }
}

/// Repeats or cuts a text to an allowed length.
fn bounded(text: &str, limits: Limits<'_>) -> String {
    let Some((least, most)) = limits.length else { return text.to_owned() };
    let natural = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    let length = natural.max(least).min(most.unwrap_or(u64::MAX));
    text.chars().cycle().take(usize::try_from(length).unwrap_or(usize::MAX)).collect()
}

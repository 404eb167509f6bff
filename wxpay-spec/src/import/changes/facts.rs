use std::fmt;

use crate::model::{EnumValue, Field, FieldType, Number, Primitive, Secret, StringFormat};

/// What is said about a field, by the descriptor's keys; empty where nothing is said.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Facts(Vec<(&'static str, String)>);

impl Facts {
    pub(super) fn new(facts: Vec<(&'static str, String)>) -> Self {
        Self(facts)
    }

    pub(super) fn of_field(field: &Field) -> Self {
        let number =
            |number: &Option<Number>| number.as_ref().map_or("", |Number(text)| text).to_owned();
        Self(vec![
            ("type", ty(&field.ty)),
            ("presence", if field.optional { "optional" } else { "required" }.to_owned()),
            ("title", field.title.clone().unwrap_or_default()),
            ("values", values(&field.ty).map(listed).unwrap_or_default()),
            ("labels", values(&field.ty).map(labels).unwrap_or_default()),
            (
                "example",
                field.example.as_ref().map(|example| example.0.to_string()).unwrap_or_default(),
            ),
            ("length", field.length.map(|(least, most)| length(least, most)).unwrap_or_default()),
            (
                "range",
                field
                    .range
                    .as_ref()
                    .map(|(a, b)| format!("{}..{}", number(a), number(b)))
                    .unwrap_or_default(),
            ),
            ("pattern", field.pattern.clone().unwrap_or_default()),
            ("note", field.note.clone().unwrap_or_default()),
            ("empty", field.empty.word().unwrap_or_default().to_owned()),
            ("not_with", field.not_with.clone().unwrap_or_default()),
            ("computed", if field.computed.is_some() { "by the client" } else { "" }.to_owned()),
        ])
    }

    pub(super) fn differences(
        &self,
        other: &Self,
    ) -> impl Iterator<Item = (&'static str, String, String)> {
        let pairs: Vec<_> = self
            .0
            .iter()
            .zip(&other.0)
            .filter(|((_, before), (_, after))| before != after)
            .map(|((fact, before), (_, after))| (*fact, before.clone(), after.clone()))
            .collect();
        pairs.into_iter()
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.0.iter().filter(|(_, text)| !text.is_empty());
        if let Some((_, first)) = said.next() {
            f.write_str(first)?;
        }
        said.try_for_each(|(fact, text)| match *fact {
            "presence" => write!(f, ", {text}"),
            fact => write!(f, ", {fact} {text}"),
        })
    }
}

fn length(least: u64, most: Option<u64>) -> String {
    most.map_or_else(|| format!("{least}.."), |most| format!("{least}..{most}"))
}

fn ty(ty: &FieldType) -> String {
    match ty {
        FieldType::Primitive(primitive) => self::primitive(primitive),
        FieldType::Enum { integer: true, .. } => "integer".to_owned(),
        FieldType::Enum { integer: false, .. } => "string".to_owned(),
        FieldType::Named(id) => format!("{}/{}", id.family, id.name),
        FieldType::Object(_) => "object".to_owned(),
        FieldType::List(element) => format!("list of {}", self::ty(element)),
        FieldType::JsonText(content) => format!("json-text of {}", self::ty(content)),
    }
}

fn primitive(primitive: &Primitive) -> String {
    match primitive {
        Primitive::String(None) => "string".to_owned(),
        Primitive::String(Some(StringFormat::DateTime)) => "string date-time".to_owned(),
        Primitive::String(Some(StringFormat::Other(format))) => format!("string {format}"),
        Primitive::Integer => "integer".to_owned(),
        Primitive::Number => "number".to_owned(),
        Primitive::Boolean => "boolean".to_owned(),
        Primitive::Json => "json".to_owned(),
        Primitive::Secret(Secret::Text) => "secret text".to_owned(),
        Primitive::Secret(Secret::Bytes) => "secret bytes".to_owned(),
    }
}

fn values(ty: &FieldType) -> Option<&[EnumValue]> {
    match ty {
        FieldType::Enum { values, .. } => Some(values),
        FieldType::List(inside) | FieldType::JsonText(inside) => values(inside),
        FieldType::Primitive(_) | FieldType::Named(_) | FieldType::Object(_) => None,
    }
}

/// The values as they stand on the wire.
pub(super) fn listed(values: &[EnumValue]) -> String {
    values.iter().map(|value| value.wire.as_str()).collect::<Vec<_>>().join(", ")
}

/// What the values are called.
pub(super) fn labels(values: &[EnumValue]) -> String {
    let label = |value: &EnumValue| Some(format!("{} {}", value.wire, value.title.as_ref()?));
    values.iter().filter_map(label).collect::<Vec<_>>().join(", ")
}

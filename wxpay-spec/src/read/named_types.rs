use super::{field, type_id};
use crate::cursor::Cursor;
use crate::model::{Direction, NamedType, Shape, TypeId};

/// A file below `types/`.
pub(crate) fn named_types(at: &Cursor<'_>, family: &str) -> Vec<(TypeId, NamedType)> {
    at.entries().map(|(name, entry)| (type_id(name, family), named_type(&entry, family))).collect()
}

fn named_type(at: &Cursor<'_>, family: &str) -> NamedType {
    NamedType {
        source: at.file().to_owned(),
        title: at.text_of("title"),
        note: at.text_of("note"),
        corrects: at.text_of("corrects"),
        shape: shape(at, family),
    }
}

fn shape(at: &Cursor<'_>, family: &str) -> Shape {
    match (at.get("fields"), at.get("enum")) {
        (None, Some(values)) => {
            let integer = at.text_of("type").as_deref() == Some("integer");
            Shape::Enum { integer, values: field::enum_values(&values, integer) }
        }
        (fields, _) => Shape::Object {
            direction: direction(at),
            fields: fields.map(|fields| field::fields(&fields, family)).unwrap_or_default(),
        },
    }
}

fn direction(at: &Cursor<'_>) -> Direction {
    match at.text_of("direction").as_deref() {
        Some("request") => Direction::Request,
        _ => Direction::Response,
    }
}

use super::enumeration;
use crate::cursor::Cursor;
use crate::model::{FieldType, Primitive};

pub(super) fn integer(at: &Cursor<'_>) -> FieldType {
    match at.get("enum") {
        Some(values) => enumeration::enumeration(&values, true),
        None => FieldType::Primitive(Primitive::Integer),
    }
}

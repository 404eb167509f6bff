use super::enumeration;
use crate::cursor::Cursor;
use crate::model::{Computed, FieldType, Primitive, Secret, StringFormat};

pub(super) fn string(at: &Cursor<'_>) -> FieldType {
    if let Some(values) = at.get("enum") {
        return enumeration::enumeration(&values, false);
    }
    FieldType::Primitive(match at.text_of("secret").as_deref() {
        Some("bytes") => Primitive::Secret(Secret::Bytes),
        Some(_) => Primitive::Secret(Secret::Text),
        None => Primitive::String(at.text_of("format").map(format)),
    })
}

fn format(word: String) -> StringFormat {
    if word == "date-time" { StringFormat::DateTime } else { StringFormat::Other(word) }
}

/// What the client fills in by itself.
pub(super) fn computed(at: &Cursor<'_>) -> Option<Computed> {
    match at.text_of("computed").as_deref() {
        Some("sha256") => Some(Computed::Sha256),
        Some("sm3") => Some(Computed::Sm3),
        Some("file-name") => Some(Computed::FileName),
        _ => at.text_of("constant").map(Computed::Constant),
    }
}

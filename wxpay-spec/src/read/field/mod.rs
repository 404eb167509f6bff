pub(crate) mod bounds;
mod enumeration;
mod integer;
mod json_text;
mod list;
mod member;
mod object;
mod string;

pub(super) use enumeration::values as enum_values;
pub(super) use member::fields;

use super::type_id;
use crate::cursor::Cursor;
use crate::model::{FieldType, Primitive};

/// The type that a field, an element or a content describes; open JSON where it is not known.
fn field_type(at: &Cursor<'_>, family: &str) -> FieldType {
    match at.text_of("type").as_deref() {
        Some("string") => string::string(at),
        Some("integer") => integer::integer(at),
        Some("number") => FieldType::Primitive(Primitive::Number),
        Some("boolean") => FieldType::Primitive(Primitive::Boolean),
        Some("object") => object::object(at, family),
        Some("list") => list::list(at, family),
        Some("json-text") => json_text::json_text(at, family),
        Some(name) if name.contains(|letter: char| letter.is_ascii_uppercase()) => {
            FieldType::Named(type_id(name, family))
        }
        Some("json") => FieldType::Primitive(Primitive::Json),
        _ => unknown(at, family),
    }
}

/// A type whose mistake has been reported: what is inside is still read, so that nothing follows from it.
fn unknown(at: &Cursor<'_>, family: &str) -> FieldType {
    if at.get("items").is_some() {
        list::list(at, family)
    } else if at.get("fields").is_some() {
        object::object(at, family)
    } else if at.get("content").is_some() {
        json_text::json_text(at, family)
    } else {
        FieldType::Primitive(Primitive::Json)
    }
}

use super::{bounds, field_type};
use crate::cursor::Cursor;
use crate::model::{FieldType, Primitive};

/// A list of what `items` describes.
pub(super) fn list(at: &Cursor<'_>, family: &str) -> FieldType {
    FieldType::List(Box::new(match at.get("items") {
        Some(items) => {
            bounds::check(&items);
            field_type(&items, family)
        }
        None => FieldType::Primitive(Primitive::Json),
    }))
}

use super::{bounds, field_type};
use crate::cursor::Cursor;
use crate::model::{FieldType, Primitive};

/// JSON inside a string: open JSON unless `content` says more.
pub(super) fn json_text(at: &Cursor<'_>, family: &str) -> FieldType {
    FieldType::JsonText(Box::new(match at.get("content") {
        Some(content) => {
            bounds::check(&content);
            field_type(&content, family)
        }
        None => FieldType::Primitive(Primitive::Json),
    }))
}

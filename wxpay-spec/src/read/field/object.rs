use super::fields;
use crate::cursor::Cursor;
use crate::model::FieldType;

pub(super) fn object(at: &Cursor<'_>, family: &str) -> FieldType {
    let members = at.get("fields").map(|members| fields(&members, family));
    FieldType::Object(members.unwrap_or_default())
}

use super::node::Node;
use crate::model::{FieldType, Primitive, Secret, StringFormat};

/// A text with the kind that its schema names.
pub(super) fn string(schema: &Node<'_>) -> FieldType {
    let Some(format) = schema.text("format") else {
        return FieldType::Primitive(Primitive::String(None));
    };
    if format == "encrypted" {
        return FieldType::Primitive(Primitive::Secret(Secret::Text));
    }
    let known = known(&format);
    if known.is_none() {
        schema.remark(format!("the format `{format}` is not known: taken as a text"));
    }
    FieldType::Primitive(Primitive::String(known))
}

fn known(format: &str) -> Option<StringFormat> {
    let format = match format {
        "date-time" => return Some(StringFormat::DateTime),
        "date" | "compact-time" | "month-year" | "uri" | "data-uri" | "media-id" | "media-url"
        | "numeric" => format,
        "yyyyMMddHHmmss" => "compact-time",
        "mm/yy" => "month-year",
        "rfc2397" => "data-uri",
        _ => return None,
    };
    Some(StringFormat::Other(format.to_owned()))
}

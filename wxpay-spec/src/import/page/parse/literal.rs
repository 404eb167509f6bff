//! Texts, numbers and names in TypeScript.

use serde_json::{Number, Value as Json};

use super::code::Piece;

/// Reads a string without placeholders.
pub(in crate::import::page) fn text(piece: &Piece<'_>) -> Option<String> {
    if !matches!(piece.kind(), "string" | "template_string") {
        return None;
    }
    piece.children().iter().map(fragment).collect()
}

fn fragment(piece: &Piece<'_>) -> Option<String> {
    match piece.kind() {
        "string_fragment" => Some(piece.text().to_owned()),
        "escape_sequence" => match piece.text() {
            r"\'" => Some("'".to_owned()),
            r"\`" => Some("`".to_owned()),
            other => serde_json::from_str(&format!("\"{other}\"")).ok(),
        },
        _ => None,
    }
}

/// Reads a text, a number or a boolean; `None` for a computed value.
pub(in crate::import::page) fn scalar(piece: &Piece<'_>) -> Option<Json> {
    match piece.kind() {
        "string" | "template_string" => text(piece).map(Json::String),
        "number" | "unary_expression" => number(piece.text()).map(Json::Number),
        "true" => Some(Json::Bool(true)),
        "false" => Some(Json::Bool(false)),
        _ => None,
    }
}

fn number(text: &str) -> Option<Number> {
    serde_json::from_str(&text.replace('_', "")).ok()
}

/// Reads the name of a member, quoted or not.
pub(in crate::import::page) fn name(piece: &Piece<'_>) -> Option<String> {
    match piece.kind() {
        "property_identifier" | "shorthand_property_identifier" => Some(piece.text().to_owned()),
        _ => text(piece),
    }
}

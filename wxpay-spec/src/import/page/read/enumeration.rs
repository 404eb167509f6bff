//! Enums: their values, and `enum` declarations.

use serde_json::Value as Json;

use super::types::TEXT;
use crate::import::page::parse::literal;
use crate::import::page::parse::{Doc, Piece};
use crate::model::{EnumValue, FieldType};

/// The values of an enum, by their kind on the wire, in the order of the page.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub(super) texts: Vec<EnumValue>,
    pub(super) integers: Vec<EnumValue>,
}

impl Values {
    /// Adds a value; returns whether it is a text or an integer.
    pub(super) fn add(&mut self, value: Option<Json>, part: &Piece<'_>) -> bool {
        let (values, wire) = match value {
            Some(Json::String(text)) if is_value(&text) => (&mut self.texts, text),
            Some(Json::Number(number)) if number.is_i64() => {
                (&mut self.integers, number.to_string())
            }
            _ => return false,
        };
        let Doc { title, note, .. } = part.doc();
        if let Some(note) = note {
            part.remark(format!("a value has no note: left out: {note}"));
        }
        values.push(EnumValue { wire, title, superseded: false, rust: None });
        true
    }

    /// Adds the values of another type.
    pub(super) fn extend(&mut self, ty: FieldType) -> Option<FieldType> {
        match ty {
            FieldType::Enum { integer: false, values } => self.texts.extend(values),
            FieldType::Enum { integer: true, values } => self.integers.extend(values),
            other => return Some(other),
        }
        None
    }
}

/// Creates an enum; of the same value, the first one counts.
pub(super) fn enumeration(integer: bool, mut values: Vec<EnumValue>) -> FieldType {
    let mut seen = std::collections::HashSet::new();
    values.retain(|value| seen.insert(value.wire.clone()));
    FieldType::Enum { integer, values }
}

/// Whether a descriptor can hold a text as a value.
fn is_value(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= 200 && !text.contains(char::is_control)
}

/// Reads the values of `enum State { Paid = 'PAID' }`.
pub(super) fn declared(piece: &Piece<'_>) -> FieldType {
    let mut values = Values::default();
    for member in piece.field("body").iter().flat_map(Piece::children) {
        let value = member.field("value").and_then(|value| literal::scalar(&value));
        if !member.spend(member.text().len()) {
            break;
        }
        if !values.add(value, &member) {
            member.remark(format!("`{}` has no value: left out", member.shown()));
        }
    }
    match (values.texts.is_empty(), values.integers.is_empty()) {
        (false, true) => enumeration(false, values.texts),
        (true, false) => enumeration(true, values.integers),
        _ => {
            piece.remark("an enum without values, or of texts and numbers: taken as a text");
            TEXT
        }
    }
}

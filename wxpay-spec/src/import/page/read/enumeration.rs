//! Enums: literals, unions and `enum` declarations.

use serde_json::Value as Json;

use super::scope::TypePlace;
use super::types;
use super::types::{JSON, TEXT};
use crate::import::page::parse::literal;
use crate::import::page::parse::{Doc, Piece};
use crate::model::{EnumValue, FieldType, Primitive};

/// The parts of a union by kind.
#[derive(Debug, Default)]
struct Parts<'c> {
    texts: Vec<EnumValue>,
    integers: Vec<EnumValue>,
    truths: usize,
    others: Vec<Piece<'c>>,
}

/// Reads a literal, a union or a declared enum.
pub(super) fn read<'c>(piece: &Piece<'c>, place: TypePlace<'_, 'c>) -> FieldType {
    if piece.kind() == "enum_declaration" {
        return declared(piece);
    }
    let parts = Parts::of(piece);
    match (parts.texts.is_empty(), parts.integers.is_empty(), parts.others.as_slice()) {
        (false, true, []) => FieldType::Enum { integer: false, values: parts.texts },
        (true, false, []) => FieldType::Enum { integer: true, values: parts.integers },
        (false, true, [open]) if open.text() == "string" => {
            FieldType::Enum { integer: false, values: parts.texts }
        }
        (true, false, [open]) if open.text() == "number" => {
            FieldType::Enum { integer: true, values: parts.integers }
        }
        (true, true, []) if parts.truths > 0 => FieldType::Primitive(Primitive::Boolean),
        (true, true, [single]) if parts.truths == 0 => types::field_type(single, place),
        _ => {
            piece.remark(format!("`{}`: several types: taken as JSON of any shape", piece.text()));
            JSON
        }
    }
}

/// Whether a union has the part `null` or `undefined`.
pub(super) fn may_be_absent(piece: &Piece<'_>) -> bool {
    flatten(piece).iter().any(is_absent)
}

fn is_absent(piece: &Piece<'_>) -> bool {
    piece.kind() == "literal_type" && matches!(piece.text(), "null" | "undefined")
}

/// Lists the parts of a union in order. It uses no recursion, because unions nest to the left.
fn flatten<'c>(piece: &Piece<'c>) -> Vec<Piece<'c>> {
    let mut parts = Vec::new();
    let mut open = vec![*piece];
    while let Some(piece) = open.pop() {
        match piece.kind() {
            "union_type" => open.extend(piece.children().into_iter().rev()),
            "parenthesized_type" | "readonly_type" => open.extend(piece.first()),
            _ => parts.push(piece),
        }
    }
    parts
}

impl<'c> Parts<'c> {
    fn of(piece: &Piece<'c>) -> Self {
        let mut parts = Self::default();
        for part in flatten(piece).into_iter().filter(|part| !is_absent(part)) {
            let literal = part.first().filter(|_| part.kind() == "literal_type");
            match literal.and_then(|literal| literal::scalar(&literal)) {
                Some(Json::String(text)) if !text.trim().is_empty() => {
                    add(&mut parts.texts, text, &part);
                }
                Some(Json::Number(number)) if number.is_i64() => {
                    add(&mut parts.integers, number.to_string(), &part);
                }
                Some(Json::Bool(_)) => parts.truths += 1,
                _ => parts.others.push(part),
            }
        }
        parts
    }
}

fn add(values: &mut Vec<EnumValue>, wire: String, part: &Piece<'_>) {
    let Doc { title, note, .. } = part.doc();
    if let Some(note) = note {
        part.remark(format!("a value has no note: left out: {note}"));
    }
    if !values.iter().any(|known| known.wire == wire) {
        values.push(EnumValue { wire, title, rust: None });
    }
}

/// Reads the values of `enum State { Paid = 'PAID' }`.
fn declared(piece: &Piece<'_>) -> FieldType {
    let (mut texts, mut integers) = (Vec::new(), Vec::new());
    for member in piece.field("body").iter().flat_map(Piece::children) {
        let value = member.field("value").and_then(|value| literal::scalar(&value));
        match value {
            Some(Json::String(text)) if !text.trim().is_empty() => add(&mut texts, text, &member),
            Some(Json::Number(number)) if number.is_i64() => {
                add(&mut integers, number.to_string(), &member);
            }
            _ => member.remark(format!("`{}` has no value: left out", member.text())),
        }
    }
    match (texts.is_empty(), integers.is_empty()) {
        (false, true) => FieldType::Enum { integer: false, values: texts },
        (true, false) => FieldType::Enum { integer: true, values: integers },
        _ => {
            piece.remark("an enum without values, or of texts and numbers: taken as a text");
            TEXT
        }
    }
}

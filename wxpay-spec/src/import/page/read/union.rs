//! Unions: the kinds of values that a member may have, and the type that holds them.

use super::enumeration::{Values, enumeration};
use super::scope::{Followed, TypePlace};
use super::types::{self, JSON, Members, TEXT, TIME};
use crate::import::page::parse::Piece;
use crate::import::page::parse::literal;
use crate::model::{Field, FieldType, Primitive};

/// The parts of a union by kind.
#[derive(Debug, Default)]
struct Parts {
    values: Values,
    /// Any text, any number, a boolean, a time.
    text: bool,
    number: bool,
    boolean: bool,
    time: bool,
    others: Vec<FieldType>,
}

/// Reads a literal or a union, without `null` and `undefined`.
pub(super) fn read<'c>(piece: &Piece<'c>, place: TypePlace<'_, 'c>) -> FieldType {
    let mut parts = Parts::default();
    each_part(piece, place, &mut |part, place| parts.add(part, place));
    match parts.ty(place.is_text) {
        Ok(ty) => ty,
        Err((ty, what)) => {
            piece.remark(format!("`{}`: {what}", piece.shown()));
            ty
        }
    }
}

/// Whether a type has the part `null` or `undefined`.
pub(super) fn may_be_absent<'c>(piece: &Piece<'c>, place: TypePlace<'_, 'c>) -> bool {
    if matches!(piece.kind(), "predefined_type" | "object_type" | "array_type") {
        return is_absent(piece);
    }
    let mut found = false;
    each_part(piece, place, &mut |part, _| found |= is_absent(part));
    found
}

/// Whether a type, or a part of it, has one of these names.
pub(super) fn names_one_of<'c>(
    piece: &Piece<'c>,
    place: TypePlace<'_, 'c>,
    names: &[&str],
) -> bool {
    let mut found = false;
    each_part(piece, place, &mut |part, _| found |= names.contains(&part.last_name()));
    found
}

fn is_absent(piece: &Piece<'_>) -> bool {
    matches!(piece.kind(), "literal_type" | "predefined_type")
        && matches!(piece.text(), "null" | "undefined" | "void" | "never")
}

/// Visits the parts of a union in order, also those of the unions that it names.
///
/// Unions nest to the left without limit, so only names are followed by recursion.
fn each_part<'c>(
    piece: &Piece<'c>,
    place: TypePlace<'_, 'c>,
    visit: &mut dyn FnMut(&Piece<'c>, TypePlace<'_, 'c>),
) {
    let Some(place) = place.deeper() else { return piece.refuse_depth() };
    let mut open = vec![*piece];
    while let Some(piece) = open.pop() {
        if !piece.kind().starts_with("union") && !piece.spend(0) {
            return;
        }
        match piece.kind() {
            "union_type" => open.extend(piece.children().into_iter().rev()),
            "parenthesized_type" | "readonly_type" => open.extend(piece.first()),
            "type_identifier" | "nested_type_identifier" => {
                let followed = place.follow(&piece, |pieces, place| match pieces {
                    [alias] if alias.kind() == "type_alias_declaration" => {
                        alias.field("value").iter().for_each(|ty| each_part(ty, place, visit));
                        true
                    }
                    _ => false,
                });
                if !matches!(followed, Followed::Read(true)) {
                    visit(&piece, place);
                }
            }
            _ => visit(&piece, place),
        }
    }
}

impl Parts {
    fn add<'c>(&mut self, part: &Piece<'c>, place: TypePlace<'_, 'c>) {
        if is_absent(part) {
            return;
        }
        let value = part.first().filter(|_| part.kind() == "literal_type");
        let value = value.and_then(|value| literal::scalar(&value));
        if value.as_ref().is_some_and(serde_json::Value::is_boolean) {
            self.boolean = true;
        } else if !self.values.add(value, part) {
            let ty = types::single(part, place);
            self.add_type(ty);
        }
    }

    fn add_type(&mut self, ty: FieldType) {
        match ty {
            FieldType::Primitive(Primitive::String(None)) => self.text = true,
            FieldType::Primitive(Primitive::Integer) => self.number = true,
            FieldType::Primitive(Primitive::Boolean) => self.boolean = true,
            ty if ty == TIME => self.time = true,
            ty => self.others.extend(self.values.extend(ty)),
        }
    }

    /// The type that holds all parts; else the one to take, and what to remark about it.
    fn ty(self, is_text: bool) -> Result<FieldType, (FieldType, &'static str)> {
        let Values { texts, integers } = self.values;
        let has_text = self.text || !texts.is_empty();
        let has_number = self.number || !integers.is_empty();
        if !self.others.is_empty() {
            let is_scalar = has_text || has_number || self.boolean || self.time;
            return several(self.others, is_scalar);
        }
        match (has_text, has_number, self.boolean, self.time) {
            (_, false, false, true) if texts.is_empty() => Ok(TIME),
            (_, false, false, true) => Err((TEXT, "a time or other texts: taken as a text")),
            (_, true, false, true) => Err((TIME, "a time or a number: taken as a time")),
            (true, false, false, false) if texts.is_empty() => Ok(TEXT),
            (true, false, false, false) => Ok(enumeration(false, texts)),
            (false, true, false, false) if integers.is_empty() => {
                Ok(FieldType::Primitive(Primitive::Integer))
            }
            (false, true, false, false) => Ok(enumeration(true, integers)),
            (false, false, true, false) => Ok(FieldType::Primitive(Primitive::Boolean)),
            (false, false, false, false) => Err((JSON, "no type: taken as JSON of any shape")),
            _ if is_text => Err((TEXT, "several types: taken as a text")),
            _ => Err((JSON, "several types: taken as JSON of any shape")),
        }
    }
}

/// The type of objects, lists and texts with a format, perhaps beside plain values.
fn several(types: Vec<FieldType>, is_scalar: bool) -> Result<FieldType, (FieldType, &'static str)> {
    if let Some(list) = types.iter().find(|ty| matches!(ty, FieldType::List(_))) {
        let is_only = types.len() == 1 && !is_scalar;
        return if is_only {
            Ok(list.clone())
        } else {
            Err((list.clone(), "a list or other types: taken as the list"))
        };
    }
    let objects: Vec<&[Field]> = types.iter().filter_map(FieldType::fields).collect();
    if objects.len() == types.len() && !is_scalar {
        return match objects.as_slice() {
            [_] => Ok(types.into_iter().next().unwrap_or(JSON)),
            several => {
                Err((joined(several), "one of several objects: taken as one of all members"))
            }
        };
    }
    match types.as_slice() {
        [single] if !is_scalar => Ok(single.clone()),
        _ => Err((JSON, "several types: taken as JSON of any shape")),
    }
}

/// An object with the members of all, which are required if all require them.
fn joined(objects: &[&[Field]]) -> FieldType {
    let mut counts: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    let mut members = Members::default();
    for field in objects.iter().flat_map(|fields| fields.iter()) {
        *counts.entry(&field.name).or_default() += usize::from(!field.optional);
        members.add_new(field.clone());
    }
    let mut fields = members.into_fields();
    for field in &mut fields {
        field.optional |= counts.get(field.name.as_str()) != Some(&objects.len());
    }
    FieldType::Object(fields)
}

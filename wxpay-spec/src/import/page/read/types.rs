//! Reads TypeScript types and their members as fields.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::scope::{Followed, TypePlace};
use super::{enumeration, union};
use crate::grammar::WIRE_NAME;
use crate::import::field::{fitting_example, plain};
use crate::import::imported::excerpt;
use crate::import::page::parse::Piece;
use crate::import::page::parse::literal;
use crate::model::{Field, FieldType, Note, Primitive, StringFormat};
use crate::rust_name::snake_case;

pub(super) const JSON: FieldType = FieldType::Primitive(Primitive::Json);
pub(super) const TEXT: FieldType = FieldType::Primitive(Primitive::String(None));

/// A text with a time, which JSON has for a `Date`.
pub(super) const TIME: FieldType =
    FieldType::Primitive(Primitive::String(Some(StringFormat::DateTime)));

/// Reads the type that a piece describes.
pub(super) fn field_type<'c>(piece: &Piece<'c>, place: TypePlace<'_, 'c>) -> FieldType {
    match piece.kind() {
        "literal_type" | "union_type" => union::read(piece, place),
        _ => single(piece, place),
    }
}

/// Reads a type other than a union and a literal.
pub(super) fn single<'c>(piece: &Piece<'c>, place: TypePlace<'_, 'c>) -> FieldType {
    let Some(place) = place.deeper() else {
        piece.refuse_depth();
        return JSON;
    };
    // A member counts its own plain type.
    if piece.kind() != "predefined_type" && !piece.spend(0) {
        return JSON;
    }
    match piece.kind() {
        "predefined_type" => predefined(piece),
        "template_literal_type" => TEXT,
        "enum_declaration" => enumeration::declared(piece),
        "array_type" => list(piece, piece.first(), place),
        "generic_type" => generic(piece, place),
        "object_type" | "interface_declaration" | "interface_body" | "intersection_type" => {
            object(piece, place)
        }
        "type_identifier" | "nested_type_identifier" => named(piece, place),
        "parenthesized_type" | "readonly_type" => match piece.first() {
            Some(inner) => field_type(&inner, place),
            None => unknown(piece, "nothing inside"),
        },
        "type_alias_declaration" => match piece.field("value") {
            Some(value) => field_type(&value, place),
            None => unknown(piece, "no type"),
        },
        _ => unknown(piece, "not a type of descriptors"),
    }
}

fn unknown(piece: &Piece<'_>, why: &str) -> FieldType {
    piece.remark(format!("`{}`: {why}: taken as JSON of any shape", piece.shown()));
    JSON
}

fn predefined(piece: &Piece<'_>) -> FieldType {
    match piece.text() {
        "string" => TEXT,
        "number" => FieldType::Primitive(Primitive::Integer),
        "boolean" => FieldType::Primitive(Primitive::Boolean),
        "any" | "unknown" | "object" => JSON,
        _ => unknown(piece, "not a type of JSON"),
    }
}

fn list<'c>(piece: &Piece<'c>, element: Option<Piece<'c>>, place: TypePlace<'_, 'c>) -> FieldType {
    let element = match element.map(|element| field_type(&element, place)) {
        Some(FieldType::List(_)) => {
            piece.remark("a list of lists: its elements are taken as JSON of any shape");
            JSON
        }
        Some(element) => element,
        None => JSON,
    };
    FieldType::List(Box::new(element))
}

fn generic<'c>(piece: &Piece<'c>, place: TypePlace<'_, 'c>) -> FieldType {
    let name = piece.field("name").map_or("", |name| name.text());
    let argument = piece.field("type_arguments").and_then(|arguments| arguments.first());
    match name {
        "Array" | "ReadonlyArray" => list(piece, argument, place),
        "Readonly" | "NonNullable" => match argument {
            Some(argument) => field_type(&argument, place),
            None => unknown(piece, "nothing inside"),
        },
        "Partial" | "Required" => object(piece, place),
        _ => unknown(piece, "not a type of descriptors"),
    }
}

fn named<'c>(piece: &Piece<'c>, place: TypePlace<'_, 'c>) -> FieldType {
    match place.follow(piece, all_types) {
        Followed::Read(ty) => ty,
        Followed::Circle => unknown(piece, "contains itself"),
        Followed::Undeclared if piece.text() == "Date" => TIME,
        Followed::Undeclared if piece.text() == "bigint" => {
            FieldType::Primitive(Primitive::Integer)
        }
        Followed::Undeclared => unknown(piece, "not declared in this block"),
    }
}

/// Reads the type that all declarations of one name describe together.
pub(super) fn all_types<'c>(pieces: &[Piece<'c>], place: TypePlace<'_, 'c>) -> FieldType {
    if let [single] = pieces {
        return field_type(single, place);
    }
    let mut members = Members::default();
    for field in pieces.iter().flat_map(|piece| fields_of(piece, place)) {
        members.add(field);
    }
    as_object(members.into_fields())
}

fn object<'c>(piece: &Piece<'c>, place: TypePlace<'_, 'c>) -> FieldType {
    as_object(fields_of(piece, place))
}

fn as_object(fields: Vec<Field>) -> FieldType {
    if fields.is_empty() { JSON } else { FieldType::Object(fields) }
}

/// Types of the HTTP client, whose members say nothing about an operation.
const FOREIGN: [&str; 3] = ["AxiosRequestConfig", "FormData", "Multipart"];

/// The members of an object, each with its own name.
#[derive(Debug, Default)]
pub(super) struct Members {
    fields: Vec<Field>,
    places: HashMap<String, usize>,
}

impl Members {
    /// Adds a member. Of the same name, the last member wins.
    pub(super) fn add(&mut self, field: Field) {
        match self.places.get(&field.name).and_then(|at| self.fields.get_mut(*at)) {
            Some(known) => *known = field,
            None => self.add_new(field),
        }
    }

    /// Adds a member unless one has its name.
    pub(super) fn add_new(&mut self, field: Field) {
        if !self.places.contains_key(&field.name) {
            self.places.insert(field.name.clone(), self.fields.len());
            self.fields.push(field);
        }
    }

    pub(super) fn into_fields(self) -> Vec<Field> {
        self.fields
    }
}

/// Reads the members of an object, extended types first. Of the same name, the last member wins.
pub(super) fn fields_of<'c>(piece: &Piece<'c>, place: TypePlace<'_, 'c>) -> Vec<Field> {
    let mut members = Members::default();
    each_member(piece, place, &mut |member, place| {
        if let Some(field) = field(member, place) {
            members.add(field);
        }
    });
    members.into_fields()
}

/// Calls a function for each member of a type that describes an object.
pub(super) fn each_member<'c>(
    piece: &Piece<'c>,
    place: TypePlace<'_, 'c>,
    visit: &mut dyn FnMut(&Piece<'c>, TypePlace<'_, 'c>),
) {
    let Some(place) = place.deeper() else {
        return piece.refuse_depth();
    };
    if piece.kind() != "property_signature" && !piece.spend(0) {
        return;
    }
    match piece.kind() {
        "property_signature" => visit(piece, place),
        "object_type" | "interface_body" | "intersection_type" | "extends_type_clause" => {
            piece.children().iter().for_each(|child| each_member(child, place, visit));
        }
        "interface_declaration" => {
            let parts = [piece.child("extends_type_clause"), piece.field("body")];
            parts.iter().flatten().for_each(|part| each_member(part, place, visit));
        }
        "type_alias_declaration" => {
            piece.field("value").iter().for_each(|value| each_member(value, place, visit));
        }
        "parenthesized_type" | "readonly_type" => {
            piece.first().iter().for_each(|inner| each_member(inner, place, visit));
        }
        "type_identifier" | "nested_type_identifier" => each_named(piece, place, visit),
        "generic_type" => each_of_generic(piece, place, visit),
        _ => {
            piece
                .remark(format!("`{}` is not a member with a known name: left out", piece.shown()));
        }
    }
}

/// Visits the members behind `Partial<…>` and the like.
fn each_of_generic<'c>(
    piece: &Piece<'c>,
    place: TypePlace<'_, 'c>,
    visit: &mut dyn FnMut(&Piece<'c>, TypePlace<'_, 'c>),
) {
    let argument = piece.field("type_arguments").and_then(|arguments| arguments.first());
    let place = match piece.field("name").map_or("", |name| name.text()) {
        "Readonly" => Some(place),
        "Partial" => Some(place.with_presence(Some(true))),
        "Required" => Some(place.with_presence(Some(false))),
        _ => None,
    };
    match (argument, place) {
        (Some(argument), Some(place)) => each_member(&argument, place, visit),
        _ => piece.remark(format!("the members of `{}` are not known", piece.shown())),
    }
}

fn each_named<'c>(
    piece: &Piece<'c>,
    place: TypePlace<'_, 'c>,
    visit: &mut dyn FnMut(&Piece<'c>, TypePlace<'_, 'c>),
) {
    let found = place.follow(piece, |pieces, place| {
        pieces.iter().for_each(|piece| each_member(piece, place, visit));
    });
    match found {
        Followed::Read(()) => {}
        Followed::Circle => piece.remark(format!("`{}` extends itself", piece.text())),
        Followed::Undeclared if FOREIGN.contains(&piece.text()) => {}
        Followed::Undeclared => {
            piece.remark(format!("the members of `{}` are not in this block", piece.shown()));
        }
    }
}

/// Reads the name of a member. A name that a descriptor cannot have gives `None` and a remark.
pub(super) fn member_name(member: &Piece<'_>) -> Option<String> {
    let name = member.field("name").and_then(|name| literal::name(&name));
    let name = name.filter(|name| is_name(name));
    if name.is_none() {
        member.remark(format!("`{}` has no plain name: left out", member.shown()));
    }
    name
}

/// Whether a member of a descriptor may have a name, on the wire and in Rust.
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= 200 && WIRE_NAME.accepts(name) && snake_case(name).is_some()
}

/// The type behind the colon of a member.
pub(super) fn member_type<'c>(member: &Piece<'c>) -> Option<Piece<'c>> {
    member.field("type").and_then(|annotation| annotation.first())
}

/// Reads a member as a field.
pub(super) fn field<'c>(member: &Piece<'c>, place: TypePlace<'_, 'c>) -> Option<Field> {
    let name = member_name(member)?;
    let Some(described) = member_type(member) else {
        member.remark(format!("`{name}` has no type: taken as a text"));
        return Some(plain(&name, TEXT));
    };
    let doc = member.doc();
    let text = [&doc.title, &doc.note, &doc.example];
    if !member.spend(name.len() + text.into_iter().flatten().map(String::len).sum::<usize>()) {
        return None;
    }
    if doc.deprecated.is_some() {
        member.remark(format!("`{name}` is deprecated: left out, fields have no such fact"));
    }
    for link in doc.links {
        member.remark(format!("a link of `{name}` was left out: {link}"));
    }
    let is_optional = place.is_optional;
    let place = place.with_presence(None);
    let mut field = Field {
        optional: is_optional
            .unwrap_or_else(|| member.has_sign("?") || union::may_be_absent(&described, place)),
        title: doc.title,
        note: doc.note.map(Note::Text),
        ..plain(&name, field_type(&described, place))
    };
    if let Some(given) = doc.example {
        set_example(&mut field, member, &given.into());
    }
    Some(field)
}

/// Sets the example of a field if it fits.
pub(super) fn set_example(field: &mut Field, at: &Piece<'_>, given: &Json) {
    match fitting_example(given, field) {
        Some(example) => field.example = Some(example),
        None => {
            let given = excerpt(&given.to_string(), 80);
            at.remark(format!("the example {given} does not fit `{}`: left out", field.name));
        }
    }
}

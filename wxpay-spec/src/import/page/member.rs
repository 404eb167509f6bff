use super::piece::Piece;
use super::types::{self, Followed, Place, TEXT};
use super::{enumeration, example, literal};
use crate::import::field::plain;
use crate::model::Field;

/// Types of the HTTP client, whose own members say nothing about an operation.
const FOREIGN: [&str; 2] = ["AxiosRequestConfig", "FormData"];

/// The members of an object, those of the types it extends first; a later one of the same name wins.
pub(super) fn fields_of<'c>(piece: &Piece<'c>, place: Place<'_, 'c>) -> Vec<Field> {
    let mut fields = Vec::new();
    each(piece, place, &mut |member, place| {
        if let Some(field) = read(member, place) {
            join(&mut fields, field);
        }
    });
    fields
}

pub(super) fn join(fields: &mut Vec<Field>, field: Field) {
    match fields.iter_mut().find(|known| known.name == field.name) {
        Some(known) => *known = field,
        None => fields.push(field),
    }
}

/// Goes over the members of whatever describes an object.
pub(super) fn each<'c>(
    piece: &Piece<'c>,
    place: Place<'_, 'c>,
    visit: &mut dyn FnMut(&Piece<'c>, Place<'_, 'c>),
) {
    let Some(place) = place.deeper() else {
        piece.remark("nested too deep: members are missing");
        return;
    };
    match piece.kind() {
        "property_signature" => visit(piece, place),
        "object_type" | "interface_body" | "intersection_type" | "extends_type_clause" => {
            piece.children().iter().for_each(|child| each(child, place, visit));
        }
        "interface_declaration" => {
            let parts = [piece.child("extends_type_clause"), piece.field("body")];
            parts.iter().flatten().for_each(|part| each(part, place, visit));
        }
        "type_alias_declaration" => {
            piece.field("value").iter().for_each(|value| each(value, place, visit));
        }
        "parenthesized_type" | "readonly_type" => {
            piece.first().iter().for_each(|inner| each(inner, place, visit));
        }
        "type_identifier" | "nested_type_identifier" => named(piece, place, visit),
        _ => piece.remark(format!("`{}` is no member of a known name: left out", piece.text())),
    }
}

fn named<'c>(
    piece: &Piece<'c>,
    place: Place<'_, 'c>,
    visit: &mut dyn FnMut(&Piece<'c>, Place<'_, 'c>),
) {
    let found = place.follow(piece, |pieces, place| {
        pieces.iter().for_each(|piece| each(piece, place, visit));
    });
    match found {
        Followed::Read(()) => {}
        Followed::Circle => piece.remark(format!("`{}` extends itself", piece.text())),
        Followed::Undeclared if FOREIGN.contains(&piece.text()) => {}
        Followed::Undeclared => {
            piece.remark(format!("the members of `{}` are not in this block", piece.text()));
        }
    }
}

/// The name of a member; none, with a remark, if it has to be computed.
pub(super) fn name(member: &Piece<'_>) -> Option<String> {
    let name = member.field("name").and_then(|name| literal::name(&name));
    if name.is_none() {
        member.remark(format!("`{}` has no plain name: left out", member.text()));
    }
    name
}

/// What stands behind a member's colon.
pub(super) fn ty<'c>(member: &Piece<'c>) -> Option<Piece<'c>> {
    member.field("type").and_then(|annotation| annotation.first())
}

/// A member as a field.
pub(super) fn read<'c>(member: &Piece<'c>, place: Place<'_, 'c>) -> Option<Field> {
    let name = name(member)?;
    let Some(described) = ty(member) else {
        member.remark(format!("`{name}` has no type: taken as a text"));
        return Some(plain(&name, TEXT));
    };
    let doc = member.doc();
    if doc.deprecated.is_some() {
        member.remark(format!("`{name}` is deprecated, which a field cannot say"));
    }
    for link in doc.links {
        member.remark(format!("a link of `{name}` was left out: {link}"));
    }
    let mut field = Field {
        optional: member.has_sign("?") || enumeration::may_be_absent(&described),
        title: doc.title,
        note: doc.note,
        ..plain(&name, types::read(&described, place))
    };
    if let Some(given) = doc.example {
        example::set(&mut field, member, &given.into());
    }
    Some(field)
}

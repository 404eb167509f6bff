use super::enumeration;
use super::member::{fields_of, join};
use super::piece::Piece;
use super::scope::{Scope, parent};
use crate::model::{Field, FieldType, Primitive, StringFormat};

/// How deep a type may be written out.
const DEPTH: usize = 64;

/// Where a type is read: the namespace that gives names their meaning, and what is being written out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a, 'c> {
    pub(super) scope: &'a Scope<'c>,
    home: &'a str,
    /// The full name of the type that is being written out, and the place that asked for it.
    inside: Option<(&'a str, &'a Place<'a, 'c>)>,
    depth: usize,
}

pub(super) const JSON: FieldType = FieldType::Primitive(Primitive::Json);
pub(super) const TEXT: FieldType = FieldType::Primitive(Primitive::String(None));

impl<'a, 'c> Place<'a, 'c> {
    pub(super) fn new(scope: &'a Scope<'c>, home: &'a str) -> Self {
        Self { scope, home, inside: None, depth: 0 }
    }

    /// The same place one step further in; none if that would be too deep.
    pub(super) fn deeper(self) -> Option<Self> {
        (self.depth < DEPTH).then_some(Self { depth: self.depth + 1, ..self })
    }

    fn is_inside(&self, name: &str) -> bool {
        let mut place = self;
        while let Some((open, outer)) = place.inside {
            if open == name {
                return true;
            }
            place = outer;
        }
        false
    }

    /// Goes on with the declarations that a name stands for.
    pub(super) fn follow<T>(
        &self,
        name: &Piece<'c>,
        read: impl FnOnce(&[Piece<'c>], Place<'_, 'c>) -> T,
    ) -> Followed<T> {
        let Some((full, pieces)) = self.scope.resolve(name.text(), self.home) else {
            return Followed::Undeclared;
        };
        if self.is_inside(full) {
            return Followed::Circle;
        }
        let place = Place { home: parent(full), inside: Some((full, self)), ..*self };
        Followed::Read(read(pieces, place))
    }
}

/// Where a name has led.
#[derive(Debug)]
pub(super) enum Followed<T> {
    /// To declarations, and this is what they say.
    Read(T),
    /// To a type that is being written out already.
    Circle,
    /// To nothing in this block.
    Undeclared,
}

/// The type that a piece describes.
pub(super) fn read<'c>(piece: &Piece<'c>, place: Place<'_, 'c>) -> FieldType {
    let Some(place) = place.deeper() else {
        return unknown(piece, "nested too deep");
    };
    match piece.kind() {
        "predefined_type" => predefined(piece),
        "literal_type" | "union_type" | "enum_declaration" => enumeration::read(piece, place),
        "array_type" => list(piece, piece.first(), place),
        "generic_type" => generic(piece, place),
        "object_type" | "interface_declaration" | "interface_body" | "intersection_type" => {
            object(piece, place)
        }
        "type_identifier" | "nested_type_identifier" => named(piece, place),
        "parenthesized_type" | "readonly_type" => match piece.first() {
            Some(inner) => read(&inner, place),
            None => unknown(piece, "nothing inside"),
        },
        "type_alias_declaration" => match piece.field("value") {
            Some(value) => read(&value, place),
            None => unknown(piece, "no type"),
        },
        _ => unknown(piece, "no type that a descriptor has"),
    }
}

fn unknown(piece: &Piece<'_>, why: &str) -> FieldType {
    piece.remark(format!("`{}`: {why}: taken as JSON of any shape", piece.text()));
    JSON
}

fn predefined(piece: &Piece<'_>) -> FieldType {
    match piece.text() {
        "string" => TEXT,
        "number" | "bigint" => FieldType::Primitive(Primitive::Integer),
        "boolean" => FieldType::Primitive(Primitive::Boolean),
        "any" | "unknown" | "object" => JSON,
        _ => unknown(piece, "no type of JSON"),
    }
}

fn list<'c>(piece: &Piece<'c>, element: Option<Piece<'c>>, place: Place<'_, 'c>) -> FieldType {
    let element = match element.map(|element| read(&element, place)) {
        Some(FieldType::List(_)) => {
            piece.remark("a list of lists: its elements are taken as JSON of any shape");
            JSON
        }
        Some(element) => element,
        None => JSON,
    };
    FieldType::List(Box::new(element))
}

fn generic<'c>(piece: &Piece<'c>, place: Place<'_, 'c>) -> FieldType {
    let name = piece.field("name").map_or("", |name| name.text());
    let argument = piece.field("type_arguments").and_then(|arguments| arguments.first());
    match name {
        "Array" | "ReadonlyArray" => list(piece, argument, place),
        "Readonly" | "Required" => match argument {
            Some(argument) => read(&argument, place),
            None => unknown(piece, "nothing inside"),
        },
        _ => unknown(piece, "no type that a descriptor has"),
    }
}

fn named<'c>(piece: &Piece<'c>, place: Place<'_, 'c>) -> FieldType {
    match place.follow(piece, read_all) {
        Followed::Read(ty) => ty,
        Followed::Circle => unknown(piece, "contains itself"),
        Followed::Undeclared if piece.text() == "Date" => {
            piece.remark("`Date`: taken as a text in the format `date-time`");
            FieldType::Primitive(Primitive::String(Some(StringFormat::DateTime)))
        }
        Followed::Undeclared => unknown(piece, "not declared in this block"),
    }
}

/// The type that all the declarations of one name describe together.
pub(super) fn read_all<'c>(pieces: &[Piece<'c>], place: Place<'_, 'c>) -> FieldType {
    if let [single] = pieces {
        return read(single, place);
    }
    let mut fields = Vec::new();
    for field in pieces.iter().flat_map(|piece| fields_of(piece, place)) {
        join(&mut fields, field);
    }
    as_object(fields)
}

fn object<'c>(piece: &Piece<'c>, place: Place<'_, 'c>) -> FieldType {
    as_object(fields_of(piece, place))
}

fn as_object(fields: Vec<Field>) -> FieldType {
    if fields.is_empty() { JSON } else { FieldType::Object(fields) }
}

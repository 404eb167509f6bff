use super::choice::choose;
use super::enumeration;
use super::fields::{fields, is_plain_text};
use super::session::Session;
use crate::model::{EnumValue, Field, FieldType, Primitive, Secret};

/// The type that several facts give to one place, seen from the type that it has.
pub(super) fn merge(
    have: Option<&FieldType>,
    facts: &[&FieldType],
    session: &mut Session,
) -> FieldType {
    if let Some(FieldType::Named(id)) = have {
        session.collect(id, facts);
        return FieldType::Named(id.clone());
    }
    let kinds: Vec<Kind> = facts.iter().map(|ty| Kind::of(ty)).collect();
    let kind = choose(have.map(Kind::of).as_ref(), &strongest(&kinds));
    let Some(kind) = kind else {
        return have.cloned().unwrap_or(FieldType::Primitive(Primitive::Json));
    };
    let have = have.filter(|ty| Kind::of(ty) == kind || knows_more(ty, kind));
    let alike: Vec<&FieldType> = facts.iter().copied().filter(|ty| Kind::of(ty) == kind).collect();
    if alike.len() < strongest(&kinds).len() {
        session.remark("the places that share this do not agree about its type");
    }
    if let Some(FieldType::Named(id)) = facts.iter().find(|ty| matches!(ty, FieldType::Named(_))) {
        return FieldType::Named(id.clone());
    }
    one_kind(have, &alike, session)
}

/// What a type is on the wire, roughly.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    Json,
    Object,
    List,
    JsonText,
}

impl Kind {
    fn of(ty: &FieldType) -> Self {
        match ty {
            FieldType::Primitive(Primitive::String(_) | Primitive::Secret(_)) => Self::Text,
            FieldType::Primitive(Primitive::Integer) => Self::Integer,
            FieldType::Primitive(Primitive::Number) => Self::Number,
            FieldType::Primitive(Primitive::Boolean) => Self::Boolean,
            FieldType::Primitive(Primitive::Json) => Self::Json,
            FieldType::Enum { integer: true, .. } => Self::Integer,
            FieldType::Enum { integer: false, .. } => Self::Text,
            FieldType::Named(_) | FieldType::Object(_) => Self::Object,
            FieldType::List(_) => Self::List,
            FieldType::JsonText(_) => Self::JsonText,
        }
    }
}

/// Without those who say only "JSON", if others say more.
fn strongest(kinds: &[Kind]) -> Vec<Kind> {
    let strong: Vec<Kind> = kinds.iter().copied().filter(|kind| *kind != Kind::Json).collect();
    if strong.is_empty() { kinds.to_vec() } else { strong }
}

/// Whether a type says more than facts which know of nothing but JSON or a text.
fn knows_more(ty: &FieldType, fact: Kind) -> bool {
    fact == Kind::Json && matches!(ty, FieldType::Object(_) | FieldType::List(_))
}

fn one_kind(have: Option<&FieldType>, facts: &[&FieldType], session: &mut Session) -> FieldType {
    match facts.first() {
        Some(FieldType::Object(_)) => {
            let lists: Vec<&[Field]> = facts.iter().filter_map(|ty| members(ty)).collect();
            FieldType::Object(fields(have.and_then(members).unwrap_or_default(), &lists, session))
        }
        Some(FieldType::List(_) | FieldType::JsonText(_)) => inner(have, facts, session),
        Some(FieldType::Primitive(Primitive::Json))
            if have.is_some_and(|ty| knows_more(ty, Kind::Json)) =>
        {
            have.cloned().unwrap_or(FieldType::Primitive(Primitive::Json))
        }
        _ => scalar(have, facts),
    }
}

fn inner(have: Option<&FieldType>, facts: &[&FieldType], session: &mut Session) -> FieldType {
    let inside = |ty: &FieldType| match ty {
        FieldType::List(inside) | FieldType::JsonText(inside) => Some((**inside).clone()),
        _ => None,
    };
    let given: Vec<FieldType> = facts.iter().filter_map(|ty| inside(ty)).collect();
    let given: Vec<&FieldType> = given.iter().collect();
    let have_inside = have.and_then(inside);
    let merged = Box::new(merge(have_inside.as_ref(), &given, session));
    match facts.first() {
        Some(FieldType::JsonText(_)) => FieldType::JsonText(merged),
        _ => FieldType::List(merged),
    }
}

/// Texts and numbers: known values of all, else the kind that most know; plain ones say nothing.
fn scalar(have: Option<&FieldType>, facts: &[&FieldType]) -> FieldType {
    let lists: Vec<&[EnumValue]> = facts.iter().filter_map(|ty| values(ty)).collect();
    let integer = facts.iter().any(|ty| Kind::of(ty) == Kind::Integer);
    let known = have.and_then(values).unwrap_or_default();
    if !lists.is_empty() || !known.is_empty() {
        return FieldType::Enum { integer, values: enumeration::values(known, &lists) };
    }
    let telling: Vec<FieldType> =
        facts.iter().filter(|ty| !is_plain_text(ty)).map(|ty| (*ty).clone()).collect();
    if let Some(have @ FieldType::Primitive(Primitive::Secret(Secret::Bytes))) = have {
        return have.clone();
    }
    let plain = facts.first().map(|ty| (*ty).clone());
    choose(have, &telling).or(plain).unwrap_or(FieldType::Primitive(Primitive::Json))
}

fn members(ty: &FieldType) -> Option<&[Field]> {
    match ty {
        FieldType::Object(fields) => Some(fields),
        _ => None,
    }
}

fn values(ty: &FieldType) -> Option<&[EnumValue]> {
    match ty {
        FieldType::Enum { values, .. } => Some(values),
        _ => None,
    }
}

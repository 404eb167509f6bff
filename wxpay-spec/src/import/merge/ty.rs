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
    if let Some(named) = facts.iter().find(|ty| matches!(ty, FieldType::Named(_))) {
        remark_others(named, facts, session);
        return (*named).clone();
    }
    let kinds: Vec<Kind> = facts.iter().map(|ty| Kind::of(ty)).collect();
    let kind = choose(have.map(Kind::of).as_ref(), &strongest(&kinds));
    let Some(kind) = kind else {
        return have.cloned().unwrap_or(FieldType::Primitive(Primitive::Json));
    };
    let have = have.filter(|ty| Kind::of(ty) == kind || knows_more(ty, kind));
    let alike: Vec<&FieldType> = facts.iter().copied().filter(|ty| Kind::of(ty) == kind).collect();
    if alike.len() < strongest(&kinds).len() {
        session.remark(disagreement(&kinds, kind));
    }
    one_kind(have, &alike, session)
}

/// Facts hold a named type only where places become one type, of which some named it before.
fn remark_others(named: &FieldType, facts: &[&FieldType], session: &mut Session) {
    if let FieldType::Named(id) = named
        && facts.iter().any(|ty| *ty != named)
    {
        let (family, name) = (&id.family, &id.name);
        session.remark(format!(
            "not all places name `{family}/{name}` here: what the others say is gone"
        ));
    }
}

/// Says how many places say which kind, and which of them won.
fn disagreement(kinds: &[Kind], taken: Kind) -> String {
    let mut said = strongest(kinds);
    said.sort();
    let said = said.chunk_by(Kind::eq).filter_map(|alike| Some((alike.first()?, alike.len())));
    let said: Vec<String> =
        said.map(|(kind, count)| format!("{} in {count}", kind.word())).collect();
    format!(
        "the places that share this do not agree about its type ({}): {} is taken",
        said.join(", "),
        taken.word()
    )
}

/// What a type is on the wire, roughly.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
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
    fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Json => "json",
            Self::Object => "object",
            Self::List => "list",
            Self::JsonText => "json-text",
        }
    }

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
        _ => scalar(have, facts, session),
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
fn scalar(have: Option<&FieldType>, facts: &[&FieldType], session: &mut Session) -> FieldType {
    let lists: Vec<&[EnumValue]> = facts.iter().filter_map(|ty| values(ty)).collect();
    let integer = facts.iter().any(|ty| Kind::of(ty) == Kind::Integer);
    let known = have.and_then(values).unwrap_or_default();
    if !lists.is_empty() || !known.is_empty() {
        enumeration::remark_missing(known, &lists, session);
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

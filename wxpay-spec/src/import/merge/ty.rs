//! Merges types and enum values.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::fields::{fields, is_plain_text};
use super::session::{Session, choose};
use crate::model::{EnumValue, Field, FieldType, Primitive, Secret};

/// Merges the types that several facts give to one place with the existing type.
pub(super) fn merge(
    have: Option<&FieldType>,
    facts: &[&FieldType],
    session: &mut Session,
) -> FieldType {
    let written_out: Vec<Option<FieldType>> =
        facts.iter().map(|fact| session.written_out(have, fact)).collect();
    let facts: Vec<&FieldType> =
        facts.iter().zip(&written_out).map(|(fact, out)| out.as_ref().unwrap_or(fact)).collect();
    let facts = facts.as_slice();
    if let Some(FieldType::Named(id)) = have {
        session.collect(id, facts);
        return FieldType::Named(id.clone());
    }
    if let Some(named) = facts.iter().find(|ty| matches!(ty, FieldType::Named(_))) {
        remark_others(named, facts, session);
        return (*named).clone();
    }
    let kinds: Vec<WireKind> = facts.iter().map(|ty| WireKind::of(ty)).collect();
    let kind = choose(have.map(WireKind::of).as_ref(), &strongest(&kinds));
    let Some(kind) = kind else {
        return have.cloned().unwrap_or(FieldType::Primitive(Primitive::Json));
    };
    let have = have.filter(|ty| WireKind::of(ty) == kind || knows_more(ty, kind));
    let alike: Vec<&FieldType> =
        facts.iter().copied().filter(|ty| WireKind::of(ty) == kind).collect();
    if alike.len() < strongest(&kinds).len() {
        session.remark(disagreement(&kinds, kind));
    }
    one_kind(have, &alike, session)
}

/// Remarks facts beside a named type. They occur when places become one type that some already name.
fn remark_others(named: &FieldType, facts: &[&FieldType], session: &mut Session) {
    if let FieldType::Named(id) = named
        && facts.iter().any(|ty| *ty != named)
    {
        let (family, name) = (&id.family, &id.name);
        session.remark(format!(
            "not all places name `{family}/{name}` here: the facts of the others are lost"
        ));
    }
}

/// Lists how many places give each kind, and which kind was taken.
fn disagreement(kinds: &[WireKind], taken: WireKind) -> String {
    let mut given = strongest(kinds);
    given.sort();
    let given =
        given.chunk_by(WireKind::eq).filter_map(|alike| Some((alike.first()?, alike.len())));
    let given: Vec<String> =
        given.map(|(kind, count)| format!("{} in {count}", kind.word())).collect();
    format!("the places disagree about its type ({}): taken as {}", given.join(", "), taken.word())
}

/// The kind of a type on the wire.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum WireKind {
    Text,
    Integer,
    Number,
    Boolean,
    Json,
    Object,
    List,
    JsonText,
}

impl WireKind {
    pub(super) fn word(self) -> &'static str {
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

    pub(super) fn of(ty: &FieldType) -> Self {
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

/// Leaves out the kind JSON if others say more.
fn strongest(kinds: &[WireKind]) -> Vec<WireKind> {
    let strong: Vec<WireKind> =
        kinds.iter().copied().filter(|kind| *kind != WireKind::Json).collect();
    if strong.is_empty() { kinds.to_vec() } else { strong }
}

/// Whether a type says more than facts that only say JSON.
fn knows_more(ty: &FieldType, fact: WireKind) -> bool {
    fact == WireKind::Json && matches!(ty, FieldType::Object(_) | FieldType::List(_))
}

fn one_kind(have: Option<&FieldType>, facts: &[&FieldType], session: &mut Session) -> FieldType {
    match facts.first() {
        Some(FieldType::Object(_)) => {
            let lists: Vec<&[Field]> = facts.iter().filter_map(|ty| ty.fields()).collect();
            FieldType::Object(fields(
                have.and_then(FieldType::fields).unwrap_or_default(),
                &lists,
                session,
            ))
        }
        Some(FieldType::List(_) | FieldType::JsonText(_)) => inner(have, facts, session),
        Some(FieldType::Primitive(Primitive::Json))
            if have.is_some_and(|ty| knows_more(ty, WireKind::Json)) =>
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

/// Merges texts and numbers: all known values, else the most frequent format. Plain texts do not count.
fn scalar(have: Option<&FieldType>, facts: &[&FieldType], session: &mut Session) -> FieldType {
    let lists: Vec<&[EnumValue]> = facts.iter().filter_map(|ty| ty.values()).collect();
    let integer = facts.iter().any(|ty| WireKind::of(ty) == WireKind::Integer);
    let known = have.and_then(FieldType::values).unwrap_or_default();
    if !lists.is_empty() || !known.is_empty() {
        note_missing_values(known, &lists, session);
        return FieldType::Enum { integer, values: merge_values(known, &lists) };
    }
    let telling: Vec<FieldType> =
        facts.iter().filter(|ty| !is_plain_text(ty)).map(|ty| (*ty).clone()).collect();
    if let Some(have @ FieldType::Primitive(Primitive::Secret(Secret::Bytes))) = have {
        return have.clone();
    }
    let plain = facts.first().map(|ty| (*ty).clone());
    choose(have, &telling).or(plain).unwrap_or(FieldType::Primitive(Primitive::Json))
}

/// Merges enum values: the existing ones in their order, labels from the facts, Rust names from people.
pub(in crate::import) fn merge_values(
    have: &[EnumValue],
    facts: &[&[EnumValue]],
) -> Vec<EnumValue> {
    let mut values: Vec<EnumValue> = have.to_vec();
    for list in facts {
        values = with_new(values, list, |value| &value.wire);
    }
    let mut given: HashMap<&str, Vec<&EnumValue>> = HashMap::new();
    for value in facts.iter().flat_map(|list| list.iter()) {
        given.entry(&value.wire).or_default().push(value);
    }
    for value in &mut values {
        let given = given.get(value.wire.as_str()).map(Vec::as_slice).unwrap_or_default();
        let titles: Vec<String> = given.iter().filter_map(|value| value.title.clone()).collect();
        value.title = choose(value.title.as_ref(), &titles);
        value.superseded |= !given.is_empty() && given.iter().all(|value| value.superseded);
        let rust = given.iter().find_map(|value| value.rust.clone());
        value.rust = value.rust.take().or(rust);
    }
    values
}

/// Adds each new entry of a list behind the one that precedes it in the list.
pub(super) fn with_new<T: Clone>(have: Vec<T>, list: &[T], name: impl Fn(&T) -> &String) -> Vec<T> {
    let places: HashMap<String, usize> =
        have.iter().enumerate().map(|(at, known)| (name(known).clone(), at)).collect();
    let mut added: HashSet<&str> = HashSet::new();
    let mut behind: BTreeMap<usize, Vec<T>> = BTreeMap::new();
    let mut at = 0;
    for entry in list {
        match places.get(name(entry)) {
            Some(known) => at = known + 1,
            None if added.insert(name(entry)) => {
                behind.entry(at).or_default().push(entry.clone());
            }
            None => {}
        }
    }
    let mut all = behind.remove(&0).unwrap_or_default();
    for (at, known) in have.into_iter().enumerate() {
        all.push(known);
        all.extend(behind.remove(&(at + 1)).unwrap_or_default());
    }
    all
}

/// Notes the values that no fact has, unless the facts are partial.
pub(super) fn note_missing_values(
    have: &[EnumValue],
    facts: &[&[EnumValue]],
    session: &mut Session,
) {
    if facts.is_empty() || session.is_partial {
        return;
    }
    let given: HashSet<&str> =
        facts.iter().flat_map(|list| list.iter()).map(|value| value.wire.as_str()).collect();
    for EnumValue { wire, .. } in have.iter().filter(|value| !given.contains(value.wire.as_str())) {
        session.lacks(format!(
            "the import does not have the value `{wire}`: remove it, or give the reason under `corrects`"
        ));
    }
}

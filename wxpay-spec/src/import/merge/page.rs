//! What a documentation page may change: it adds what is unknown, and leaves what is known.
//!
//! A page says less than a document. Its interfaces mark few members as optional, name no formats,
//! and show every number alike. So a member that is known keeps its facts, and a new one is optional.
//! Where a page marks a required member as optional, no caller can rely on it: it becomes optional,
//! with a remark.

use std::collections::{HashMap, HashSet};

use super::fields::by_hand;
use super::session::{FactSource, Session};
use super::ty::{self, WireKind, merge_values};
use crate::import::field::fitting_example;
use crate::model::{
    Corrects, Empty, EnumValue, Example, Field, FieldFact, FieldType, Primitive, StringFormat,
};
use crate::rust_name::field_name;

/// Merges the members of an object. `merged` has the new ones at their places.
pub(super) fn fields<'f>(
    merged: Vec<Field>,
    known: &HashSet<&str>,
    given: impl Fn(&str) -> &'f [&'f Field],
    session: &mut Session,
) -> Vec<Field> {
    let mut names: HashMap<String, String> = merged
        .iter()
        .filter(|field| known.contains(field.name.as_str()))
        .map(|field| (field_name(field), field.name.clone()))
        .collect();
    let mut all = Vec::new();
    for field in merged {
        let facts = given(&field.name);
        let name = field.name.clone();
        session.below(&name, |session| {
            if known.contains(field.name.as_str()) {
                all.push(if facts.is_empty() { field } else { one(&field, facts, session) });
                return;
            }
            match names.insert(field_name(&field), field.name.clone()) {
                None => all.push(Field {
                    optional: field.computed.is_none(),
                    ..new(&field, facts, session)
                }),
                Some(other) => {
                    let what = format!("has the Rust name of `{other}`: left out");
                    session.remark(what);
                    names.insert(field_name(&field), other);
                }
            }
        });
    }
    all
}

/// Merges the facts about a new member, of all its places.
fn new(field: &Field, facts: &[&Field], session: &mut Session) -> Field {
    let types: Vec<&FieldType> = facts.iter().map(|fact| &fact.ty).collect();
    if types.len() < 2 {
        return field.clone();
    }
    session.source = FactSource::Places;
    let ty = ty::merge(None, &types, session);
    session.source = FactSource::Page;
    let field = Field { ty, example: None, ..field.clone() };
    let example = facts.iter().find_map(|fact| fitting_example(&fact.example.as_ref()?.0, &field));
    Field { example, ..field }
}

/// Merges the facts about a known member.
fn one(have: &Field, facts: &[&Field], session: &mut Session) -> Field {
    let is_object = matches!(have.ty.innermost(), FieldType::Object(_));
    let ty = match have.keeps(FieldFact::Type) && !is_object {
        true => have.ty.clone(),
        false => types(have, facts, session),
    };
    if let Some(Corrects::All(_)) = have.corrects {
        return Field { ty, ..have.clone() };
    }
    let mut field = Field {
        optional: have.optional
            || !have.keeps(FieldFact::Required) && loosens(have, facts, session),
        ty,
        title: match have.keeps(FieldFact::Title) {
            true => have.title.clone(),
            false => by_hand(Some(have), facts, |field| &field.title),
        },
        note: by_hand(Some(have), facts, |field| &field.note),
        ..have.clone()
    };
    if field.example.is_none() && !field.keeps(FieldFact::Example) {
        let fitting = |fact: &&Field| fitting_example(&fact.example.as_ref()?.0, &field);
        field.example = facts.iter().find_map(fitting);
    }
    field
}

fn loosens(have: &Field, facts: &[&Field], session: &mut Session) -> bool {
    if have.computed.is_some() || !facts.iter().any(|fact| fact.optional) {
        return false;
    }
    if session.natural_keys.contains(&have.name) {
        session.remark("the page marks it as optional: it stays required, as `repeat` names it");
        return false;
    }
    session.remark("the page marks it as optional: no longer required");
    true
}

fn types(have: &Field, facts: &[&Field], session: &mut Session) -> FieldType {
    // The client gives the value, or an empty one means something: an enum cannot say so.
    let is_text = is_text(&have.ty);
    if have.computed.is_some() || (have.empty != Empty::Absent && is_text) {
        return have.ty.clone();
    }
    let merged = facts.iter().fold(have.ty.clone(), |ty, fact| merge(&ty, &fact.ty, session));
    if is_contradicted(have, &merged) {
        session.remark("the example here does not fit the page's type: the type here stays");
        return have.ty.clone();
    }
    merged
}

/// Whether the known example of a scalar rules its new type out.
fn is_contradicted(have: &Field, ty: &FieldType) -> bool {
    let Some(Example(example)) = &have.example else { return false };
    let is_same = matches!(ty, FieldType::Named(_)) || *ty == have.ty;
    let is_nested = matches!(ty.innermost(), FieldType::Object(_))
        && matches!(have.ty.innermost(), FieldType::Object(_));
    if is_same || is_nested {
        return false;
    }
    let changed = Field { ty: ty.clone(), ..have.clone() };
    let is_time = *ty == FieldType::Primitive(Primitive::String(Some(StringFormat::DateTime)));
    fitting_example(example, &changed).is_none() || (is_time && !looks_like_time(example))
}

/// Whether a text begins as `2018-06-08T10:34:56`.
fn looks_like_time(example: &serde_json::Value) -> bool {
    let mut text = example.as_str().unwrap_or_default().chars();
    "0000-00-00T00:00:00".chars().all(|expected| match (expected, text.next()) {
        ('0', Some(given)) => given.is_ascii_digit(),
        (mark, given) => given == Some(mark),
    })
}

/// Merges a page's type into a known one. The known type stays unless it says less.
fn merge(have: &FieldType, fact: &FieldType, session: &mut Session) -> FieldType {
    match (have, fact) {
        (FieldType::Named(id), fact) => {
            session.collect(id, &[fact]);
            have.clone()
        }
        (_, FieldType::Primitive(Primitive::Json)) => have.clone(),
        (FieldType::Primitive(Primitive::Json), fact) => loosened(fact),
        (FieldType::Object(members), FieldType::Object(facts)) => {
            FieldType::Object(super::fields::fields(members, &[facts], session))
        }
        (FieldType::List(element), FieldType::List(fact)) => {
            FieldType::List(Box::new(merge(element, fact, session)))
        }
        (FieldType::Enum { integer, values }, FieldType::Enum { integer: fact, values: facts })
            if integer == fact =>
        {
            FieldType::Enum { integer: *integer, values: self::values(values, &[facts]) }
        }
        (FieldType::Primitive(Primitive::String(None)), fact) if is_text(fact) => fact.clone(),
        (FieldType::Primitive(Primitive::Integer), FieldType::Enum { integer: true, .. }) => {
            fact.clone()
        }
        (have, fact) if says_less(have, fact) => have.clone(),
        (have, fact) => {
            let (ours, page) = (WireKind::of(have).word(), WireKind::of(fact).word());
            let what = if ours == page { "another format".to_owned() } else { format!("`{page}`") };
            session.remark(format!("the page has {what}: `{ours}` stays as it is here"));
            have.clone()
        }
    }
}

fn is_text(ty: &FieldType) -> bool {
    WireKind::of(ty) == WireKind::Text
}

/// Whether a page's type is how it shows the known type, or less of it.
fn says_less(have: &FieldType, fact: &FieldType) -> bool {
    match (have, fact) {
        (have, fact) if have == fact => true,
        // TypeScript has one type for all numbers, and a plain one for all texts.
        (have, FieldType::Primitive(Primitive::Integer)) => {
            matches!(WireKind::of(have), WireKind::Integer | WireKind::Number)
        }
        (have, FieldType::Primitive(Primitive::String(None))) => {
            matches!(WireKind::of(have), WireKind::Text | WireKind::JsonText)
        }
        _ => false,
    }
}

/// A type whose members are all optional.
fn loosened(ty: &FieldType) -> FieldType {
    match ty {
        FieldType::Object(fields) => FieldType::Object(
            fields
                .iter()
                .map(|field| Field { optional: true, ty: loosened(&field.ty), ..field.clone() })
                .collect(),
        ),
        FieldType::List(element) => FieldType::List(Box::new(loosened(element))),
        other => other.clone(),
    }
}

/// Adds a page's values to an enum, and labels where it has none.
pub(super) fn values(have: &[EnumValue], facts: &[&[EnumValue]]) -> Vec<EnumValue> {
    let titles: HashMap<&str, &String> = have
        .iter()
        .filter_map(|value| Some((value.wire.as_str(), value.title.as_ref()?)))
        .collect();
    let mut merged = merge_values(have, facts);
    for value in &mut merged {
        if let Some(title) = titles.get(value.wire.as_str()) {
            value.title = Some((*title).clone());
        }
    }
    merged
}

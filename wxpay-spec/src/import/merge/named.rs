//! Merges named types from the facts of all places that use them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::correction::same_values;
use super::fields::fields;
use super::page;
use super::session::{AGREES, Session};
use super::ty::{merge_values, note_missing_values};
use crate::model::{EnumValue, Field, FieldType, NamedType, Shape, TypeId};

/// Merges the facts of all places into the named types that they use.
///
/// A type may name other types, which then get more facts. A type in `partial` is used outside the
/// import too, so it only gets wider. `keys` are the members of requests that recognise a retry.
pub(super) fn merge(
    types: &mut BTreeMap<TypeId, NamedType>,
    partial: &BTreeSet<TypeId>,
    keys: &BTreeMap<TypeId, BTreeSet<String>>,
    session: &mut Session,
) {
    let mut known: BTreeMap<TypeId, Vec<Vec<Field>>> = BTreeMap::new();
    spread(types, session, &mut known);
    // Merging visits the same members again, and must not count their facts twice.
    let mut enums = std::mem::take(&mut session.values);
    for (id, named) in types {
        session.enter(format!("types/{}.yaml {}: ", id.family, id.name));
        session.is_partial = partial.contains(id);
        session.natural_keys = keys.get(id).cloned().unwrap_or_default();
        match &mut named.shape {
            Shape::Object { fields: have, .. } => {
                let facts = known.get(id).map(Vec::as_slice).unwrap_or_default();
                let facts: Vec<&[Field]> = facts.iter().map(Vec::as_slice).collect();
                if !facts.is_empty() {
                    *have = fields(have, &facts, session);
                }
            }
            Shape::Enum { values: have, .. } => {
                let facts = enums.remove(id).unwrap_or_default();
                let lists: Vec<&[EnumValue]> = facts.iter().filter_map(FieldType::values).collect();
                if !lists.is_empty() {
                    let is_told = session.declared.get(id).is_some_and(|d| d.corrects.is_some());
                    values_of(have, &lists, named.corrects.is_some(), is_told, session);
                }
            }
        }
    }
    session.is_partial = false;
    session.natural_keys.clear();
}

/// Merges enum values. An enum with `corrects` keeps its values and labels, and only gets new values.
fn values_of(
    have: &mut Vec<EnumValue>,
    lists: &[&[EnumValue]],
    is_corrected: bool,
    is_told: bool,
    session: &mut Session,
) {
    if session.is_page() {
        *have = page::values(have, lists);
        return;
    }
    let merged = merge_values(have, lists);
    if !is_corrected {
        note_missing_values(have, lists, session);
        *have = merged;
        return;
    }
    if !session.is_partial && !is_told && same_values(have, &merge_values(&[], lists)) {
        session.outdated(AGREES);
    }
    let known = std::mem::take(have);
    let wires: BTreeSet<&str> = known.iter().map(|value| value.wire.as_str()).collect();
    let new = merged.into_iter().filter(|value| !wires.contains(value.wire.as_str()));
    *have = known.iter().cloned().chain(new).collect();
}

/// Passes the facts about a type to the types that its members name.
///
/// This ends for types that contain themselves: each step goes one member deeper into finite facts.
fn spread(
    types: &BTreeMap<TypeId, NamedType>,
    session: &mut Session,
    known: &mut BTreeMap<TypeId, Vec<Vec<Field>>>,
) {
    while let Some((id, lists)) = session.objects.pop_first() {
        if let Some(NamedType { shape: Shape::Object { fields: have, .. }, .. }) = types.get(&id) {
            for list in &lists {
                members(have, list, session);
            }
        }
        known.entry(id).or_default().extend(lists);
    }
}

fn members(have: &[Field], facts: &[Field], session: &mut Session) {
    let facts: HashMap<&str, &Field> =
        facts.iter().rev().map(|fact| (fact.name.as_str(), fact)).collect();
    for field in have {
        if let Some(fact) = facts.get(field.name.as_str()) {
            hand_on(&field.ty, &fact.ty, session);
        }
    }
}

fn hand_on(have: &FieldType, fact: &FieldType, session: &mut Session) {
    match (have, fact) {
        (FieldType::Named(id), fact) => {
            session.take_down(id, fact);
        }
        (FieldType::Object(have), FieldType::Object(facts)) => members(have, facts, session),
        (FieldType::List(have), FieldType::List(fact))
        | (FieldType::JsonText(have), FieldType::JsonText(fact)) => hand_on(have, fact, session),
        _ => {}
    }
}

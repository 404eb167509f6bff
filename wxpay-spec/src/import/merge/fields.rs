//! Merges members.

use std::collections::{HashMap, HashSet};

use super::session::{Session, choose};
use super::ty::{self, with_new};
use super::{correction, page, renamed};
use crate::model::{Corrects, Field, FieldFact, FieldType, Primitive};

/// Merges the members of an object that several facts describe, each with a list of members.
///
/// A member is required if every list has it as required. When several places become one type, the
/// `corrects` of one place holds for all. A page follows [other rules](super::page).
pub(in crate::import) fn fields(
    have: &[Field],
    facts: &[&[Field]],
    session: &mut Session,
) -> Vec<Field> {
    let mut merged: Vec<Field> = have.to_vec();
    for list in facts {
        merged = with_new(merged, list, |field| &field.name);
    }
    let known: HashSet<&str> = have.iter().map(|field| field.name.as_str()).collect();
    let given = by_name(facts);
    let given = |name: &str| given.get(name).map(Vec::as_slice).unwrap_or_default();
    if session.is_page() {
        return page::fields(merged, &known, given, session);
    }
    for field in &mut merged {
        let is_new = !known.contains(field.name.as_str());
        let given = given(&field.name);
        let name = field.name.clone();
        session.below(&name, |session| {
            if given.is_empty() {
                missing(field, session);
            } else {
                let everywhere = given.len() == facts.len();
                one(field, is_new, given, everywhere, session);
            }
        });
    }
    let is_gone = |field: &Field| given(&field.name).is_empty();
    renamed::loosen(&mut merged, &known, is_gone, session);
    merged
}

/// The facts about each member, at most one of each list.
fn by_name<'f>(facts: &[&'f [Field]]) -> HashMap<&'f str, Vec<&'f Field>> {
    let mut given: HashMap<&str, Vec<&Field>> = HashMap::new();
    for list in facts {
        let mut seen = HashSet::new();
        for field in list.iter().filter(|field| seen.insert(field.name.as_str())) {
            given.entry(&field.name).or_default().push(field);
        }
    }
    given
}

fn missing(field: &Field, session: &mut Session) {
    if !matches!(field.corrects, Some(Corrects::All(_))) && !session.is_partial {
        session.lacks(
            "the import does not have this field: remove it, or give the reason under `corrects`",
        );
    }
}

fn one(field: &mut Field, is_new: bool, given: &[&Field], everywhere: bool, session: &mut Session) {
    let corrected = given.iter().copied().find(|fact| fact.corrects.is_some());
    let before = if is_new { corrected.cloned() } else { Some(field.clone()) };
    let remarks = session.remarks.len();
    let merged = merged(field, before.as_ref(), given, everywhere, session);
    // A document of descriptors has the corrections, too.
    let is_told = given.iter().any(|fact| fact.corrects.is_some());
    *field = match before.filter(|before| before.corrects.is_some()) {
        Some(before) => {
            if before.keeps(FieldFact::Type)
                && !matches!(merged.ty.innermost(), FieldType::Object(_))
            {
                // None of the facts about the type is used, so their remarks do not matter.
                session.keep_remarks(remarks);
            }
            let fresh = self::merged(field, None, given, everywhere, &mut Session::default());
            if !session.is_partial && !is_told {
                correction::compare(&before, &fresh, session);
            }
            with_fitting_bounds(correction::keep(merged, &before))
        }
        None => merged,
    };
}

fn merged(
    field: &Field,
    have: Option<&Field>,
    given: &[&Field],
    everywhere: bool,
    session: &mut Session,
) -> Field {
    let types: Vec<&FieldType> = given.iter().map(|fact| &fact.ty).collect();
    let computed = by_hand(have, given, |fact| &fact.computed);
    let is_wider = session.is_partial && have.is_none_or(|have| have.optional);
    let optional = given.iter().any(|fact| fact.optional) || !everywhere || is_wider;
    let superseded = is_superseded(have, given);
    with_fitting_bounds(Field {
        name: field.name.clone(),
        optional: (optional || superseded) && computed.is_none(),
        ty: ty::merge(have.map(|have| &have.ty), &types, session),
        title: known(have, given, |fact| &fact.title),
        note: by_hand(have, given, |fact| &fact.note),
        superseded,
        example: known(have, given, |fact| &fact.example),
        length: known(have, given, |fact| &fact.length),
        range: known(have, given, |fact| &fact.range),
        pattern: known(have, given, |fact| &fact.pattern),
        empty: have
            .into_iter()
            .chain(given.iter().copied())
            .map(|one| one.empty)
            .max()
            .unwrap_or_default(),
        not_with: by_hand(have, given, |fact| &fact.not_with),
        computed,
        rust: by_hand(have, given, |fact| &fact.rust),
        corrects: by_hand(have, given, |fact| &fact.corrects),
    })
}

/// Drops the bounds that the merged type does not have, as where a text is a named enum here.
fn with_fitting_bounds(mut field: Field) -> Field {
    let is_text = matches!(
        field.ty,
        FieldType::Primitive(Primitive::String(_) | Primitive::Secret(_))
            | FieldType::Enum { integer: false, .. }
    );
    let is_number = matches!(
        field.ty,
        FieldType::Primitive(Primitive::Integer | Primitive::Number)
            | FieldType::Enum { integer: true, .. }
    );
    let is_measured = is_text || matches!(field.ty, FieldType::List(_) | FieldType::JsonText(_));
    field.length = field.length.filter(|_| is_measured);
    field.range = field.range.filter(|_| is_number);
    field.pattern = field.pattern.filter(|_| is_text);
    field
}

/// Whether all facts call a field superseded. Facts that do not mention it change nothing, except
/// that all of them require the field.
fn is_superseded(have: Option<&Field>, given: &[&Field]) -> bool {
    let by_facts = given.iter().all(|fact| fact.superseded);
    by_facts || have.is_some_and(|have| have.superseded) && given.iter().all(|fact| fact.optional)
}

/// Merges a fact: the existing one if it is given, else the most frequent one. Missing facts delete
/// nothing.
fn known<T: Clone + PartialEq>(
    have: Option<&Field>,
    given: &[&Field],
    part: impl Fn(&Field) -> &Option<T>,
) -> Option<T> {
    let values: Vec<T> = given.iter().filter_map(|fact| part(fact).clone()).collect();
    choose(have.and_then(|have| part(have).as_ref()), &values)
}

/// Merges what people write: the existing value, else the first one.
pub(super) fn by_hand<T: Clone>(
    have: Option<&Field>,
    given: &[&Field],
    part: impl Fn(&Field) -> &Option<T>,
) -> Option<T> {
    have.into_iter().chain(given.iter().copied()).find_map(|field| part(field).clone())
}

/// Whether a type is a text without a format, which says less than any other text.
pub(super) fn is_plain_text(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Primitive(Primitive::String(None)))
}

//! Facts with `corrects`: an import keeps them, and says when it agrees with them.

use super::session::{AGREES, Session};
use crate::model::{CorrectedFact, Corrects, EnumValue, Field, FieldFact, FieldType, Primitive};

/// Keeps the corrected facts of a field. The members of an object follow the facts all the same.
pub(super) fn keep(merged: Field, before: &Field) -> Field {
    if let Some(Corrects::All(_)) = before.corrects {
        return Field { ty: kept_type(&before.ty, merged.ty), ..before.clone() };
    }
    let mut field = merged;
    for fact in FieldFact::ALL.iter().filter(|fact| before.keeps(**fact)) {
        match fact {
            FieldFact::Required => field.optional = before.optional,
            FieldFact::Type => field.ty = kept_type(&before.ty, field.ty),
            FieldFact::Title => field.title.clone_from(&before.title),
            FieldFact::Example => field.example.clone_from(&before.example),
            FieldFact::Length => field.length = before.length,
            FieldFact::Range => field.range.clone_from(&before.range),
            FieldFact::Pattern => field.pattern.clone_from(&before.pattern),
            FieldFact::Superseded => field.superseded = before.superseded,
        }
    }
    field
}

/// Keeps a type, but for the members of its objects.
fn kept_type(before: &FieldType, merged: FieldType) -> FieldType {
    match (before, merged) {
        (FieldType::Object(_), members @ FieldType::Object(_)) => members,
        (FieldType::List(before), FieldType::List(merged)) => {
            FieldType::List(Box::new(kept_type(before, *merged)))
        }
        (FieldType::JsonText(before), FieldType::JsonText(merged)) => {
            FieldType::JsonText(Box::new(kept_type(before, *merged)))
        }
        _ => before.clone(),
    }
}

/// Says which corrections of a field the import agrees with, and which facts one for all may mean.
pub(super) fn compare(have: &Field, fresh: &Field, session: &mut Session) {
    let differs = |fact: &FieldFact| !agrees_about(*fact, have, fresh);
    tell(have.corrects.as_ref(), differs, session);
}

/// Says which corrections the import agrees with, and which facts one for all may mean.
pub(super) fn tell<F: CorrectedFact>(
    corrects: Option<&Corrects<F>>,
    differs: impl Fn(&F) -> bool,
    session: &mut Session,
) {
    let words = |facts: Vec<F>| {
        facts.iter().map(|fact| format!("`{}`", fact.key())).collect::<Vec<_>>().join(", ")
    };
    match corrects {
        None => {}
        Some(Corrects::All(_)) => {
            let differing: Vec<F> = F::ALL.iter().copied().filter(differs).collect();
            if differing.is_empty() {
                session.outdated(AGREES);
                return;
            }
            session.remark(format!(
                "`corrects` keeps every fact; the import differs in {}: write the reason below these \
                 facts, and the others follow the import",
                words(differing)
            ));
        }
        Some(Corrects::Facts(facts)) => {
            let agreed: Vec<F> = facts.keys().copied().filter(|fact| !differs(fact)).collect();
            if agreed.len() == facts.len() {
                session.outdated(AGREES);
            } else if !agreed.is_empty() {
                session.outdated(format!(
                    "the import now agrees with the descriptor about {}: remove it from `corrects`",
                    words(agreed)
                ));
            }
        }
    }
}

/// Whether an import without the correction would leave a fact as it is. Missing facts change nothing.
fn agrees_about(fact: FieldFact, have: &Field, fresh: &Field) -> bool {
    match fact {
        FieldFact::Required => have.optional == fresh.optional,
        FieldFact::Type => same_type(&have.ty, &fresh.ty),
        FieldFact::Title => is_known(have.title.as_ref(), fresh.title.as_ref()),
        FieldFact::Example => is_known(have.example.as_ref(), fresh.example.as_ref()),
        FieldFact::Length => is_known(have.length, fresh.length),
        FieldFact::Range => is_known(have.range.as_ref(), fresh.range.as_ref()),
        FieldFact::Pattern => is_known(have.pattern.as_ref(), fresh.pattern.as_ref()),
        FieldFact::Superseded => have.superseded == fresh.superseded,
    }
}

fn is_known<T: PartialEq>(have: Option<T>, fresh: Option<T>) -> bool {
    fresh.is_none() || have == fresh
}

/// Compares types without their members, which are compared as fields.
fn same_type(have: &FieldType, fresh: &FieldType) -> bool {
    match (have, fresh) {
        (FieldType::Object(_), FieldType::Object(_))
        | (FieldType::Named(_), FieldType::Object(_) | FieldType::Enum { .. }) => true,
        (FieldType::List(have), FieldType::List(fresh))
        | (FieldType::JsonText(have), FieldType::JsonText(fresh)) => same_type(have, fresh),
        (
            FieldType::Enum { integer, values },
            FieldType::Enum { integer: fresh_integer, values: fresh },
        ) => integer == fresh_integer && same_values(values, fresh),
        (
            FieldType::Primitive(Primitive::Secret(_)),
            FieldType::Primitive(Primitive::Secret(_)),
        ) => true,
        (have, fresh) => have == fresh,
    }
}

/// Compares values without their Rust names, which only people write.
pub(super) fn same_values(have: &[EnumValue], fresh: &[EnumValue]) -> bool {
    have.iter().map(fact).eq(fresh.iter().map(fact))
}

fn fact(value: &EnumValue) -> (&str, Option<&str>) {
    (&value.wire, value.title.as_deref())
}

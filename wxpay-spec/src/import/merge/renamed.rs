//! Members that a document calls by another name than the descriptor.

use std::collections::HashSet;

use super::session::{FactSource, Session};
use super::ty::WireKind;
use crate::model::{Field, FieldFact};

/// Makes a required member optional if the facts lack it and bring a required one like it.
///
/// Otherwise a renamed member would be required twice, and no caller could give both. A person removes
/// one of the two.
pub(super) fn loosen(
    merged: &mut [Field],
    known: &HashSet<&str>,
    is_gone: impl Fn(&Field) -> bool,
    session: &mut Session,
) {
    if session.source != FactSource::Document || session.is_partial {
        return;
    }
    let is_required = |field: &Field| !field.optional && field.computed.is_none();
    let is_new = |field: &Field| is_required(field) && !known.contains(field.name.as_str());
    let mut new: Vec<(usize, Field)> = merged
        .iter()
        .enumerate()
        .filter(|(_, field)| is_new(field))
        .map(|(at, field)| (at, field.clone()))
        .collect();
    for (at, field) in merged.iter_mut().enumerate() {
        if new.is_empty() {
            return;
        }
        if !is_required(field) || field.keeps(FieldFact::Required) || !is_gone(field) {
            continue;
        }
        let like = new.iter().position(|(other, new)| is_like(field, new, at.abs_diff(*other)));
        if let Some(found) = like {
            let (_, new) = new.remove(found);
            field.optional = true;
            session.below(&field.name, |session| {
                session.remark(format!(
                    "the import does not have this field, but a new `{}`: it may have been renamed, \
                     and is no longer required; remove one of the two",
                    new.name
                ));
            });
        }
    }
}

/// Whether two members may be one: of one kind, and beside each other or with like names.
fn is_like(old: &Field, new: &Field, distance: usize) -> bool {
    if WireKind::of(&old.ty) != WireKind::of(&new.ty) {
        return false;
    }
    let words = |name: &str| name.split(['_', '-']).map(str::to_lowercase).collect::<Vec<_>>();
    let old_words = words(&old.name);
    distance == 1
        || (old.title.is_some() && old.title == new.title)
        || words(&new.name).iter().any(|word| word.len() > 2 && old_words.contains(word))
}

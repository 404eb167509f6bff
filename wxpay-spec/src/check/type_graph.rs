//! Checks named types as a graph: no endless nesting, no unused type.

use std::collections::{BTreeMap, BTreeSet};

use super::reference::Reference;
use crate::model::{EntryName, Spec, TypeId};
use crate::sources::Sources;

/// Checks that a type contains itself only inside a list, since its values would have no end.
pub(super) fn check_recursion(references: &[Reference<'_>]) {
    let mut edges: BTreeMap<&TypeId, Vec<&TypeId>> = BTreeMap::new();
    for (owner, reference) in direct(references) {
        edges.entry(owner).or_default().push(&reference.target);
    }
    for (owner, reference) in direct(references) {
        if reaches(&edges, &reference.target, owner) {
            reference.error("contains the type that holds it", "put it in a list, or remove it");
        }
    }
}

fn direct<'r, 'a>(
    references: &'r [Reference<'a>],
) -> impl Iterator<Item = (&'r TypeId, &'r Reference<'a>)> {
    references.iter().filter_map(|reference| match &reference.place.entry {
        EntryName::Type(owner) if !reference.is_in_list() => Some((owner, reference)),
        _ => None,
    })
}

fn reaches(edges: &BTreeMap<&TypeId, Vec<&TypeId>>, from: &TypeId, to: &TypeId) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(next) = open.pop() {
        if next == to {
            return true;
        }
        if seen.insert(next) {
            open.extend(edges.get(next).into_iter().flatten().copied());
        }
    }
    false
}

/// Checks that an operation or a notification uses every type, directly or through other types.
///
/// A type counts as used if a misspelt reference probably means it. Nothing is reported if a file
/// could not be parsed, because it may use any type.
pub(super) fn check_unused(
    spec: &Spec,
    references: &[Reference<'_>],
    meant: &BTreeSet<TypeId>,
    sources: &Sources<'_>,
) {
    if sources.any_unreadable() {
        return;
    }
    let used = used(references, meant);
    for (id, named) in spec.types.iter().filter(|(id, _)| !used.contains(id)) {
        if let Some(at) = sources.file(&named.source).and_then(|file| file.get(&id.name)) {
            at.key_error(
                &format!("nothing uses the type `{}`", id.name),
                Some("remove it".to_owned()),
            );
        }
    }
}

fn used<'a>(references: &'a [Reference<'_>], meant: &'a BTreeSet<TypeId>) -> BTreeSet<&'a TypeId> {
    let mut edges: BTreeMap<&TypeId, Vec<&TypeId>> = BTreeMap::new();
    let mut open: Vec<&TypeId> = meant.iter().collect();
    for reference in references {
        match &reference.place.entry {
            EntryName::Type(owner) => edges.entry(owner).or_default().push(&reference.target),
            EntryName::Operation(..) | EntryName::Notification(_) => open.push(&reference.target),
        }
    }
    let mut used = BTreeSet::new();
    while let Some(next) = open.pop() {
        if used.insert(next) {
            open.extend(edges.get(next).into_iter().flatten().copied());
        }
    }
    used
}

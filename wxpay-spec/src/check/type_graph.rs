use std::collections::{BTreeMap, BTreeSet};

use super::reference::Reference;
use crate::model::{EntryName, Spec, TypeId};
use crate::sources::Sources;

/// A type that contains itself has no end, unless a list is in between.
pub(super) fn check_recursion(references: &[Reference<'_>]) {
    let mut edges: BTreeMap<&TypeId, Vec<&TypeId>> = BTreeMap::new();
    for (owner, reference) in direct(references) {
        edges.entry(owner).or_default().push(&reference.target);
    }
    for (owner, reference) in direct(references) {
        if reaches(&edges, &reference.target, owner) {
            reference.error("contains the type it stands in", "only a list may close the circle");
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

/// Every type is used by an operation or a notification, if only through other types.
///
/// A type that a misspelt reference meant counts as used, and nothing is known where a file cannot be read.
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
                Some("take it out".to_owned()),
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

use std::collections::{BTreeMap, BTreeSet};

use super::reference::{Owner, Reference};
use crate::model::{Spec, TypeId};
use crate::sources::Sources;

/// Every type is used by an operation or a notification, if only through other types.
///
/// A type that a misspelt reference meant counts as used, and nothing is known where a file cannot be read.
pub(super) fn check(
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
        match &reference.owner {
            Owner::Type(owner) => edges.entry(owner).or_default().push(&reference.target),
            Owner::Entry(_) => open.push(&reference.target),
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

use std::collections::{BTreeMap, BTreeSet};

use super::reference::{Owner, Place, Reference};
use crate::model::TypeId;

/// A type that contains itself has no end, unless a list is in between.
pub(super) fn check(references: &[Reference<'_>]) {
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
    references.iter().filter_map(|reference| match (&reference.owner, reference.place) {
        (Owner::Type(owner), Place::Member { in_list: false }) => Some((owner, reference)),
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

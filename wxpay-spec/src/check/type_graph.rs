//! Checks named types as a graph: no endless nesting, no unused type.

use std::collections::{BTreeMap, BTreeSet};

use super::reference::Reference;
use crate::model::{EntryName, Shape, Spec, TypeId};
use crate::sources::Sources;

/// Checks that a type contains itself only inside a list, since its values would have no end.
pub(super) fn check_recursion(references: &[Reference<'_>]) {
    let mut edges = Edges::new();
    for (owner, reference) in direct(references) {
        edges.entry(owner).or_default().push(&reference.target);
    }
    let circles = circles(&edges);
    for (owner, reference) in direct(references) {
        let circle = circles.get(owner);
        if circle.is_some() && circle == circles.get(&reference.target) {
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

/// How many members an operation or a type may have with every named type written out.
///
/// Samples and reference pages write them out. WeChat Pay's largest operation has about 450.
const MEMBERS: usize = 20_000;

/// Checks that types which name each other several times do not expand without limit.
pub(super) fn check_size(spec: &Spec, references: &[Reference<'_>]) {
    let mut edges = Edges::new();
    for reference in references {
        if let EntryName::Type(owner) = &reference.place.entry {
            edges.entry(owner).or_default().push(&reference.target);
        }
    }
    // A type comes behind the types that it names. One that names itself counts once.
    let mut sizes: BTreeMap<&TypeId, usize> = BTreeMap::new();
    for id in finished(&edges) {
        let own = match spec.types.get(id).map(|named| &named.shape) {
            Some(Shape::Object { fields, .. }) => fields.len(),
            _ => 1,
        };
        let named = edges.get(id).into_iter().flatten();
        let named = named.filter_map(|target| sizes.get(target).copied());
        sizes.insert(id, named.fold(own, usize::saturating_add));
    }
    let mut totals: BTreeMap<&EntryName, usize> = BTreeMap::new();
    for reference in references {
        let size = sizes.get(&reference.target).copied().unwrap_or(1);
        let total = totals.entry(&reference.place.entry).or_default();
        let before = *total;
        *total = total.saturating_add(size);
        // What is inside a type that is too large is reported there.
        if size <= MEMBERS && before <= MEMBERS && *total > MEMBERS {
            reference.error(
                "makes this too large",
                &format!("with every type written out, {MEMBERS} members are the most"),
            );
        }
    }
}

type Edges<'a> = BTreeMap<&'a TypeId, Vec<&'a TypeId>>;

/// Numbers the types so that two have the same number if each contains the other.
///
/// Two searches, forwards and backwards (Kosaraju), take linear time.
fn circles<'a>(edges: &Edges<'a>) -> BTreeMap<&'a TypeId, usize> {
    let mut backwards = Edges::new();
    for (from, targets) in edges {
        for to in targets {
            backwards.entry(to).or_default().push(from);
        }
    }
    let mut numbers = BTreeMap::new();
    for (number, start) in finished(edges).into_iter().rev().enumerate() {
        let mut open = vec![start];
        while let Some(next) = open.pop() {
            if !numbers.contains_key(next) {
                numbers.insert(next, number);
                open.extend(backwards.get(next).into_iter().flatten().copied());
            }
        }
    }
    numbers
}

/// The types in the order in which a depth-first search leaves them.
fn finished<'a>(edges: &Edges<'a>) -> Vec<&'a TypeId> {
    let mut seen = BTreeSet::new();
    let mut finished = Vec::new();
    for start in edges.keys().copied() {
        let mut open = vec![(start, false)];
        while let Some((next, is_left)) = open.pop() {
            if is_left {
                finished.push(next);
            } else if seen.insert(next) {
                open.push((next, true));
                open.extend(edges.get(next).into_iter().flatten().map(|to| (*to, false)));
            }
        }
    }
    finished
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
    let mut edges = Edges::new();
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

//! Proposes named types for places that look alike.

use std::collections::{BTreeMap, BTreeSet};

use super::cluster::{Cluster, clusters, written_out};
use super::{Proposal, site};
use crate::model::{EntryName, FieldPlace};
use crate::model::{Spec, TypeId};

/// Proposes types for places that look alike, within each family.
///
/// Objects with nearly the same members look alike, and enums with nearly the same values. A type
/// that only repeats inside another proposed type is not proposed.
#[must_use]
pub fn propose(spec: &Spec) -> Vec<Proposal> {
    let found = written_out(spec);
    let clusters: Vec<Cluster<'_, '_>> =
        clusters(&found, |found| site::direction(spec, &found.place))
            .into_iter()
            .filter(|cluster| cluster.found.len() > 1)
            .collect();
    let mut homes: BTreeMap<&FieldPlace, usize> = BTreeMap::new();
    for (at, cluster) in clusters.iter().enumerate() {
        homes.extend(cluster.found.iter().map(|found| (&found.place, at)));
    }
    let mut taken: BTreeSet<TypeId> = spec.types.keys().cloned().collect();
    let mut proposals = Vec::new();
    for cluster in clusters.iter().filter(|cluster| has_two_homes(cluster, &homes)) {
        let id = unused_name(cluster, &taken);
        taken.insert(id.clone());
        let mut places: Vec<FieldPlace> =
            cluster.found.iter().map(|found| found.place.clone()).collect();
        places.sort();
        let title = cluster.found.iter().find_map(|found| found.title).map(str::to_owned);
        proposals.push(Proposal { id, title, places });
    }
    proposals.sort_by(|a, b| a.id.cmp(&b.id));
    proposals
}

/// Whether a cluster still has two places when all types around it are shared.
fn has_two_homes(cluster: &Cluster<'_, '_>, homes: &BTreeMap<&FieldPlace, usize>) -> bool {
    let distinct: BTreeSet<Home> =
        cluster.found.iter().map(|found| home(&found.place, homes)).collect();
    distinct.len() > 1
}

type Home = (Option<usize>, Option<EntryName>, Vec<String>);

/// Finds the nearest cluster around a place and the keys below it, else the place itself.
fn home(place: &FieldPlace, homes: &BTreeMap<&FieldPlace, usize>) -> Home {
    for length in (1..place.keys.len()).rev() {
        if let Some((front, rest)) = place.keys.split_at_checked(length) {
            let parent = FieldPlace { entry: place.entry.clone(), keys: front.to_vec() };
            if let Some(cluster) = homes.get(&parent) {
                return (Some(*cluster), None, rest.to_vec());
            }
        }
    }
    (None, Some(place.entry.clone()), place.keys.clone())
}

/// Chooses an unused name for a cluster: its member's name, with names around it until it is unused.
fn unused_name(cluster: &Cluster<'_, '_>, taken: &BTreeSet<TypeId>) -> TypeId {
    let Some(first) = cluster.found.first() else {
        return TypeId { family: String::new(), name: String::new() };
    };
    let around = words(&first.place);
    let mut name = String::new();
    for word in &around {
        name = format!("{}{name}", camel(word));
        let id = TypeId { family: first.family.to_owned(), name: name.clone() };
        if !taken.contains(&id) {
            return id;
        }
    }
    let members: String = cluster.members().iter().map(|word| camel(word)).collect();
    TypeId { family: first.family.to_owned(), name: format!("{name}{members}") }
}

/// The words around a place, the nearest first.
fn words(place: &FieldPlace) -> Vec<String> {
    let is_word = |text: &&str| text.starts_with(|first: char| first.is_ascii_alphabetic());
    let section = usize::from(!matches!(place.entry, EntryName::Type(_)));
    let keys = place.keys.iter().skip(section).map(String::as_str).rev().filter(is_word);
    let entry = match &place.entry {
        EntryName::Operation(_, path) => path.as_str(),
        EntryName::Notification(name) => name,
        EntryName::Type(id) => &id.name,
    };
    keys.chain(entry.split('/').rev().filter(is_word)).map(str::to_owned).collect()
}

fn camel(word: &str) -> String {
    let singular = match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => word
            .strip_suffix("_list")
            .or_else(|| {
                word.strip_suffix('s').filter(|stem| !stem.ends_with('s') && !stem.ends_with('u'))
            })
            .unwrap_or(word)
            .to_owned(),
    };
    let parts = singular.split(|letter: char| !letter.is_ascii_alphanumeric());
    parts.map(capital).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

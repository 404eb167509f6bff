use std::collections::BTreeSet;

use super::cluster::Cluster;
use super::place::{Owner, Place};
use crate::model::TypeId;

/// A name for a cluster: the member's, with more of what is around it until nobody has it.
pub(super) fn unused(cluster: &Cluster<'_, '_>, taken: &BTreeSet<TypeId>) -> TypeId {
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
fn words(place: &Place) -> Vec<String> {
    let is_word = |text: &&str| text.starts_with(|first: char| first.is_ascii_alphabetic());
    let section = usize::from(!matches!(place.owner, Owner::Type(_)));
    let keys = place.keys.iter().skip(section).map(String::as_str).rev().filter(is_word);
    let owner = match &place.owner {
        Owner::Operation(_, path) => path.as_str(),
        Owner::Notification(name) => name,
        Owner::Type(id) => &id.name,
    };
    keys.chain(owner.split('/').rev().filter(is_word)).map(str::to_owned).collect()
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

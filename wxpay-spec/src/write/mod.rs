//! Writes descriptors as text, in the one layout that every file of a descriptor folder has.
//!
//! A value is on its key's line, `{ type: string, title: … }`, if the line then has at most 100
//! characters. Otherwise it is below, with one key per line. Members always have a line each.
//! Defaults are left out. Only texts that YAML would misread have quotes.
//!
//! [`read`](crate::read()) returns exactly the model that was written. YAML comments are lost, since
//! the model does not keep them.

mod entries;
mod field;
mod layout;
mod node;
mod operation;
mod scalar;

use std::collections::BTreeMap;

use crate::model::{Endpoint, Families, NamedType, Notification, Spec};

/// Writes the file of a URL.
#[must_use]
pub fn endpoint(endpoint: &Endpoint) -> String {
    layout::file(&entries::endpoint(endpoint))
}

/// Writes the file of a family's named types, in the given order; an empty text without types.
#[must_use]
pub fn types<'a>(
    family: &str,
    types: impl IntoIterator<Item = (&'a str, &'a NamedType)>,
) -> String {
    let entry = |(name, named)| layout::file(&entries::named_type_entry(name, named, family));
    types.into_iter().map(entry).collect::<Vec<_>>().join("\n")
}

/// Writes the file of a notification.
#[must_use]
pub fn notification(notification: &Notification) -> String {
    layout::file(&entries::notification(notification))
}

/// Writes the file `families.yaml`.
#[must_use]
pub fn families(families: &Families) -> String {
    layout::file(&entries::families(families))
}

/// Writes every file of the descriptor folder but lifecycles, by its place: `endpoints/v3/certificates.yaml`.
///
/// No import changes lifecycles; people write them, with comments.
#[must_use]
pub fn files(spec: &Spec) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    if !spec.families.by_name.is_empty() {
        files.insert("families.yaml".to_owned(), families(&spec.families));
    }
    for (family, members) in types_by_family(spec) {
        files.insert(format!("types/{family}.yaml"), types(family, members));
    }
    for described in spec.endpoints.values() {
        files.insert(described.source.clone(), endpoint(described));
    }
    for described in spec.notifications.values() {
        files.insert(described.source.clone(), notification(described));
    }
    files
}

fn types_by_family(spec: &Spec) -> BTreeMap<&str, Vec<(&str, &NamedType)>> {
    let mut families: BTreeMap<&str, Vec<(&str, &NamedType)>> = BTreeMap::new();
    for (id, named) in &spec.types {
        families.entry(&id.family).or_default().push((&id.name, named));
    }
    families
}

//! A resource: a payment, a refund, a complaint.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::clock::Moment;
use crate::sandbox::lifecycle::describe::path::KeyPath;

/// The number of a resource in this sandbox. It is never used twice.
pub(in crate::sandbox) type ResourceId = u64;

/// The index of a lifecycle in the definitions.
pub(in crate::sandbox) type Kind = usize;

/// One resource with everything that the sandbox remembers of it.
#[derive(Clone)]
pub(in crate::sandbox) struct Resource {
    pub(in crate::sandbox) id: ResourceId,
    pub(in crate::sandbox) kind: Kind,
    /// The merchant number or brand id of the account that created it.
    pub(in crate::sandbox) owner: Arc<str>,
    pub(in crate::sandbox) state: String,
    /// The state before the operation or event that came last.
    pub(in crate::sandbox) before: String,
    /// All its members; the secrets are plain.
    pub(in crate::sandbox) object: Json,
    /// What the creating request said, to compare a repetition with.
    pub(in crate::sandbox) request: Arc<Json>,
    pub(in crate::sandbox) links: BTreeMap<String, ResourceId>,
    /// The resource that it is a part of.
    pub(in crate::sandbox) whole: Option<Whole>,
    pub(in crate::sandbox) parts: Vec<ResourceId>,
    pub(in crate::sandbox) created: Moment,
    /// When it entered its state.
    pub(in crate::sandbox) entered: Moment,
    /// When the timers that run are due, by their index.
    pub(in crate::sandbox) dues: Vec<(Moment, usize)>,
    /// When timers fired last, by their index. A timer fires once for the same moment.
    pub(in crate::sandbox) fired: Vec<(Moment, usize)>,
}

/// The place of a part in the resource that it belongs to.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(in crate::sandbox) struct Whole {
    pub(in crate::sandbox) id: ResourceId,
    /// The list, and the position there.
    pub(in crate::sandbox) list: String,
    pub(in crate::sandbox) index: usize,
}

/// The name under which parts are linked to their whole.
pub(in crate::sandbox) const WHOLE: &str = "whole";

impl Resource {
    /// Returns its numbers: the index of the key, and the value as a text.
    pub(in crate::sandbox) fn numbers<'a>(
        &'a self,
        keys: &'a [KeyPath],
    ) -> impl Iterator<Item = (usize, String)> + 'a {
        let keys = keys.iter().enumerate();
        keys.filter_map(|(index, key)| Some((index, number(&key.get(&self.object)?)?)))
    }

    /// Returns the resources that it belongs to, with the link's name.
    pub(in crate::sandbox) fn linked(&self) -> impl Iterator<Item = (&str, ResourceId)> {
        let whole = self.whole.iter().map(|whole| (WHOLE, whole.id));
        self.links.iter().map(|(name, id)| (name.as_str(), *id)).chain(whole)
    }
}

/// Writes a value that names a resource; `None` for one that cannot.
pub(in crate::sandbox) fn number(value: &Json) -> Option<String> {
    match value {
        Json::String(text) if !text.is_empty() => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

//! The store: the resources of all lifecycles and accounts, with their indexes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::clock::Moment;
use super::resource::{Kind, Resource, ResourceId};
use crate::sandbox::lifecycle::describe::Definitions;

/// All resources. Their ids are in the order of their creation.
#[derive(Default)]
pub(in crate::sandbox) struct Store {
    resources: BTreeMap<ResourceId, Arc<Resource>>,
    /// By lifecycle, the key's index, and the number.
    numbers: HashMap<(Kind, usize, String), Vec<ResourceId>>,
    owned: HashMap<(Kind, Arc<str>), BTreeSet<ResourceId>>,
    /// By lifecycle, the link's name, and the resource that they belong to.
    linked: HashMap<(Kind, ResourceId), BTreeMap<String, BTreeSet<ResourceId>>>,
    /// The timers that run: due moment, resource, the timer's index.
    timers: BTreeSet<(Moment, ResourceId, usize)>,
    last_id: ResourceId,
}

impl Store {
    pub(in crate::sandbox) fn get(&self, id: ResourceId) -> Option<&Arc<Resource>> {
        self.resources.get(&id)
    }

    /// Returns all resources, the newest first.
    pub(in crate::sandbox) fn newest_first(&self) -> impl Iterator<Item = &Arc<Resource>> {
        self.resources.values().rev()
    }

    /// Returns the resources of any account that have a number as this key.
    pub(in crate::sandbox) fn with_number(
        &self,
        kind: Kind,
        key: usize,
        number: &str,
    ) -> impl Iterator<Item = &Arc<Resource>> {
        let ids = self.numbers.get(&(kind, key, number.to_owned())).into_iter().flatten();
        ids.filter_map(|id| self.get(*id))
    }

    /// Returns the resources of an account, the oldest first.
    pub(in crate::sandbox) fn owned(
        &self,
        kind: Kind,
        owner: &Arc<str>,
    ) -> impl DoubleEndedIterator<Item = &Arc<Resource>> {
        let ids = self.owned.get(&(kind, Arc::clone(owner))).into_iter().flatten();
        ids.filter_map(|id| self.get(*id))
    }

    /// Returns the ids of the resources of a lifecycle that have this link to a resource.
    pub(in crate::sandbox) fn linked(
        &self,
        kind: Kind,
        link: &str,
        to: ResourceId,
    ) -> impl Iterator<Item = ResourceId> {
        let links = self.linked.get(&(kind, to)).and_then(|links| links.get(link));
        links.into_iter().flatten().copied()
    }

    /// Returns the ids of all resources of a lifecycle that belong to a resource by any link.
    pub(in crate::sandbox) fn belonging(
        &self,
        kind: Kind,
        to: ResourceId,
    ) -> impl Iterator<Item = ResourceId> {
        let links = self.linked.get(&(kind, to)).into_iter().flat_map(BTreeMap::values);
        let ids: BTreeSet<_> = links.flatten().copied().collect();
        ids.into_iter()
    }

    /// Returns the timer that is due next.
    pub(in crate::sandbox) fn next_timer(&self) -> Option<(Moment, ResourceId, usize)> {
        self.timers.first().copied()
    }

    pub(in crate::sandbox) fn last_id(&self) -> ResourceId {
        self.last_id
    }

    /// Uses no id up to this one for another resource.
    pub(in crate::sandbox) fn skip(&mut self, last_id: ResourceId) {
        self.last_id = self.last_id.max(last_id);
    }

    /// Adds a resource, or replaces it.
    pub(in crate::sandbox) fn put(&mut self, definitions: &Definitions, resource: Resource) {
        let id = resource.id;
        self.last_id = self.last_id.max(id);
        self.take(definitions, id);
        for (key, number) in resource.numbers(definitions.keys(resource.kind)) {
            self.numbers.entry((resource.kind, key, number)).or_default().push(id);
        }
        self.owned.entry((resource.kind, Arc::clone(&resource.owner))).or_default().insert(id);
        for (link, to) in resource.linked() {
            let links = self.linked.entry((resource.kind, to)).or_default();
            links.entry(link.to_owned()).or_default().insert(id);
        }
        self.timers.extend(resource.dues.iter().map(|(due, timer)| (*due, id, *timer)));
        self.resources.insert(id, Arc::new(resource));
    }

    /// Removes the oldest resource if there are more than `limit`, which is at least 1, and returns its id.
    pub(in crate::sandbox) fn shrink(
        &mut self,
        definitions: &Definitions,
        limit: usize,
    ) -> Option<ResourceId> {
        if self.resources.len() <= limit.max(1) {
            return None;
        }
        let (&id, _) = self.resources.first_key_value()?;
        self.take(definitions, id);
        Some(id)
    }

    /// Removes a resource and its entries in the indexes.
    fn take(&mut self, definitions: &Definitions, id: ResourceId) {
        let Some(resource) = self.resources.remove(&id) else { return };
        for (key, number) in resource.numbers(definitions.keys(resource.kind)) {
            let place = (resource.kind, key, number);
            if let Some(ids) = self.numbers.get_mut(&place) {
                ids.retain(|held| *held != id);
                if ids.is_empty() {
                    self.numbers.remove(&place);
                }
            }
        }
        let place = (resource.kind, Arc::clone(&resource.owner));
        if let Some(ids) = self.owned.get_mut(&place) {
            ids.remove(&id);
            if ids.is_empty() {
                self.owned.remove(&place);
            }
        }
        for (link, to) in resource.linked() {
            let place = (resource.kind, to);
            let Some(links) = self.linked.get_mut(&place) else { continue };
            if let Some(ids) = links.get_mut(link) {
                ids.remove(&id);
                if ids.is_empty() {
                    links.remove(link);
                }
            }
            if links.is_empty() {
                self.linked.remove(&place);
            }
        }
        for (due, timer) in &resource.dues {
            self.timers.remove(&(*due, id, *timer));
        }
    }
}

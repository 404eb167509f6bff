//! A transaction: works on copies of resources, so that a refusal changes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::generate::NumberSource;
use super::scope::{Cause, Scope};
use crate::sandbox::lifecycle::describe::function::Functions;
use crate::sandbox::lifecycle::describe::model::{
    Guard, Lifecycle, Link, RefusalChoice, State, Target, Value,
};
use crate::sandbox::lifecycle::describe::path::KeyPath;
use crate::sandbox::lifecycle::describe::{Definition, Definitions};
use crate::sandbox::lifecycle::error::LifecycleError;
use crate::sandbox::lifecycle::keep::clock::Moment;
use crate::sandbox::lifecycle::keep::ledger::LedgerEntry;
use crate::sandbox::lifecycle::keep::resource::{Kind, Resource, ResourceId, number};
use crate::sandbox::lifecycle::keep::store::Store;
use crate::sandbox::lifecycle::keep::switch::{Settings, Switches};
use crate::sandbox::lifecycle::remembered::{Memory, Rules};

/// Why a transaction ends without a change.
#[derive(Clone, Debug)]
pub(in crate::sandbox) enum Stop {
    Refused(RefusalChoice),
    /// An event is impossible, or something of the name does not exist.
    Failed(LifecycleError),
}

/// A notification that follows a change, before it is signed and sent.
#[derive(Clone)]
pub(in crate::sandbox) struct PendingNotification {
    pub(in crate::sandbox) event_type: String,
    pub(in crate::sandbox) lifecycle: String,
    pub(in crate::sandbox) resource: ResourceId,
    /// The resource's own number.
    pub(in crate::sandbox) number: String,
    pub(in crate::sandbox) owner: Arc<str>,
    /// What the notification may show.
    pub(in crate::sandbox) object: Json,
    /// The URL that the resource names.
    pub(in crate::sandbox) url: Option<String>,
    /// The business time of the change.
    pub(in crate::sandbox) time: Moment,
}

/// A URL for notifications that a merchant registers; `None` ends the registration.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct PendingUrl {
    pub(in crate::sandbox) owner: Arc<str>,
    pub(in crate::sandbox) event: String,
    pub(in crate::sandbox) url: Option<String>,
}

/// What a transaction changes.
#[derive(Default)]
pub(in crate::sandbox) struct Changes {
    pub(in crate::sandbox) resources: BTreeMap<ResourceId, Resource>,
    pub(in crate::sandbox) records: Vec<LedgerEntry>,
    pub(in crate::sandbox) notifications: Vec<PendingNotification>,
    pub(in crate::sandbox) urls: Vec<PendingUrl>,
}

/// One operation or event with everything that follows from it.
pub(in crate::sandbox) struct Transaction<'a> {
    pub(super) definitions: &'a Definitions,
    pub(super) functions: &'a Functions,
    pub(super) switches: &'a Switches,
    pub(super) settings: &'a Settings,
    pub(super) store: &'a Store,
    pub(super) numbers: &'a NumberSource,
    pub(super) now: Moment,
    pub(super) changes: Changes,
    /// How many events are inside each other now.
    pub(super) depth: usize,
    pub(super) last_id: ResourceId,
}

impl<'a> Transaction<'a> {
    /// Begins at a moment, with what the sandbox remembers.
    pub(in crate::sandbox) fn new(rules: &'a Rules, memory: &'a Memory, now: Moment) -> Self {
        let Rules { definitions, functions, numbers, .. } = rules;
        let Memory { store, switches, settings, .. } = memory;
        Self {
            definitions,
            functions,
            switches,
            settings,
            store,
            numbers,
            now,
            changes: Changes::default(),
            depth: 0,
            last_id: store.last_id(),
        }
    }

    /// Returns a resource with the changes so far.
    pub(in crate::sandbox) fn get(&self, id: ResourceId) -> Option<&Resource> {
        self.changes.resources.get(&id).or_else(|| self.store.get(id).map(Arc::as_ref))
    }

    /// Returns the copy of a resource that the transaction changes.
    pub(super) fn edit(&mut self, id: ResourceId) -> Result<&mut Resource, Stop> {
        if !self.changes.resources.contains_key(&id) {
            let held = self.store.get(id).ok_or(Stop::Failed(LifecycleError::Gone))?;
            self.changes.resources.insert(id, Resource::clone(held));
        }
        self.changes.resources.get_mut(&id).ok_or(Stop::Failed(LifecycleError::Gone))
    }

    /// Begins a resource, which the transaction does not hold yet.
    pub(super) fn begin(&mut self, kind: Kind, owner: &Arc<str>, object: Json) -> Resource {
        self.last_id += 1;
        Resource {
            id: self.last_id,
            kind,
            owner: Arc::clone(owner),
            state: String::new(),
            before: String::new(),
            request: Arc::new(Json::Null),
            object,
            links: BTreeMap::new(),
            whole: None,
            parts: Vec::new(),
            created: self.now,
            entered: self.now,
            dues: Vec::new(),
            fired: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, resource: Resource) {
        self.changes.resources.insert(resource.id, resource);
    }

    pub(super) fn definition(&self, kind: Kind) -> Result<&'a Definition, Stop> {
        self.definitions.get(kind).ok_or(Stop::Failed(LifecycleError::Gone))
    }

    pub(super) fn lifecycle(&self, kind: Kind) -> Result<&'a Lifecycle, Stop> {
        self.definition(kind).map(|definition| &definition.lifecycle)
    }

    /// Returns the scope of a resource that the transaction holds.
    pub(super) fn scope<'s>(&'s self, id: ResourceId, cause: Cause<'s>) -> Scope<'s> {
        self.scope_of(self.get(id), cause)
    }

    /// Returns the scope of a resource, or of none.
    pub(super) fn scope_of<'s>(&'s self, own: Option<&'s Resource>, cause: Cause<'s>) -> Scope<'s> {
        let kind = own.map(|own| own.kind);
        Scope { transaction: self, own, kind, cause, item: None }
    }

    /// Returns the scope of an operation that has found no resource.
    pub(super) fn scope_without<'s>(&'s self, kind: Kind, cause: Cause<'s>) -> Scope<'s> {
        Scope { kind: Some(kind), ..self.scope_of(None, cause) }
    }

    /// Returns the value of a setting.
    pub(super) fn setting(&self, kind: Kind, name: &str) -> Option<&Json> {
        let definition = self.definitions.get(kind)?;
        self.settings.get(definition, name)
    }

    /// Returns the refusal of a name.
    pub(super) fn refuse(&self, kind: Kind, name: &str) -> Stop {
        let refusal = self.definitions.get(kind).and_then(|definition| {
            let choices = definition.lifecycle.refusals.get(name)?;
            self.switches.refusal(&definition.name, name, choices)
        });
        match refusal {
            Some(refusal) => Stop::Refused(refusal.clone()),
            // The check of the books lets no such name pass.
            None => Stop::Failed(LifecycleError::Gone),
        }
    }

    /// Decides where a resource goes: returns the state, or the refusal.
    pub(super) fn target(
        &self,
        scope: Scope<'_>,
        kind: Kind,
        switch: &str,
        target: &'a Target,
    ) -> Result<&'a str, Stop> {
        match target {
            Target::State(state) => Ok(state),
            Target::Refuse(refusal) => Err(self.refuse(kind, refusal)),
            Target::Choice(choices) => {
                let lifecycle = &self.definition(kind)?.name;
                match self.switches.target(lifecycle, switch, choices) {
                    Some(chosen) => self.target(scope, kind, switch, chosen),
                    None => Err(Stop::Failed(LifecycleError::Gone)),
                }
            }
            Target::Case { condition, then, otherwise } => {
                let target = if scope.holds(condition) { then } else { otherwise };
                self.target(scope, kind, switch, target)
            }
        }
    }

    /// Refuses if a guard does not hold.
    pub(super) fn guard(&self, scope: Scope<'_>, kind: Kind, guards: &[Guard]) -> Result<(), Stop> {
        match guards.iter().find(|guard| !scope.holds(&guard.condition)) {
            Some(guard) => Err(self.refuse(kind, &guard.refuse)),
            None => Ok(()),
        }
    }

    /// Finds a resource of an account by one of its keys.
    pub(super) fn find(
        &self,
        kind: Kind,
        owner: &Arc<str>,
        key: &KeyPath,
        number: &str,
    ) -> Option<&Resource> {
        let has_number = |resource: &Resource| {
            let held = key.get(&resource.object).and_then(|held| self::number(&held));
            resource.kind == kind && resource.owner == *owner && held.as_deref() == Some(number)
        };
        let changed = self.changes.resources.values().find(|resource| has_number(resource));
        let unchanged = |resource: &&Resource| !self.changes.resources.contains_key(&resource.id);
        changed.or_else(|| {
            let keys = self.definitions.keys(kind);
            match keys.iter().position(|known| known == key) {
                Some(index) => {
                    let held = self.store.with_number(kind, index, number).map(Arc::as_ref);
                    held.filter(unchanged).find(|resource| has_number(resource))
                }
                None => {
                    let held = self.store.owned(kind, owner).rev().map(Arc::as_ref);
                    held.filter(unchanged).find(|resource| has_number(resource))
                }
            }
        })
    }

    /// Finds the resources that a new one belongs to.
    pub(super) fn links(
        &self,
        own: &Resource,
        cause: Cause<'_>,
    ) -> Result<BTreeMap<String, ResourceId>, Stop> {
        let mut links = BTreeMap::new();
        for (name, link) in &self.lifecycle(own.kind)?.links {
            match (self.link(own, link, cause), &link.missing) {
                (Some(id), _) => {
                    links.insert(name.clone(), id);
                }
                (None, Some(refusal)) => return Err(self.refuse(own.kind, refusal)),
                (None, None) => {}
            }
        }
        Ok(links)
    }

    fn link(&self, own: &Resource, link: &Link, cause: Cause<'_>) -> Option<ResourceId> {
        let scope = self.scope_of(Some(own), cause);
        let fits =
            |resource: &&Resource| link.states.is_empty() || link.states.contains(&resource.state);
        let kinds = link.to.iter().filter_map(|name| self.definitions.kind(name));
        if link.by.is_empty() {
            let newest = |kind| self.newest(kind, &own.owner).find(fits);
            return kinds.filter_map(newest).map(|resource| resource.id).max();
        }
        let (key, number) = first_key(&link.by, scope)?;
        let mut kinds = kinds;
        kinds.find_map(|kind| {
            let found = self.find(kind, &own.owner, key, &number);
            found.filter(fits).map(|resource| resource.id)
        })
    }

    /// Returns the resources of an account, the newest first.
    fn newest<'s>(&'s self, kind: Kind, owner: &'s Arc<str>) -> impl Iterator<Item = &'s Resource> {
        let changed = self.changes.resources.values().rev();
        let begun = changed.filter(move |it| it.kind == kind && it.owner == *owner);
        let begun = begun.filter(|it| self.store.get(it.id).is_none());
        let held = self.store.owned(kind, owner).rev();
        begun.chain(held.filter_map(|held| self.get(held.id)))
    }

    /// Returns the resources of a lifecycle with a link, or with any, to a resource.
    pub(super) fn linked(&self, kind: Kind, link: Option<&str>, to: ResourceId) -> Vec<ResourceId> {
        let mut ids: Vec<_> = match link {
            Some(link) => self.store.linked(kind, link, to).collect(),
            None => self.store.belonging(kind, to).collect(),
        };
        let changed = self.changes.resources.values().filter(|resource| {
            resource.kind == kind
                && resource
                    .linked()
                    .any(|(name, id)| id == to && link.is_none_or(|link| link == name))
        });
        for resource in changed {
            if !ids.contains(&resource.id) {
                ids.push(resource.id);
            }
        }
        ids
    }

    /// Moves a resource into a state.
    pub(super) fn enter(&mut self, id: ResourceId, state: &str) -> Result<(), Stop> {
        let now = self.now;
        let kind = self.edit(id)?.kind;
        let lifecycle = self.lifecycle(kind)?;
        let shown = |name: &str| lifecycle.state_named(name).map(|state: &State| &state.shows);
        let resource = self.edit(id)?;
        resource.before.clone_from(&resource.state);
        if resource.state != state {
            let left = shown(&resource.state).into_iter().flatten();
            left.for_each(|(path, _)| path.remove(&mut resource.object));
            resource.entered = now;
        }
        state.clone_into(&mut resource.state);
        if let Some(path) = &lifecycle.state {
            path.set(&mut resource.object, &state.into());
        }
        let entered = shown(state).into_iter().flatten();
        entered.for_each(|(path, value)| path.set(&mut resource.object, value));
        Ok(())
    }

    /// Ends the transaction: computes when timers are due, and returns what changed.
    pub(in crate::sandbox) fn finish(mut self) -> Changes {
        let dues: Vec<_> =
            self.changes.resources.values().map(|held| (held.id, self.dues(held))).collect();
        for (id, dues) in dues {
            if let Some(resource) = self.changes.resources.get_mut(&id) {
                resource.dues = dues;
            }
        }
        self.changes
    }

    fn dues(&self, resource: &Resource) -> Vec<(Moment, usize)> {
        let Ok(lifecycle) = self.lifecycle(resource.kind) else { return Vec::new() };
        let nothing = Cause { request: &Json::Null, inputs: &Json::Null, caller: &resource.owner };
        let scope = self.scope_of(Some(resource), nothing);
        let timers = lifecycle.timers.iter().enumerate();
        let timers = timers.filter(|(_, timer)| timer.states.contains(&resource.state));
        let dues = timers.filter_map(|(index, timer)| {
            let since = match &timer.since {
                None => resource.entered,
                Some(since) => Moment::read(&scope.value(since)?)?,
            };
            Some((since.plus_seconds(timer.after), index))
        });
        dues.filter(|due| !resource.fired.contains(due)).collect()
    }
}

/// Returns the first key that has a value, and the number.
pub(super) fn first_key<'k>(
    by: &'k [(KeyPath, Value)],
    scope: Scope<'_>,
) -> Option<(&'k KeyPath, String)> {
    by.iter().find_map(|(key, value)| Some((key, number(&scope.value(value)?)?)))
}

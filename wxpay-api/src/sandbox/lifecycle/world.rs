//! The world: everything that the sandbox remembers, for the handle in Rust and the control surface over HTTP.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value as Json};

pub(in crate::sandbox) use super::keep::clock::Moment;
pub(in crate::sandbox) use super::keep::ledger::{LedgerEntry, LedgerView};
pub(in crate::sandbox) use super::keep::resource::ResourceId;
pub(in crate::sandbox) use super::keep::switch::{SettingView, SwitchView};
pub(in crate::sandbox) use super::notified::NotificationFilter;
pub(in crate::sandbox) use super::show::view::{EventView, LifecycleView, ResourceView};

use super::error::LifecycleError;
use super::keep::resource::{Kind, Resource};
use super::memory::Memory;
use super::remembered::Lifecycles;
use super::run::event::possible_events;
use super::run::transaction::Stop;
use crate::sandbox::front_end::credentials::{Credential, Credentials};
use crate::sandbox::state::Shared;

/// The most numbers that an error lists.
const LISTED: usize = 10;
/// The lifecycles through which a number is looked for first.
const PAYMENTS: &str = "pay/";

/// Everything that the sandbox remembers. Timers that are due fire before each call.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct World<'a> {
    pub(super) shared: &'a Shared,
}

/// Which resources to list. `None` stands for all, and a limit of 0 for none.
#[derive(Clone, Debug, Default)]
pub(in crate::sandbox) struct ResourceFilter {
    pub(in crate::sandbox) lifecycle: Option<String>,
    pub(in crate::sandbox) owner: Option<String>,
    pub(in crate::sandbox) state: Option<String>,
    /// Only resources that have this key.
    pub(in crate::sandbox) number: Option<String>,
    /// Only resources that belong to this one by a link, or as its parts.
    pub(in crate::sandbox) of: Option<ResourceId>,
    /// How many of the newest to leave out.
    pub(in crate::sandbox) skip: usize,
    /// The most resources to return. 0 stands for all.
    pub(in crate::sandbox) limit: usize,
}

impl Shared {
    /// Returns everything that the sandbox remembers.
    pub(in crate::sandbox) fn world(&self) -> World<'_> {
        World { shared: self }
    }
}

impl World<'_> {
    pub(super) fn lifecycles_held(&self) -> &Lifecycles {
        &self.shared.lifecycles
    }

    /// Returns the lifecycles of all books, in the order of their names. There is none with examples only.
    pub(in crate::sandbox) fn lifecycles(self) -> Vec<LifecycleView> {
        self.lifecycles_held().rules.definitions.all().iter().map(LifecycleView::of).collect()
    }

    /// Lists resources, the newest first, and how many there are without `skip` and `limit`.
    pub(in crate::sandbox) fn resources(
        self,
        filter: &ResourceFilter,
    ) -> Result<(Vec<ResourceView>, usize), LifecycleError> {
        let held = self.lifecycles_held();
        if let Some(name) = &filter.lifecycle {
            held.rules.definitions.named(name)?;
        }
        let memory = held.memory();
        let fitting = memory.store.newest_first().filter(|it| filter.accepts(held, it));
        let fitting: Vec<_> = fitting.collect();
        let limit = if filter.limit == 0 { usize::MAX } else { filter.limit };
        let page = fitting.iter().skip(filter.skip).take(limit);
        let views = page.filter_map(|resource| view(held, &memory, resource));
        Ok((views.collect(), fitting.len()))
    }

    /// Returns one resource.
    pub(in crate::sandbox) fn resource(
        self,
        id: ResourceId,
    ) -> Result<ResourceView, LifecycleError> {
        let held = self.lifecycles_held();
        let memory = held.memory();
        let resource = memory.store.get(id).ok_or(LifecycleError::Gone)?;
        view(held, &memory, resource).ok_or(LifecycleError::Gone)
    }

    /// Finds a resource by any of its keys. Without a lifecycle, payments are looked through first.
    pub(in crate::sandbox) fn find(
        self,
        lifecycle: Option<&str>,
        number: &str,
    ) -> Result<ResourceId, LifecycleError> {
        let held = self.lifecycles_held();
        let kinds = held.kinds(lifecycle)?;
        let memory = held.memory();
        let found = kinds.iter().find_map(|kind| {
            let keys = 0..held.rules.definitions.keys(*kind).len();
            let all = keys.flat_map(|key| memory.store.with_number(*kind, key, number));
            // Two merchants may have the same number; the first account's counts.
            let first = self.shared.first.id();
            all.min_by_key(|resource| (resource.owner.as_ref() != first, resource.id))
        });
        match found {
            Some(resource) => Ok(resource.id),
            None => Err(LifecycleError::UnknownResource {
                lifecycle: lifecycle.unwrap_or("resource").to_owned(),
                number: number.to_owned(),
                known: known_numbers(held, &memory, &kinds),
            }),
        }
    }

    /// Fires an event of a resource, and returns the resource after it.
    pub(in crate::sandbox) fn fire(
        self,
        id: ResourceId,
        event: &str,
        inputs: &Json,
    ) -> Result<ResourceView, LifecycleError> {
        let held = self.lifecycles_held();
        let began = held.begin();
        let fired = held.transact(|transaction| {
            let own = transaction.get(id).ok_or(Stop::Failed(LifecycleError::Gone))?;
            let owner = Arc::clone(&own.owner);
            transaction.fire(id, event, inputs, &owner, false)
        });
        fired.map_err(Stop::error)?;
        held.save(began)?;
        self.resource(id)
    }

    /// Creates a resource by an event: a named one, else the first that creates. Without an owner it belongs to the
    /// first account.
    pub(in crate::sandbox) fn create(
        self,
        lifecycle: &str,
        event: Option<&str>,
        inputs: &Json,
        owner: Option<&str>,
    ) -> Result<ResourceView, LifecycleError> {
        let held = self.lifecycles_held();
        held.rules.definitions.named(lifecycle)?;
        let kind = held.rules.definitions.kind(lifecycle).ok_or(LifecycleError::Gone)?;
        let owner: Arc<str> = Arc::from(self.account(owner)?);
        let began = held.begin();
        let created =
            held.transact(|transaction| transaction.create_by_event(kind, event, inputs, &owner));
        let created = created.map_err(Stop::error)?;
        held.save(began)?;
        self.resource(created)
    }

    /// Lists all switches.
    pub(in crate::sandbox) fn switches(self) -> Vec<SwitchView> {
        let held = self.lifecycles_held();
        held.memory().switches.list(&held.rules.definitions)
    }

    /// Chooses one of the choices of a switch.
    pub(in crate::sandbox) fn set_switch(
        self,
        lifecycle: &str,
        name: &str,
        choice: &str,
    ) -> Result<SwitchView, LifecycleError> {
        let held = self.lifecycles_held();
        let definitions = &held.rules.definitions;
        held.change(|memory| memory.choose(definitions, lifecycle, name, choice))?
    }

    /// Lists all settings: limits that each merchant has configured.
    pub(in crate::sandbox) fn settings(self) -> Vec<SettingView> {
        let held = self.lifecycles_held();
        held.memory().settings.list(&held.rules.definitions)
    }

    /// Changes a setting.
    pub(in crate::sandbox) fn set_setting(
        self,
        lifecycle: &str,
        name: &str,
        value: Json,
    ) -> Result<SettingView, LifecycleError> {
        let held = self.lifecycles_held();
        let definitions = &held.rules.definitions;
        held.change(|memory| memory.set(definitions, lifecycle, name, value))?
    }

    /// Returns the time of the business clock.
    pub(in crate::sandbox) fn now(self) -> SystemTime {
        self.moment().system_time()
    }

    /// Returns the time of the business clock, as the lifecycles count it.
    pub(in crate::sandbox) fn moment(self) -> Moment {
        self.lifecycles_held().memory().clock.now()
    }

    /// Moves the business clock forward, fires the timers on the way, and returns how many fired.
    pub(in crate::sandbox) fn advance(self, by: Duration) -> Result<usize, LifecycleError> {
        self.lifecycles_held().advance(by)
    }

    /// Returns the records of money, the oldest first.
    pub(in crate::sandbox) fn ledger(self) -> Vec<LedgerEntry> {
        self.lifecycles_held().memory().ledger.iter().cloned().collect()
    }

    /// Reads the records of money, and the resources as they are now.
    pub(in crate::sandbox) fn read_ledger<T>(self, read: impl FnOnce(LedgerView<'_>) -> T) -> T {
        let memory = self.lifecycles_held().memory();
        read(LedgerView::new(memory.clock.now(), &memory.ledger, &memory.store))
    }

    /// Replaces the secrets of an object of a lifecycle.
    pub(in crate::sandbox) fn hide_secrets(self, lifecycle: &str, object: &mut Json) {
        self.lifecycles_held().rules.definitions.hide_secrets(lifecycle, object);
    }

    /// Returns whether the sandbox has lifecycles; it has none with examples only.
    pub(in crate::sandbox) fn remembers(self) -> bool {
        !self.lifecycles_held().rules.definitions.all().is_empty()
    }

    /// Forgets all resources, records of money, notifications, registered URLs, planned responses, faults and received
    /// requests; resets switches, settings and the clock. Accounts and keys stay.
    pub(in crate::sandbox) fn reset(self) -> Result<(), LifecycleError> {
        self.lifecycles_held().reset()?;
        self.shared.state().forget();
        Ok(())
    }

    /// Remembers a credential that a response gives to a merchant. It is stored with the request.
    pub(in crate::sandbox) fn remember_credential(self, credential: Credential) {
        self.lifecycles_held().memory().remember_credential(credential);
    }

    /// Reads the credentials that responses gave to merchants.
    pub(in crate::sandbox) fn credentials<T>(self, read: impl FnOnce(&Credentials) -> T) -> T {
        read(&self.lifecycles_held().memory().credentials)
    }

    /// Returns the id of an account, or that of the first one.
    pub(super) fn account(self, id: Option<&str>) -> Result<String, LifecycleError> {
        let Some(id) = id else { return Ok(self.shared.first.id().to_owned()) };
        let state = self.shared.state();
        match state.account(id) {
            Some(account) => Ok(account.id().to_owned()),
            None => Err(LifecycleError::UnknownAccount {
                id: id.to_owned(),
                known: state.account_ids(),
            }),
        }
    }
}

impl Lifecycles {
    /// Returns one lifecycle, or all with payments first.
    fn kinds(&self, name: Option<&str>) -> Result<Vec<Kind>, LifecycleError> {
        if let Some(name) = name {
            self.rules.definitions.named(name)?;
            return Ok(self.rules.definitions.kind(name).into_iter().collect());
        }
        let mut all: Vec<_> =
            self.rules.definitions.all().iter().map(|it| it.name.as_str()).collect();
        all.sort_by_key(|name| !name.starts_with(PAYMENTS));
        Ok(all.into_iter().filter_map(|name| self.rules.definitions.kind(name)).collect())
    }
}

impl ResourceFilter {
    fn accepts(&self, held: &Lifecycles, resource: &Resource) -> bool {
        let kind = self.lifecycle.as_ref().map(|name| held.rules.definitions.kind(name));
        let has_number = |number: &String| {
            let mut numbers = resource.numbers(held.rules.definitions.keys(resource.kind));
            numbers.any(|(_, held)| held == *number)
        };
        kind.is_none_or(|kind| kind == Some(resource.kind))
            && self.owner.as_ref().is_none_or(|owner| **owner == *resource.owner)
            && self.state.as_ref().is_none_or(|state| *state == resource.state)
            && self.number.as_ref().is_none_or(has_number)
            && self.of.is_none_or(|of| resource.linked().any(|(_, to)| to == of))
    }
}

fn view(held: &Lifecycles, memory: &Memory, resource: &Resource) -> Option<ResourceView> {
    let lifecycle = &held.rules.definitions.get(resource.kind)?.lifecycle;
    let transaction = held.transaction(memory, memory.clock.now());
    let events = possible_events(lifecycle, resource).into_iter().map(|(name, event)| {
        let usual = transaction.inputs(Some(resource), name, event, &Json::Null, &resource.owner);
        let usual = match usual {
            Ok(Json::Object(usual)) => usual,
            _ => Map::new(),
        };
        let inputs = event.takes.iter();
        let inputs =
            inputs.map(|(name, _)| (name.clone(), usual.get(name).cloned().unwrap_or_default()));
        EventView::of(name, event, inputs.collect())
    });
    let events = events.collect();
    ResourceView::of(&held.rules.definitions, &memory.store, resource, events)
}

/// Returns the own numbers of the newest resources.
fn known_numbers(held: &Lifecycles, memory: &Memory, kinds: &[Kind]) -> Vec<String> {
    let resources = memory.store.newest_first().filter(|it| kinds.contains(&it.kind));
    let numbers = resources.filter_map(|resource| {
        let number = resource.numbers(held.rules.definitions.keys(resource.kind)).next();
        number.map(|(_, number)| number)
    });
    numbers.take(LISTED).collect()
}

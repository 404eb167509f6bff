//! The world: everything that the sandbox remembers, for the handle in Rust and the control surface over HTTP.

use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::error::LifecycleError;
use super::ledger::LedgerEntry;
use super::notify::SentNotification;
use crate::sandbox::state::Shared;

/// The number of a resource in this sandbox. It is never used twice.
pub(in crate::sandbox) type ResourceId = u64;

/// Everything that the sandbox remembers. Timers that are due fire before each call.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct World<'a> {
    shared: &'a Shared,
}

/// A lifecycle of the books.
#[derive(Clone, Debug, Serialize)]
pub(in crate::sandbox) struct LifecycleView {
    /// The name, such as `pay/transaction`.
    pub(in crate::sandbox) name: String,
    /// The official name of the resource.
    pub(in crate::sandbox) title: String,
    /// The members that name one resource.
    pub(in crate::sandbox) keys: Vec<String>,
    /// The states with their labels, in the order of the descriptor.
    pub(in crate::sandbox) states: Vec<StateView>,
    /// The events that outsiders cause.
    pub(in crate::sandbox) events: Vec<EventView>,
}

/// A state of a lifecycle.
#[derive(Clone, Debug, Serialize)]
pub(in crate::sandbox) struct StateView {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) title: String,
}

/// An event that an outsider can cause.
#[derive(Clone, Debug, Serialize)]
pub(in crate::sandbox) struct EventView {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) title: String,
    /// Whether it creates a resource.
    pub(in crate::sandbox) creates: bool,
    /// Its inputs, with the value that each has if it is not given; `null` if there is none.
    pub(in crate::sandbox) inputs: Map<String, Json>,
}

/// A resource as it is now.
#[derive(Clone, Debug, Serialize)]
pub(in crate::sandbox) struct ResourceView {
    pub(in crate::sandbox) id: ResourceId,
    /// The name of its lifecycle.
    pub(in crate::sandbox) lifecycle: String,
    /// The official name of the resource.
    pub(in crate::sandbox) title: String,
    /// The merchant number or brand id of the account that has it.
    pub(in crate::sandbox) owner: String,
    /// The keys that it has, by member.
    pub(in crate::sandbox) keys: Map<String, Json>,
    pub(in crate::sandbox) state: String,
    pub(in crate::sandbox) state_title: String,
    /// The object, without the members that the state does not show. Secrets are plain.
    pub(in crate::sandbox) object: Json,
    /// Business times, RFC 3339 in Beijing.
    pub(in crate::sandbox) created: String,
    pub(in crate::sandbox) entered: String,
    /// Resources that it belongs to, by the link's name.
    pub(in crate::sandbox) links: Map<String, Json>,
    /// The resource that it is a part of.
    pub(in crate::sandbox) whole: Option<ResourceId>,
    pub(in crate::sandbox) parts: Vec<ResourceId>,
    /// The events that can happen now.
    pub(in crate::sandbox) events: Vec<EventView>,
}

/// Which resources to list. `None` and 0 stand for all.
#[derive(Clone, Debug, Default)]
pub(in crate::sandbox) struct ResourceFilter {
    pub(in crate::sandbox) lifecycle: Option<String>,
    pub(in crate::sandbox) owner: Option<String>,
    pub(in crate::sandbox) state: Option<String>,
    /// Only resources that have this key.
    pub(in crate::sandbox) number: Option<String>,
    /// How many of the newest to leave out.
    pub(in crate::sandbox) skip: usize,
    pub(in crate::sandbox) limit: usize,
}

/// A switch: what nobody knows for certain of WeChat Pay.
#[derive(Clone, Debug, Serialize)]
pub(in crate::sandbox) struct SwitchView {
    pub(in crate::sandbox) lifecycle: String,
    pub(in crate::sandbox) name: String,
    /// The choices; the first is the default.
    pub(in crate::sandbox) choices: Vec<String>,
    pub(in crate::sandbox) chosen: String,
}

/// A URL that a merchant registered for notifications.
#[derive(Clone, Debug, Serialize)]
pub(in crate::sandbox) struct NotifyUrlView {
    pub(in crate::sandbox) owner: String,
    /// An event type, or the beginning of one.
    pub(in crate::sandbox) event: String,
    pub(in crate::sandbox) url: String,
}

impl Shared {
    /// Returns everything that the sandbox remembers.
    pub(in crate::sandbox) fn world(&self) -> World<'_> {
        World { shared: self }
    }
}

impl World<'_> {
    /// Returns the lifecycles of all books, in the order of their names. There is none with examples only.
    pub(in crate::sandbox) fn lifecycles(self) -> Vec<LifecycleView> {
        Vec::new()
    }

    /// Lists resources, the newest first, and how many there are without `skip` and `limit`.
    pub(in crate::sandbox) fn resources(
        self,
        filter: &ResourceFilter,
    ) -> Result<(Vec<ResourceView>, usize), LifecycleError> {
        Ok((Vec::new(), 0))
    }

    /// Returns one resource.
    pub(in crate::sandbox) fn resource(
        self,
        id: ResourceId,
    ) -> Result<ResourceView, LifecycleError> {
        Err(LifecycleError::Gone)
    }

    /// Finds a resource by any of its keys. Without a lifecycle, payments are looked through first.
    pub(in crate::sandbox) fn find(
        self,
        lifecycle: Option<&str>,
        number: &str,
    ) -> Result<ResourceId, LifecycleError> {
        Err(LifecycleError::Gone)
    }

    /// Fires an event of a resource, and returns the resource after it.
    pub(in crate::sandbox) fn fire(
        self,
        id: ResourceId,
        event: &str,
        inputs: &Map<String, Json>,
    ) -> Result<ResourceView, LifecycleError> {
        Err(LifecycleError::Gone)
    }

    /// Creates a resource by an event: a named one, else the first that creates. Without an owner it belongs to the first account.
    pub(in crate::sandbox) fn create(
        self,
        lifecycle: &str,
        event: Option<&str>,
        inputs: &Map<String, Json>,
        owner: Option<&str>,
    ) -> Result<ResourceView, LifecycleError> {
        Err(LifecycleError::Gone)
    }

    /// Lists all switches.
    pub(in crate::sandbox) fn switches(self) -> Vec<SwitchView> {
        Vec::new()
    }

    /// Chooses one of the choices of a switch.
    pub(in crate::sandbox) fn set_switch(
        self,
        lifecycle: &str,
        name: &str,
        choice: &str,
    ) -> Result<SwitchView, LifecycleError> {
        Err(LifecycleError::Gone)
    }

    /// Returns the time of the business clock.
    pub(in crate::sandbox) fn now(self) -> SystemTime {
        SystemTime::now()
    }

    /// Moves the business clock forward, fires the timers on the way, and returns how many fired.
    pub(in crate::sandbox) fn advance(self, by: Duration) -> usize {
        0
    }

    /// Returns the records of money, the oldest first.
    pub(in crate::sandbox) fn ledger(self) -> Vec<LedgerEntry> {
        Vec::new()
    }

    /// Returns the journal of notifications, the oldest first.
    pub(in crate::sandbox) fn notifications(self) -> Vec<SentNotification> {
        Vec::new()
    }

    /// Lists the URLs that merchants registered for notifications.
    pub(in crate::sandbox) fn notify_urls(self) -> Vec<NotifyUrlView> {
        Vec::new()
    }

    /// Registers the URL of a merchant for an event type, or the beginning of several; `None` ends it.
    pub(in crate::sandbox) fn set_notify_url(self, owner: &str, event: &str, url: Option<&str>) {}

    /// Forgets all resources, records of money, notifications, registered URLs, planned responses, faults and received
    /// requests; resets switches and the clock. Accounts and keys stay.
    pub(in crate::sandbox) fn reset(self) {}
}

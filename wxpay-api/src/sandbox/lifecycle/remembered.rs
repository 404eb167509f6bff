//! Everything that the sandbox remembers, under one lock.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value as Json;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

use super::describe::Definitions;
use super::describe::function::Functions;
use super::error::LifecycleError;
use super::keep::clock::{BusinessClock, Moment};
use super::keep::ledger::Ledger;
use super::keep::store::Store;
use super::keep::switch::{Settings, Switches};
use super::run::act::{Demand, Shown};
use super::run::generate::NumberSource;
use super::run::transaction::{Changes, PendingNotification, Stop, Transaction};
use super::show::dispatch::{CommandSender, DispatchCommand, Outgoing, addressed};
use super::show::journal::{
    JournalId, KeptNotification, NotificationAttempt, NotificationJournal, NotifyUrls,
};
use crate::protocol::Nonce;
use crate::sandbox::notifications::delivery::Attempt;
use crate::sandbox::notifications::fault::NotificationFaults;
use crate::sandbox::notifications::webhook_client::WebhookAccess;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::route::Routes;
use crate::sandbox::state::Shared;

/// The most timers that fire at one access, so that a timer without end cannot stop the sandbox.
const MOST_TIMERS: usize = 100_000;

/// How long the task sleeps without a timer.
const LONGEST_SLEEP: Duration = Duration::from_secs(3600);

/// How often whoever waits for a notification looks whether the sandbox still runs.
const RECHECK: Duration = Duration::from_secs(1);

/// Settings of the memory.
#[derive(Clone, Copy, Debug)]
pub(in crate::sandbox) struct MemorySettings {
    /// The most resources, and the most entries of each journal. The oldest go first.
    pub(in crate::sandbox) resource_limit: usize,
    /// How many times faster than officially notifications are repeated.
    pub(in crate::sandbox) notification_speed: u32,
    /// What generated numbers begin with.
    pub(in crate::sandbox) seed: Option<u64>,
    /// The most bytes of notifications that are kept for further copies.
    pub(in crate::sandbox) copy_bytes: usize,
}

impl Default for MemorySettings {
    fn default() -> Self {
        Self { resource_limit: 100_000, notification_speed: 1, seed: None, copy_bytes: 256 << 20 }
    }
}

/// The lifecycles, and everything that the sandbox remembers by them.
pub(in crate::sandbox) struct Lifecycles {
    pub(super) rules: Rules,
    pub(in crate::sandbox) settings: MemorySettings,
    memory: Mutex<Memory>,
    commands: CommandSender,
    /// Wakes whoever waits for the next timer.
    timers_changed: Notify,
    /// Wakes whoever waits for notifications.
    pub(super) notifications_changed: Notify,
}

/// What stays the same while the sandbox runs.
#[derive(Debug)]
pub(in crate::sandbox) struct Rules {
    pub(super) definitions: Definitions,
    pub(super) functions: Functions,
    pub(super) numbers: NumberSource,
    /// The descriptors of notifications.
    pub(super) routes: Arc<Routes>,
    pub(super) webhooks: Arc<WebhookAccess>,
}

impl Rules {
    pub(in crate::sandbox) fn new(
        definitions: Definitions,
        functions: Functions,
        seed: Option<u64>,
        routes: &Arc<Routes>,
        webhooks: &Arc<WebhookAccess>,
    ) -> Self {
        let (routes, webhooks) = (Arc::clone(routes), Arc::clone(webhooks));
        let numbers = NumberSource::new(seed);
        Self { definitions, functions, numbers, routes, webhooks }
    }
}

/// What changes while the sandbox runs.
#[derive(Default)]
pub(in crate::sandbox) struct Memory {
    pub(super) store: Store,
    pub(super) clock: BusinessClock,
    pub(super) switches: Switches,
    pub(super) settings: Settings,
    pub(super) ledger: Ledger,
    pub(super) journal: NotificationJournal,
    pub(super) urls: NotifyUrls,
    /// Faults that a test injected for notifications.
    pub(super) faults: NotificationFaults,
}

impl Lifecycles {
    /// Creates an empty memory, and the receiver of notifications to send.
    pub(in crate::sandbox) fn new(
        rules: Rules,
        settings: MemorySettings,
    ) -> (Self, UnboundedReceiver<DispatchCommand>) {
        let (commands, receiver) = unbounded_channel();
        let lifecycles = Self {
            rules,
            settings,
            memory: Mutex::default(),
            commands,
            timers_changed: Notify::new(),
            notifications_changed: Notify::new(),
        };
        (lifecycles, receiver)
    }

    /// Executes an operation; `None` if no lifecycle has it.
    pub(in crate::sandbox) fn operate(
        &self,
        method: &str,
        path: &str,
        owner: &str,
        request: impl FnOnce() -> Json,
    ) -> Option<Result<Shown, Refusal>> {
        if !self.rules.definitions.has_rules(method, path) {
            return None;
        }
        let (request, owner) = (request(), Arc::from(owner));
        let demand = Demand { request: &request, owner: &owner };
        let shown = self.transact(|transaction| transaction.operate(method, path, demand));
        Some(shown.map_err(|stop| stop.refusal()))
    }

    /// Locks the memory after firing the timers that are due.
    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        let mut memory = self.lock();
        let now = memory.clock.now();
        self.fire_timers(&mut memory, now);
        memory
    }

    /// Locks the memory. A task that panicked leaves it whole, so a poisoned lock is usable.
    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a transaction. Nothing changes if it stops.
    pub(super) fn transact<T>(
        &self,
        act: impl FnOnce(&mut Transaction<'_>) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        let mut memory = self.memory();
        let now = memory.clock.now();
        let mut transaction = self.transaction(&memory, now);
        let result = act(&mut transaction)?;
        let changes = transaction.finish();
        self.commit(&mut memory, changes);
        Ok(result)
    }

    /// Begins a transaction at a moment.
    pub(super) fn transaction<'m>(&'m self, memory: &'m Memory, now: Moment) -> Transaction<'m> {
        Transaction::new(&self.rules, memory, now)
    }

    fn commit(&self, memory: &mut Memory, changes: Changes) {
        let limit = self.settings.resource_limit;
        let Changes { resources, records, notifications, urls } = changes;
        let next = memory.store.next_timer();
        for (_, resource) in resources {
            memory.store.put(&self.rules.definitions, resource);
        }
        memory.store.shrink(&self.rules.definitions, limit);
        records.into_iter().for_each(|record| memory.ledger.add(record, limit));
        urls.into_iter().for_each(|url| memory.urls.set(url));
        notifications.into_iter().for_each(|notification| self.dispatch(memory, notification));
        if memory.store.next_timer() != next {
            self.timers_changed.notify_one();
        }
    }

    /// Writes a notification into the journal. The background task sends it, if it can be sent.
    fn dispatch(&self, memory: &mut Memory, mut pending: PendingNotification) {
        let registered = || memory.urls.find(&pending.owner, &pending.event_type);
        pending.url = pending.url.take().or_else(|| registered().map(str::to_owned));
        let id = Nonce::random().map(|nonce| nonce.as_str().to_owned()).unwrap_or_default();
        let Rules { routes, webhooks, .. } = &self.rules;
        let addressed = addressed(routes, webhooks, &pending, &id);
        let at = memory.journal.add(&pending, id, self.settings.resource_limit);
        let (notification, url) = match addressed {
            Ok(addressed) => addressed,
            Err(reason) => return memory.journal.finish(at, Some(reason)),
        };
        let fault = memory.faults.take(&pending.event_type);
        let outgoing = Outgoing { at, owner: pending.owner, url, notification, fault };
        if self.commands.send(DispatchCommand::Send(Box::new(outgoing))).is_err() {
            memory.journal.finish(at, Some("the sandbox has stopped".to_owned()));
        }
    }

    /// Fires the timers that are due, in their order, each at its moment. Returns how many fired.
    fn fire_timers(&self, memory: &mut Memory, now: Moment) -> usize {
        for count in 0..MOST_TIMERS {
            let next = memory.store.next_timer().filter(|(due, ..)| *due <= now);
            let Some((due, id, timer)) = next else { return count };
            let fired = self.fire_timer(memory, due, id, timer, true);
            if fired.is_err() {
                // The event is impossible or refused: the timer has passed without effect.
                let _ = self.fire_timer(memory, due, id, timer, false);
            }
        }
        MOST_TIMERS
    }

    fn fire_timer(
        &self,
        memory: &mut Memory,
        due: Moment,
        id: u64,
        timer: usize,
        with_event: bool,
    ) -> Result<(), Stop> {
        let mut transaction = self.transaction(memory, due);
        transaction.note_timer(id, due, timer)?;
        if with_event {
            transaction.fire_timer(id, timer)?;
        }
        let changes = transaction.finish();
        self.commit(memory, changes);
        Ok(())
    }

    /// Moves the business clock forward, and fires the timers on the way. Returns how many fired.
    pub(super) fn advance(&self, by: Duration) -> usize {
        let mut memory = self.memory();
        memory.clock.advance(by);
        let now = memory.clock.now();
        self.fire_timers(&mut memory, now)
    }

    /// Forgets everything.
    pub(super) fn reset(&self) {
        let mut memory = self.lock();
        let Memory { store, journal, .. } = std::mem::take(&mut *memory);
        memory.store = Store::after(&store);
        memory.journal = journal;
        memory.journal.clear();
        drop(memory);
        // The background task ends with the sandbox, and then has no deliveries.
        let _ = self.commands.send(DispatchCommand::Forget);
        self.notifications_changed.notify_waiters();
        self.timers_changed.notify_one();
    }

    /// Notes an attempt to deliver a notification.
    pub(super) fn note_attempt(
        &self,
        at: JournalId,
        attempt: &Attempt,
        copy: bool,
    ) -> NotificationAttempt {
        self.lock().journal.attempt(at, attempt, copy)
    }

    /// Keeps the body of a notification for further copies.
    pub(super) fn keep_notification(&self, at: JournalId, body: Bytes) {
        self.lock().journal.keep(at, body, self.settings.copy_bytes);
        self.notifications_changed.notify_waiters();
    }

    /// Returns what a further copy of a notification needs, as soon as it is encrypted.
    pub(super) async fn kept_notification(&self, at: JournalId) -> Option<KeptNotification> {
        loop {
            let changed = self.notifications_changed.notified();
            tokio::pin!(changed);
            // Registers before the look at the journal, so that no change in between is missed.
            changed.as_mut().enable();
            let kept = self.lock().journal.kept(at);
            // Without its background task, the sandbox encrypts nothing any more.
            if !matches!(kept, Some(KeptNotification::Pending)) || self.commands.is_closed() {
                return kept;
            }
            let _ = timeout(RECHECK, changed).await;
        }
    }

    /// Returns whether no further copy of a notification will be sent.
    pub(super) fn is_finished(&self, at: JournalId) -> bool {
        self.lock().journal.is_finished(at)
    }

    /// Notes that no further copy of a notification will be sent.
    pub(super) fn finish_notification(&self, at: JournalId, not_sent: Option<String>) {
        self.lock().journal.finish(at, not_sent);
        self.notifications_changed.notify_waiters();
    }
}

/// Fires the timers of a sandbox when they are due, until the task is aborted.
pub(in crate::sandbox) async fn serve_timers(shared: Arc<Shared>) {
    loop {
        let lifecycles = &shared.lifecycles;
        let pause = {
            let memory = lifecycles.memory();
            let now = memory.clock.now();
            let next = memory.store.next_timer().map(|(due, ..)| due.after(now));
            next.unwrap_or(LONGEST_SLEEP).clamp(Duration::from_millis(1), LONGEST_SLEEP)
        };
        // Either the timer is due, or another one came before it.
        let _ = timeout(pause, lifecycles.timers_changed.notified()).await;
    }
}

impl Stop {
    /// Returns what a merchant is told.
    fn refusal(self) -> Refusal {
        match self {
            Self::Refused(choice) => {
                Refusal::of_status(choice.status, &choice.code, choice.message)
            }
            // The descriptors have no refusal for this, but WeChat Pay would not do it either.
            Self::Failed(error) => Refusal::of_status(400, "INVALID_REQUEST", error.to_string()),
        }
    }

    /// Returns what a test is told.
    pub(super) fn error(self) -> LifecycleError {
        match self {
            Self::Refused(choice) => LifecycleError::Refused {
                status: choice.status,
                code: choice.code,
                message: choice.message,
            },
            Self::Failed(error) => error,
        }
    }
}

impl fmt::Debug for Lifecycles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Lifecycles")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

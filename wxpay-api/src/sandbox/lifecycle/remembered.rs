//! Everything that the sandbox remembers, under one lock.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value as Json;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::describe::Definitions;
use super::describe::function::Functions;
use super::error::LifecycleError;
use super::keep::clock::Moment;
use super::memory::Memory;
use super::run::act::{Demand, Shown};
use super::run::generate::NumberSource;
use super::run::transaction::{Changes, Stop, Transaction};
use super::show::dispatch::{CommandSender, DispatchCommand};
use super::stored::load::load;
use super::stored::save::StorageSlot;
use crate::sandbox::error::SandboxError;
use crate::sandbox::notifications::webhook_client::WebhookAccess;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::route::Routes;
use crate::sandbox::state::Shared;

/// The most timers that fire at one access, so that a timer without end cannot stop the sandbox.
const MOST_TIMERS: usize = 100_000;

/// How long the task sleeps after the storage failed.
const RETRY: Duration = Duration::from_secs(1);

/// How long the task sleeps without a timer.
const LONGEST_SLEEP: Duration = Duration::from_secs(3600);

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
    /// Its lock is taken before that of the memory.
    pub(super) storage: Mutex<StorageSlot>,
    pub(super) commands: CommandSender,
    /// Wakes whoever waits for the next timer.
    pub(super) timers_changed: Notify,
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

impl Lifecycles {
    /// Creates a memory with what the storage has, and the receiver of notifications to send.
    pub(in crate::sandbox) fn new(
        mut rules: Rules,
        settings: MemorySettings,
        storage: StorageSlot,
    ) -> Result<(Self, UnboundedReceiver<DispatchCommand>), SandboxError> {
        let (commands, receiver) = unbounded_channel();
        let (memory, position) = match &storage {
            Some(storage) => load(storage.as_ref(), &rules.definitions)?,
            None => (Memory::default(), None),
        };
        if let Some(position) = position {
            rules.numbers = NumberSource::at(position);
        }
        let lifecycles = Self {
            rules,
            settings,
            memory: Mutex::new(memory),
            storage: Mutex::new(storage),
            commands,
            timers_changed: Notify::new(),
            notifications_changed: Notify::new(),
        };
        lifecycles.resume(position.is_none())?;
        Ok((lifecycles, receiver))
    }

    /// Goes on where another sandbox with the storage stopped.
    fn resume(&self, is_new: bool) -> Result<(), SandboxError> {
        let began = self.begin();
        let mut memory = self.lock();
        if is_new {
            memory.put_format();
        }
        memory.shrink(&self.rules.definitions, self.settings.resource_limit);
        self.resume_notifications(&mut memory);
        let now = memory.clock.now();
        self.fire_timers(&mut memory, now);
        drop(memory);
        self.save(began).map_err(|error| SandboxError::Storage(error.into()))
    }

    /// Changes the memory, and stores the change.
    pub(super) fn change<T>(
        &self,
        change: impl FnOnce(&mut Memory) -> T,
    ) -> Result<T, LifecycleError> {
        let began = self.begin();
        let changed = change(&mut self.memory());
        self.save(began)?;
        Ok(changed)
    }

    /// Executes an operation; `None` if no lifecycle has it. [`save`](Lifecycles::save) stores what it changed.
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
        if self.fire_timers(&mut memory, now) > 0 {
            // Whoever only looks waits for no storage.
            self.timers_changed.notify_one();
        }
        memory
    }

    /// Locks the memory. A task that panicked leaves it whole, so a poisoned lock is usable.
    pub(super) fn lock(&self) -> MutexGuard<'_, Memory> {
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
        let definitions = &self.rules.definitions;
        let next = memory.store.next_timer();
        resources.into_values().for_each(|resource| memory.put(definitions, resource));
        records.into_iter().for_each(|record| memory.record(record));
        urls.into_iter().for_each(|url| memory.set_url(url));
        notifications.into_iter().for_each(|notification| self.dispatch(memory, notification));
        memory.shrink(definitions, limit);
        if memory.store.next_timer() != next {
            self.timers_changed.notify_one();
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

    /// Fires the timers that are due, and returns when to look again.
    fn tick(&self) -> Duration {
        let began = self.begin();
        let pause = {
            let memory = self.memory();
            let now = memory.clock.now();
            let next = memory.store.next_timer().map(|(due, ..)| due.after(now));
            next.unwrap_or(LONGEST_SLEEP).clamp(Duration::from_millis(1), LONGEST_SLEEP)
        };
        match self.save(began) {
            Ok(()) => pause,
            // What is due stays due, and `save` has logged why it did not happen.
            Err(_) => pause.max(RETRY),
        }
    }

    /// Moves the business clock forward, and fires the timers on the way. Returns how many fired.
    pub(super) fn advance(&self, by: Duration) -> Result<usize, LifecycleError> {
        self.change(|memory| {
            memory.advance(by);
            let now = memory.clock.now();
            self.fire_timers(memory, now)
        })
    }

    /// Forgets everything.
    pub(super) fn reset(&self) -> Result<(), LifecycleError> {
        self.change(|memory| {
            memory.forget();
            self.send_stored(memory, DispatchCommand::Forget);
        })?;
        self.notifications_changed.notify_waiters();
        self.timers_changed.notify_one();
        Ok(())
    }

    /// Sends a command to the background task as soon as the changes so far are stored.
    pub(super) fn send_stored(&self, memory: &mut Memory, command: DispatchCommand) {
        if let Some(command) = memory.unsaved.defer(command) {
            self.send(command);
        }
    }

    /// Sends a command to the background task.
    pub(super) fn send(&self, command: DispatchCommand) {
        // The task ends with the sandbox, and then sends nothing.
        let _ = self.commands.send(command);
    }
}

/// Fires the timers of a sandbox when they are due, and stores what nobody waits for, until the task is aborted.
pub(in crate::sandbox) async fn serve_timers(shared: Arc<Shared>) {
    loop {
        let ticking = Arc::clone(&shared);
        // A storage would block the asynchronous threads.
        let Ok(pause) = spawn_blocking(move || ticking.lifecycles.tick()).await else { return };
        // Either the timer is due, or another one came before it.
        let _ = timeout(pause, shared.lifecycles.timers_changed.notified()).await;
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

//! Saves changes: requests that come together share one write, and each response waits for its own changes.
//!
//! A request changes the memory under its lock, and waits here before it is responded to. The first to come writes the
//! changes of all. If a write fails, the memory is read from the storage again, and all that waited fail.

use std::mem::take;
use std::sync::{Arc, MutexGuard, PoisonError};

use super::load::load;
use super::record::{COUNTERS, CountersRecord};
use super::unsaved::{Departure, Epoch, Outcome};
use crate::sandbox::lifecycle::error::LifecycleError;
use crate::sandbox::lifecycle::memory::Memory;
use crate::sandbox::lifecycle::remembered::Lifecycles;
use crate::sandbox::lifecycle::show::dispatch::DispatchCommand;
use crate::sandbox::storage::{SandboxStorage, StorageError};

/// The storage; `None` without one, and after the sandbox stopped. Whoever writes holds its lock.
pub(in crate::sandbox::lifecycle) type StorageSlot = Option<Arc<dyn SandboxStorage>>;

impl Lifecycles {
    /// Begins a request. What it sees and changes is stored when [`save`](Lifecycles::save) succeeds.
    pub(in crate::sandbox) fn begin(&self) -> Epoch {
        self.lock().unsaved.epoch()
    }

    /// Stores all changes so far. A request must not be responded to with success before.
    pub(in crate::sandbox) fn save(&self, began: Epoch) -> Result<(), LifecycleError> {
        let outcome = {
            let memory = self.lock();
            if !memory.unsaved.is_active() {
                return Ok(());
            }
            let is_usable = memory.unsaved.epoch() == began && !memory.unsaved.is_stale();
            is_usable.then(|| memory.unsaved.outcome())
        };
        let Some(outcome) = outcome else { return Err(self.recover()) };
        if let Some(known) = outcome.get() {
            return known.clone();
        }
        let storage = self.storage();
        // The one before may have written these changes too.
        match outcome.get() {
            Some(known) => known.clone(),
            None => self.write(&storage, &outcome),
        }
    }

    /// Returns whether the sandbox was given a storage.
    pub(in crate::sandbox) fn has_storage(&self) -> bool {
        self.lock().unsaved.is_active()
    }

    /// Stores what is left, and closes the storage.
    pub(in crate::sandbox) fn close(&self) {
        // Nobody waits for the outcome, and `write` logs a failure.
        let _ = self.save(self.begin());
        *self.storage() = None;
    }

    fn storage(&self) -> MutexGuard<'_, StorageSlot> {
        self.storage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, storage: &StorageSlot, outcome: &Outcome) -> Result<(), LifecycleError> {
        let Departure { batch, commands, mistake } = {
            let mut memory = self.lock();
            self.count(&mut memory);
            memory.unsaved.depart()
        };
        let Some(open) = storage else {
            let failure =
                LifecycleError::NotStored { reason: "the sandbox has stopped".to_owned() };
            let _ = outcome.set(Err(failure.clone()));
            return Err(failure);
        };
        let written = match mistake {
            Some(mistake) => Err(mistake.into()),
            None => open.write(&batch),
        };
        let failure = match written {
            Ok(()) => {
                let _ = outcome.set(Ok(()));
                commands.into_iter().for_each(|command| self.send(command));
                return Ok(());
            }
            Err(error) => LifecycleError::NotStored { reason: causes(&error) },
        };
        tracing::error!(error = %failure, "the sandbox could not store a change");
        let _ = outcome.set(Err(failure.clone()));
        let mut memory = self.lock();
        memory.unsaved.fail(&failure);
        self.reload(&mut memory, storage);
        Err(failure)
    }

    /// Adds how far the numbers are to the changes, so that none comes twice.
    fn count(&self, memory: &mut Memory) {
        let counters = CountersRecord {
            numbers: self.rules.numbers.position(),
            resources: memory.store.last_id(),
            ledger: memory.ledger.next(),
            notifications: memory.journal.next(),
            credentials: memory.credentials.next(),
        };
        memory.unsaved.put(COUNTERS, 0, &counters);
    }

    /// Reads the memory from the storage again if the two may differ, and returns why the request failed. Another
    /// write, such as a timer's, failed after the request began.
    fn recover(&self) -> LifecycleError {
        let storage = self.storage();
        let mut memory = self.lock();
        let failure = memory.unsaved.failure().cloned();
        self.reload(&mut memory, &storage);
        let unknown = || LifecycleError::NotStored { reason: "another write failed".to_owned() };
        failure.unwrap_or_else(unknown)
    }

    /// Replaces a memory that is stale by what the storage has. If that fails, the next request tries again.
    fn reload(&self, memory: &mut Memory, storage: &StorageSlot) {
        let (Some(storage), true) = (storage, memory.unsaved.is_stale()) else { return };
        let (mut loaded, _) = match load(storage.as_ref(), &self.rules.definitions) {
            Ok(loaded) => loaded,
            Err(error) => {
                tracing::error!(error = %causes(&error.into()), "the storage cannot be read");
                return;
            }
        };
        loaded.unsaved = memory.unsaved.after_failure();
        loaded.keep_numbers(memory);
        loaded.faults = take(&mut memory.faults);
        *memory = loaded;
        // A delivery may be of a change that was undone. Those that are left begin again where they stopped.
        self.send(DispatchCommand::Forget);
        self.resume_notifications(memory);
        self.notifications_changed.notify_waiters();
        self.timers_changed.notify_one();
    }
}

/// Returns an error with its causes, the nearest first.
fn causes(error: &StorageError) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

//! Changes of the memory that the storage does not have yet.

use std::fmt;
use std::mem::take;
use std::sync::{Arc, OnceLock};

use serde::Serialize;

use crate::sandbox::lifecycle::error::LifecycleError;
use crate::sandbox::lifecycle::show::dispatch::DispatchCommand;
use crate::sandbox::storage::StorageBatch;

/// How often writes have failed. A request that began before a failure may have seen what was undone.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(in crate::sandbox) struct Epoch(u64);

/// Whether the changes that are written together were stored; unset as long as nobody knows.
pub(super) type Outcome = Arc<OnceLock<Result<(), LifecycleError>>>;

/// The changes that are written next, and what follows when they are stored. Without a storage there is none.
#[derive(Default)]
pub(in crate::sandbox) struct Unsaved {
    is_active: bool,
    batch: StorageBatch,
    commands: Vec<DispatchCommand>,
    /// Why a record could not be written as JSON.
    mistake: Option<String>,
    /// What becomes of the latest changes. They may be on their way to the storage already.
    outcome: Outcome,
    epoch: Epoch,
    /// Why the latest write that failed did so.
    failure: Option<LifecycleError>,
    /// Whether the memory may be another than the storage's: reading that failed too.
    is_stale: bool,
}

/// Changes on their way to the storage.
pub(super) struct Departure {
    pub(super) batch: StorageBatch,
    pub(super) commands: Vec<DispatchCommand>,
    pub(super) mistake: Option<String>,
}

impl Unsaved {
    /// Returns what collects the changes for a storage.
    pub(in crate::sandbox) fn active() -> Self {
        let new = Self { is_active: true, ..Self::default() };
        // Nothing is to be stored yet. A new outcome is never set.
        let _ = new.outcome.set(Ok(()));
        new
    }

    /// Goes on after a failure with a memory that has nothing unsaved.
    pub(super) fn after_failure(&mut self) -> Self {
        Self { epoch: Epoch(self.epoch.0 + 1), failure: self.failure.take(), ..Self::active() }
    }

    pub(in crate::sandbox) fn is_active(&self) -> bool {
        self.is_active
    }

    pub(super) fn epoch(&self) -> Epoch {
        self.epoch
    }

    pub(super) fn outcome(&self) -> Outcome {
        Arc::clone(&self.outcome)
    }

    pub(super) fn failure(&self) -> Option<&LifecycleError> {
        self.failure.as_ref()
    }

    pub(super) fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// Adds a record, or replaces it.
    pub(in crate::sandbox) fn put(
        &mut self,
        family: &'static str,
        key: u64,
        record: &impl Serialize,
    ) {
        if !self.is_active {
            return;
        }
        self.begin();
        match serde_json::to_vec(record) {
            Ok(value) => self.batch.put(family, key, value),
            Err(error) => self.mistake = Some(format!("{family} {key} is not JSON: {error}")),
        }
    }

    pub(in crate::sandbox) fn remove(&mut self, family: &'static str, key: u64) {
        if self.is_active {
            self.begin();
            self.batch.remove(family, key);
        }
    }

    /// Removes all records.
    pub(in crate::sandbox) fn clear(&mut self) {
        if self.is_active {
            self.begin();
            self.batch.clear();
            self.commands.clear();
        }
    }

    /// Keeps a command until the changes are stored. Returns it if there is no storage.
    pub(in crate::sandbox) fn defer(
        &mut self,
        command: DispatchCommand,
    ) -> Option<DispatchCommand> {
        if !self.is_active {
            return Some(command);
        }
        self.begin();
        self.commands.push(command);
        None
    }

    pub(super) fn is_empty(&self) -> bool {
        self.batch.is_empty() && self.commands.is_empty() && self.mistake.is_none()
    }

    /// Takes the changes. Later ones belong to another write.
    pub(super) fn depart(&mut self) -> Departure {
        Departure {
            batch: take(&mut self.batch),
            commands: take(&mut self.commands),
            mistake: self.mistake.take(),
        }
    }

    /// Notes that the changes so far were not stored, and that the memory may be another than the storage's.
    pub(super) fn fail(&mut self, failure: &LifecycleError) {
        let _ = self.outcome.set(Err(failure.clone()));
        drop(self.depart());
        self.epoch = Epoch(self.epoch.0 + 1);
        self.failure = Some(failure.clone());
        self.is_stale = true;
    }

    /// Begins another write with the first change after the one before.
    fn begin(&mut self) {
        if self.is_empty() {
            self.outcome = Outcome::default();
        }
    }
}

impl fmt::Debug for Unsaved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Unsaved")
            .field("batch", &self.batch)
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}

//! A storage in memory, which outlives a sandbox and fails on demand.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use wxpay_api::sandbox::{SandboxStorage, StorageBatch, StorageError};

type Key = (String, u64);

/// Records in memory. Its clones are the same storage.
#[derive(Clone, Debug, Default)]
pub(crate) struct Records(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    records: BTreeMap<Key, Vec<u8>>,
    writes: usize,
    fails_to_write: bool,
    fails_to_load: bool,
}

impl SandboxStorage for Records {
    fn load(&self, record: &mut dyn FnMut(&str, u64, &[u8])) -> Result<(), StorageError> {
        let state = self.state();
        if state.fails_to_load {
            return Err("the disk is gone".into());
        }
        state.records.iter().for_each(|((family, key), value)| record(family, *key, value));
        Ok(())
    }

    fn write(&self, batch: &StorageBatch) -> Result<(), StorageError> {
        let mut state = self.state();
        if state.fails_to_write {
            return Err("the disk is full".into());
        }
        state.writes += 1;
        if batch.clears() {
            state.records.clear();
        }
        for (family, key, value) in batch.changes() {
            match value {
                Some(value) => state.records.insert((family.to_owned(), key), value.to_vec()),
                None => state.records.remove(&(family.to_owned(), key)),
            };
        }
        Ok(())
    }
}

#[allow(dead_code, reason = "two programs use parts of it")]
impl Records {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub(crate) fn all(&self) -> BTreeMap<Key, Vec<u8>> {
        self.state().records.clone()
    }

    /// Returns how many records a family has.
    pub(crate) fn count(&self, family: &str) -> usize {
        self.state().records.keys().filter(|(held, _)| held == family).count()
    }

    pub(crate) fn writes(&self) -> usize {
        self.state().writes
    }

    /// Lets all writes fail from now on, and all loads too if wanted.
    pub(crate) fn fail(&self, fails_to_write: bool, fails_to_load: bool) {
        let mut state = self.state();
        (state.fails_to_write, state.fails_to_load) = (fails_to_write, fails_to_load);
    }

    /// Changes the value of a record.
    pub(crate) fn edit(&self, family: &str, key: u64, edit: impl FnOnce(&mut Vec<u8>)) {
        edit(self.state().records.get_mut(&(family.to_owned(), key)).unwrap());
    }

    pub(crate) fn insert(&self, family: &str, key: u64, value: &[u8]) {
        self.state().records.insert((family.to_owned(), key), value.to_vec());
    }

    /// Returns a storage of its own with the same records, as after the process was killed now.
    pub(crate) fn copy(&self) -> Self {
        let state = State { records: self.all(), ..State::default() };
        Self(Arc::new(Mutex::new(state)))
    }
}

//! Storage: what a program implements so that a sandbox remembers after a restart.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// Why a storage failed.
pub type StorageError = Box<dyn Error + Send + Sync>;

/// Keeps what a sandbox remembers, so that it survives a restart and a killed process.
///
/// The sandbox knows the format of the records; a storage only keeps bytes. Each record has a family, such as
/// `resource`, and a number that is unique in its family. See [`SandboxBuilder::storage`] for what is stored.
///
/// The sandbox calls [`load`](SandboxStorage::load) at start and after a write that failed, and never two methods at
/// once. A storage belongs to one sandbox at a time.
///
/// ```
/// use std::collections::BTreeMap;
/// use std::sync::Mutex;
///
/// use wxpay_api::sandbox::{SandboxStorage, StorageBatch, StorageError};
///
/// /// Survives the sandbox, but not the process.
/// #[derive(Default)]
/// struct InMemory(Mutex<BTreeMap<(String, u64), Vec<u8>>>);
///
/// impl SandboxStorage for InMemory {
///     fn load(&self, record: &mut dyn FnMut(&str, u64, &[u8])) -> Result<(), StorageError> {
///         let records = self.0.lock().map_err(|error| error.to_string())?;
///         records.iter().for_each(|((family, key), value)| record(family, *key, value));
///         Ok(())
///     }
///
///     fn write(&self, batch: &StorageBatch) -> Result<(), StorageError> {
///         let mut records = self.0.lock().map_err(|error| error.to_string())?;
///         if batch.clears() {
///             records.clear();
///         }
///         for (family, key, value) in batch.changes() {
///             match value {
///                 Some(value) => records.insert((family.to_owned(), key), value.to_vec()),
///                 None => records.remove(&(family.to_owned(), key)),
///             };
///         }
///         Ok(())
///     }
/// }
/// ```
///
/// [`SandboxBuilder::storage`]: crate::sandbox::SandboxBuilder::storage
pub trait SandboxStorage: Send + Sync {
    /// Calls `record` with the family, the number and the value of each record, in any order.
    ///
    /// # Errors
    /// [`StorageError`] if a record cannot be read. The sandbox does not start then.
    fn load(&self, record: &mut dyn FnMut(&str, u64, &[u8])) -> Result<(), StorageError>;

    /// Writes all changes of a batch, or none. The batch is durable when this returns: clients learn of it next.
    ///
    /// # Errors
    /// [`StorageError`] if the batch was not written. The requests that it is about fail.
    fn write(&self, batch: &StorageBatch) -> Result<(), StorageError>;
}

impl<S: SandboxStorage + ?Sized> SandboxStorage for Arc<S> {
    fn load(&self, record: &mut dyn FnMut(&str, u64, &[u8])) -> Result<(), StorageError> {
        S::load(self, record)
    }

    fn write(&self, batch: &StorageBatch) -> Result<(), StorageError> {
        S::write(self, batch)
    }
}

/// Changes of records that are written together.
///
/// `Debug` omits the values, because secrets in them are plain.
#[derive(Default)]
pub struct StorageBatch {
    clears: bool,
    changes: BTreeMap<(&'static str, u64), Option<Vec<u8>>>,
}

impl StorageBatch {
    /// Returns whether all records that the storage has are removed first.
    #[must_use]
    pub fn clears(&self) -> bool {
        self.clears
    }

    /// Returns the changes: family, number and new value of each record. `None` removes the record, if it exists.
    pub fn changes(&self) -> impl Iterator<Item = (&str, u64, Option<&[u8]>)> {
        self.changes.iter().map(|((family, key), value)| (*family, *key, value.as_deref()))
    }

    pub(super) fn put(&mut self, family: &'static str, key: u64, value: Vec<u8>) {
        self.changes.insert((family, key), Some(value));
    }

    pub(super) fn remove(&mut self, family: &'static str, key: u64) {
        self.changes.insert((family, key), None);
    }

    /// Removes all records, and the changes so far.
    pub(super) fn clear(&mut self) {
        self.changes.clear();
        self.clears = true;
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.clears && self.changes.is_empty()
    }
}

impl fmt::Debug for StorageBatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StorageBatch")
            .field("clears", &self.clears)
            .field("changes", &self.changes.keys())
            .finish()
    }
}

/// The storage of a sandbox that is being built.
#[derive(Clone)]
pub(super) struct StorageHandle(pub(super) Arc<dyn SandboxStorage>);

impl fmt::Debug for StorageHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("StorageHandle").finish_non_exhaustive()
    }
}

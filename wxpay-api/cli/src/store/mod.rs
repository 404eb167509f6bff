//! The storage of a sandbox's folder: what the sandbox remembers, in one redb file.

mod error;

use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};
use tempfile::NamedTempFile;
use wxpay_api::sandbox::{SandboxStorage, StorageBatch, StorageError};

pub(crate) use error::StoreError;

/// The file in the folder.
pub(crate) const FILE: &str = "sandbox.redb";

/// The version of the tables below. The sandbox knows the version of the records itself.
const FORMAT: u64 = 1;
const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
/// By family and number.
const RECORDS: TableDefinition<'_, (&str, u64), &[u8]> = TableDefinition::new("records");

/// The most bytes of the file that redb keeps in memory. The sandbox reads records once, at start.
const CACHE: usize = 16 << 20;

/// Opens the storage of a folder, for one sandbox at a time. Makes it if there is none.
pub(crate) fn open(folder: &Path) -> Result<Store, StoreError> {
    let file = folder.join(FILE);
    if !file.exists() {
        create(folder, &file)?;
    }
    let database = Mutex::new(Some(open_file(&file)?));
    Ok(Store { file, database })
}

/// The storage of a folder.
#[derive(Debug)]
pub(crate) struct Store {
    file: PathBuf,
    /// `None` after a failure: redb wants the file to be opened again.
    database: Mutex<Option<Database>>,
}

impl SandboxStorage for Store {
    fn load(&self, record: &mut dyn FnMut(&str, u64, &[u8])) -> Result<(), StorageError> {
        self.with_database(|database| load(database, record))
    }

    fn write(&self, batch: &StorageBatch) -> Result<(), StorageError> {
        self.with_database(|database| write(database, batch))
    }
}

impl Store {
    /// Uses the database, and closes it if that fails.
    fn with_database(
        &self,
        act: impl FnOnce(&Database) -> Result<(), redb::Error>,
    ) -> Result<(), StorageError> {
        let mut held = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let database = match held.take() {
            Some(database) => database,
            None => open_file(&self.file)?,
        };
        guarded(&self.file, || act(&database).map_err(|error| StoreError::of(&self.file, error)))?;
        *held = Some(database);
        Ok(())
    }
}

/// Makes an empty storage. It has its name only when it is whole, so that a killed process leaves none in parts.
fn create(folder: &Path, file: &Path) -> Result<(), StoreError> {
    let failed = |source: io::Error| StoreError::Create { file: file.to_owned(), source };
    // Nobody else may read such files.
    let part = NamedTempFile::with_prefix_in("sandbox.redb.", folder).map_err(failed)?;
    let database = Database::builder().create(part.path()).map_err(redb::Error::from);
    let made = database.and_then(|database| {
        let transaction = database.begin_write()?;
        transaction.open_table(META)?.insert("format", FORMAT)?;
        transaction.open_table(RECORDS)?;
        Ok(transaction.commit()?)
    });
    made.map_err(|error| StoreError::of(file, error))?;
    match part.persist_noclobber(file) {
        // Another process was first, and has the file open.
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(failed(error.error)),
        // The name survives a loss of power, too.
        Ok(_) => File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed),
    }
}

/// Opens the file, and reads all of it once: damage is found here, and not in the middle of a business.
fn open_file(file: &Path) -> Result<Database, StoreError> {
    guarded(file, || {
        let opened = Database::builder().set_cache_size(CACHE).open(file);
        let mut database = opened.map_err(|error| StoreError::of(file, error.into()))?;
        match database.check_integrity() {
            Ok(true) => {}
            Ok(false) => return Err(StoreError::Repaired { file: file.to_owned() }),
            Err(error) => return Err(StoreError::of(file, error.into())),
        }
        let format = format(&database).map_err(|error| StoreError::of(file, error))?;
        match format {
            Some(FORMAT) => Ok(database),
            Some(found) if found > FORMAT => {
                Err(StoreError::Newer { file: file.to_owned(), found, known: FORMAT })
            }
            _ => Err(StoreError::Damaged { file: file.to_owned(), source: None }),
        }
    })
}

/// Calls redb, which panics at some kinds of damage.
fn guarded<T>(file: &Path, act: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    let damaged = |_| Err(StoreError::Damaged { file: file.to_owned(), source: None });
    catch_unwind(AssertUnwindSafe(act)).unwrap_or_else(damaged)
}

fn format(database: &Database) -> Result<Option<u64>, redb::Error> {
    let table = database.begin_read()?.open_table(META)?;
    Ok(table.get("format")?.map(|format| format.value()))
}

fn load(database: &Database, record: &mut dyn FnMut(&str, u64, &[u8])) -> Result<(), redb::Error> {
    let table = database.begin_read()?.open_table(RECORDS)?;
    for entry in table.iter()? {
        let (key, value) = entry?;
        let (family, number) = key.value();
        record(family, number, value.value());
    }
    Ok(())
}

/// Writes a batch. redb makes it durable before it returns: it calls `fsync`.
fn write(database: &Database, batch: &StorageBatch) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    if batch.clears() {
        transaction.delete_table(RECORDS)?;
    }
    change(&transaction, batch)?;
    Ok(transaction.commit()?)
}

fn change(transaction: &WriteTransaction, batch: &StorageBatch) -> Result<(), redb::Error> {
    let mut table = transaction.open_table(RECORDS)?;
    for (family, number, value) in batch.changes() {
        match value {
            Some(value) => table.insert((family, number), value)?,
            None => table.remove((family, number))?,
        };
    }
    Ok(())
}

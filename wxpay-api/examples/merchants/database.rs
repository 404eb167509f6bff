//! The SQLite database: opened with the schema, used through transactions only.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use tokio::task::spawn_blocking;

use crate::service::ServiceError;

/// How long a transaction waits for another process. A notification must be answered within 5 seconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(3);

/// A handle of the database. Clones share the connection, so transactions come one after the other.
#[derive(Clone)]
pub(crate) struct Database(Arc<Mutex<Connection>>);

impl Database {
    /// Opens the file, and creates the tables that are missing.
    pub(crate) fn open(file: &Path) -> Result<Self, ServiceError> {
        let connection = Connection::open(file)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // What was acknowledged must survive a power failure.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(include_str!("schema.sql"))?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Runs `work` in a transaction, which is on disk when this returns. An error of `work` rolls it back.
    pub(crate) async fn transaction<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, ServiceError> + Send + 'static,
    ) -> Result<T, ServiceError> {
        let connection = Arc::clone(&self.0);
        spawn_blocking(move || {
            // A panic rolled its transaction back, so the connection is still good.
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        })
        .await?
    }
}

//! The SQLite database: opened with the schema, used through transactions only.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use tokio::task::spawn_blocking;

use crate::shop::ShopError;

/// How long a transaction waits for another process. A notification must be answered within 5 seconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(3);

/// A handle of the database. Clones share the connection, so transactions come one after the other.
#[derive(Clone)]
pub(crate) struct Database(Arc<Mutex<Connection>>);

impl Database {
    /// Opens the file, and creates the tables that are missing.
    pub(crate) fn open(file: &Path) -> Result<Self, ShopError> {
        let connection = Connection::open(file)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // What was acknowledged must survive a power failure.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.execute_batch(include_str!("schema.sql"))?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Runs `work` in a transaction, which is on disk when this returns. An error of `work` rolls it back.
    ///
    /// SQLite blocks, so the work runs on a thread for that. It also runs to its end if the caller goes away.
    pub(crate) async fn transaction<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, ShopError> + Send + 'static,
    ) -> Result<T, ShopError> {
        let connection = Arc::clone(&self.0);
        spawn_blocking(move || {
            // A panic rolled its transaction back, so the connection is still good.
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            // `Immediate` locks first: what `work` reads stays true until it writes.
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        })
        .await?
    }
}

/// Stores the variants of an enum as texts, and prints them so.
macro_rules! stored_as_text {
    ($type:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $(Self::$variant => $text),+ })
            }
        }

        impl rusqlite::types::ToSql for $type {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                Ok(match self { $(Self::$variant => $text),+ }.into())
            }
        }

        impl rusqlite::types::FromSql for $type {
            fn column_result(
                value: rusqlite::types::ValueRef<'_>,
            ) -> rusqlite::types::FromSqlResult<Self> {
                match value.as_str()? {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(rusqlite::types::FromSqlError::InvalidType),
                }
            }
        }
    };
}

pub(crate) use stored_as_text;

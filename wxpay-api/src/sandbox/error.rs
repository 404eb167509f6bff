//! Why the sandbox could not do something.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::book::BookError;
use crate::protocol::issuing::IssuingError;
use crate::protocol::{AeadError, CryptoError, EncryptError, KeyError};

/// Why the sandbox could not do something.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// It was not started inside a Tokio runtime.
    #[error("the sandbox needs a Tokio runtime around it, such as `#[tokio::test]` makes")]
    NoRuntime,
    /// No port of this machine could be had.
    #[error("the sandbox cannot listen on 127.0.0.1: {0}")]
    Listen(#[from] io::Error),
    /// Its keys could not be made.
    #[error("the sandbox has no keys: {0}")]
    Issuing(#[from] IssuingError),
    /// Its merchant could not be made: the merchant number is not one.
    #[error("the sandbox has no merchant: {0}")]
    Key(#[from] KeyError),
    /// The cryptographic library failed.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// A book of operations cannot be read.
    #[error(transparent)]
    Book(#[from] BookError),
    /// No book has this notification.
    #[error("no notification is called `{name}`; there are: {}", known.join(", "))]
    UnknownNotification {
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// An account with this merchant number or brand id was opened before.
    #[error("the sandbox has an account of {id} already")]
    AccountExists {
        /// The merchant number or brand id.
        id: String,
    },
    /// The account has no platform certificate with this serial number.
    #[error("the account has no platform certificate {serial}")]
    UnknownCertificate {
        /// The serial number.
        serial: String,
    },
    /// A key could not be written into a file.
    #[error("{} cannot be written", file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
    /// A secret of a notification is too long to be encrypted.
    #[error("a secret of the notification was not encrypted")]
    Seal(#[from] EncryptError),
    /// A notification was not encrypted.
    #[error("the notification was not encrypted")]
    Aead(#[from] AeadError),
    /// A notification was to be sent to another machine.
    #[error("`{url}` is not an http URL on this machine, and test notifications go nowhere else")]
    NotOnThisMachine {
        /// The URL.
        url: String,
    },
    /// A notification was not delivered.
    #[error("the notification was not delivered")]
    Delivery(#[source] reqwest::Error),
}

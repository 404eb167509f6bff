//! Why the sandbox could not do something.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::book::BookError;
use super::lifecycle::error::LifecycleError;
use super::storage::StorageError;
use super::suggestion::{hint, listed};
use crate::protocol::excerpt::{excerpt, excerpt_of};
use crate::protocol::issuing::IssuingError;
use crate::protocol::{AeadError, CryptoError, EncryptError, KeyError};

/// Why the sandbox could not do something.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// The sandbox was started outside a Tokio runtime.
    #[error(
        "the sandbox needs a Tokio runtime; start it inside one, such as that of `#[tokio::test]`"
    )]
    NoRuntime,
    /// No port of this machine is free.
    #[error("the sandbox cannot listen on its address")]
    Listen(#[from] io::Error),
    /// The keys could not be generated.
    #[error("the sandbox cannot make its keys")]
    Issuing(#[from] IssuingError),
    /// The merchant number or a key is invalid.
    #[error("the sandbox cannot make its merchant")]
    Key(#[from] KeyError),
    /// The cryptographic library failed.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// A book of operations cannot be read.
    #[error(transparent)]
    Book(#[from] BookError),
    /// No book has a notification with this name.
    #[error("no notification is called `{}`{}", excerpt(name), hint(name, known.iter().map(String::as_str)))]
    UnknownNotification {
        /// The name.
        name: String,
        /// The names of all notifications.
        known: Vec<String>,
    },
    /// No book has a notification of this event type.
    #[error(
        "no descriptor has a notification of `{}`{}",
        excerpt(event_type),
        hint(event_type, known.iter().map(String::as_str))
    )]
    UnknownEventType {
        /// The event type.
        event_type: String,
        /// The event types of all notifications.
        known: Vec<String>,
    },
    /// No notification that followed a change has this id.
    #[error(
        "no notification with the id `{}` followed a change, or it left the journal",
        excerpt(id)
    )]
    UnknownSentNotification {
        /// The id.
        id: String,
    },
    /// No copy of a notification can be sent.
    #[error("no copy of the notification can be sent: {reason}")]
    NoCopy {
        /// The reason.
        reason: String,
    },
    /// No operation has this method and URL.
    #[error(
        "no operation is `{} {}`{} private one needs `SandboxBuilder::book` or `SandboxBuilder::undescribed`, and one \
         of WeChat Pay its product's cargo feature",
        excerpt(method),
        excerpt_of(path, 200),
        suggested(suggestions)
    )]
    UnknownOperation {
        /// The method.
        method: String,
        /// The URL's path.
        path: String,
        /// The operations that may be meant, such as `GET /v3/certificates`.
        suggestions: Vec<String>,
    },
    /// A planned response is not one of its operation.
    #[error(
        "the planned response does not fit `{operation}`: {}; `PlannedResponse::unchecked` sends it all the same",
        problems.join("; ")
    )]
    UnfitResponse {
        /// The operation, such as `GET /v3/certificates`.
        operation: String,
        /// The problems with their key paths.
        problems: Vec<String>,
    },
    /// The changes of a notification do not fit its descriptor.
    #[error(
        "the notification does not fit `{name}`: {}; `SandboxNotification::unchecked` sends it all the same",
        problems.join("; ")
    )]
    UnfitNotification {
        /// The name of the notification.
        name: String,
        /// The problems with their key paths.
        problems: Vec<String>,
    },
    /// HTTP has no such status.
    #[error("HTTP has no status {status}; a planned response needs one from 100 to 999")]
    InvalidStatus {
        /// The status.
        status: u16,
    },
    /// Planned responses or faults that no request and no notification fetched.
    #[error(
        "nothing fetched {}; remove what the test does not need, or look for the call that is missing",
        unfetched.join(", ")
    )]
    Unfetched {
        /// The responses and faults.
        unfetched: Vec<String>,
    },
    /// Requests to one URL cannot be counted, because the journal no longer has all of them.
    #[error(
        "the journal holds {requests} requests, and older ones have left it; raise `SandboxBuilder::journal_limit`, \
         or count the whole operation"
    )]
    JournalFull {
        /// How many requests the journal holds.
        requests: usize,
    },
    /// The merchant or brand has an account already.
    #[error("the sandbox already has an account of {id}")]
    AccountExists {
        /// The merchant number or brand id.
        id: String,
    },
    /// The account has no platform certificate with this serial number.
    #[error("the account has no platform certificate with the serial number {serial}")]
    UnknownCertificate {
        /// The serial number.
        serial: String,
    },
    /// A key could not be written to a file.
    #[error("{} cannot be written", file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// The error of the file system.
        source: io::Error,
    },
    /// A secret of a notification is too long to be encrypted.
    #[error("a secret of the notification was not encrypted")]
    Encrypt(#[from] EncryptError),
    /// A notification was not encrypted.
    #[error("the notification was not encrypted")]
    Aead(#[from] AeadError),
    /// The URL of a notification is neither on this machine nor in a private network.
    #[error(
        "`{}` is not an http or https URL on this machine or in a private network; \
         `SandboxBuilder::allow_webhook_host`, or `wxpay sandbox --allow-webhook-host`, allows another host",
        excerpt(url)
    )]
    NotOnThisMachine {
        /// The URL.
        url: String,
    },
    /// Something could not be done with a resource.
    #[error(transparent)]
    Lifecycle(#[from] LifecycleError),
    /// The storage failed.
    #[error("the storage of the sandbox failed")]
    Storage(#[source] StorageError),
    /// The storage has a record that this version of the sandbox cannot use.
    #[error(
        "the record `{}` {key} of the storage {problem}; run the version of the sandbox that wrote it, or start with an \
         empty storage",
        excerpt(family)
    )]
    StoredRecord {
        /// The family of the record.
        family: String,
        /// Its number.
        key: u64,
        /// The problem.
        problem: String,
    },
    /// A newer version of the sandbox wrote the storage.
    #[error(
        "a newer version of the sandbox wrote the storage, in format {found}; this one reads {known}. Run the newer \
         version, or start with an empty storage"
    )]
    NewerStorage {
        /// The format of the storage.
        found: u32,
        /// The newest format that this version reads.
        known: u32,
    },
    /// A certificate for https URLs of notifications is invalid.
    #[error("the certificate for https URLs of notifications cannot be read")]
    WebhookRoot(#[source] reqwest::Error),
    /// A notification was not delivered.
    #[error("the notification was not delivered")]
    Delivery(#[source] reqwest::Error),
}

fn suggested(suggestions: &[String]) -> String {
    match suggestions {
        [] => "; a".to_owned(),
        _ => format!("; did you mean {}? A", listed(suggestions.iter().map(String::as_str))),
    }
}

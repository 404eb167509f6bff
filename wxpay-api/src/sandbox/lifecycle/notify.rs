//! Notifications that follow a change, and their journal.

use std::time::Duration;

use serde::Serialize;

/// A notification that followed a change.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct SentNotification {
    /// Its id, which all copies have.
    pub id: String,
    /// The event type, such as `TRANSACTION.SUCCESS`.
    pub event_type: String,
    /// The lifecycle of the resource, such as `pay/transaction`.
    pub lifecycle: String,
    /// The resource's own number.
    pub number: String,
    /// The URL; `None` if there was none to send it to.
    pub url: Option<String>,
    /// The attempts so far.
    pub attempts: Vec<NotificationAttempt>,
    /// Why it was not sent at all.
    pub not_sent: Option<String>,
    /// Whether the sandbox will send no further copy.
    pub finished: bool,
}

/// An attempt to deliver a notification that followed a change.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct NotificationAttempt {
    /// The official time since the first attempt, before compression.
    pub after: Duration,
    /// The status of the response; `None` if the server did not respond in time.
    pub status: Option<u16>,
    /// Why the attempt failed; `None` if the server acknowledged the notification.
    pub refusal: Option<String>,
}

//! The journal of notifications that followed a change, and the URLs that merchants registered for them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::sandbox::lifecycle::keep::resource::ResourceId;
use crate::sandbox::lifecycle::run::transaction::{PendingNotification, PendingUrl};
use crate::sandbox::notifications::delivery::Attempt;

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
    /// The resource in this sandbox.
    pub(in crate::sandbox) resource: ResourceId,
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

impl SentNotification {
    /// Returns whether the merchant's server acknowledged the notification in any attempt.
    #[must_use]
    pub fn is_acknowledged(&self) -> bool {
        self.attempts.iter().any(|attempt| attempt.refusal.is_none())
    }
}

/// The place of a notification in the journal. It is never used twice.
pub(in crate::sandbox) type JournalId = u64;

/// The newest notifications, at most as many as resources.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct NotificationJournal {
    entries: VecDeque<SentNotification>,
    /// How many entries are gone.
    gone: u64,
    /// How many are being sent.
    unfinished: usize,
}

impl NotificationJournal {
    /// Adds a notification that is to be sent.
    pub(in crate::sandbox) fn add(
        &mut self,
        notification: &PendingNotification,
        id: String,
        limit: usize,
    ) -> JournalId {
        self.entries.push_back(SentNotification {
            id,
            event_type: notification.event_type.clone(),
            lifecycle: notification.lifecycle.clone(),
            number: notification.number.clone(),
            url: notification.url.clone(),
            attempts: Vec::new(),
            not_sent: None,
            finished: false,
            resource: notification.resource,
        });
        self.unfinished += 1;
        while self.entries.len() > limit.max(1) {
            if let Some(oldest) = self.entries.pop_front()
                && !oldest.finished
            {
                self.unfinished = self.unfinished.saturating_sub(1);
            }
            self.gone += 1;
        }
        self.gone + self.entries.len() as u64 - 1
    }

    pub(in crate::sandbox) fn attempt(&mut self, at: JournalId, attempt: &Attempt) {
        if let Some(entry) = self.entry(at) {
            entry.attempts.push(NotificationAttempt {
                after: attempt.after,
                status: attempt.response.as_ref().map(|response| response.status),
                refusal: attempt.refusal.clone(),
            });
        }
    }

    /// Notes that no further copy will be sent. `not_sent` says why none was sent at all.
    pub(in crate::sandbox) fn finish(&mut self, at: JournalId, not_sent: Option<String>) {
        let Some(entry) = self.entry(at).filter(|entry| !entry.finished) else { return };
        entry.finished = true;
        entry.not_sent = not_sent;
        self.unfinished = self.unfinished.saturating_sub(1);
    }

    /// Returns whether no notification is being sent.
    pub(in crate::sandbox) fn is_settled(&self) -> bool {
        self.unfinished == 0
    }

    /// Returns the notifications, the oldest first.
    pub(in crate::sandbox) fn entries(&self) -> impl Iterator<Item = &SentNotification> {
        self.entries.iter()
    }

    /// Forgets all notifications. Their places are not used again.
    pub(in crate::sandbox) fn clear(&mut self) {
        self.gone += self.entries.len() as u64;
        self.entries.clear();
        self.unfinished = 0;
    }

    fn entry(&mut self, at: JournalId) -> Option<&mut SentNotification> {
        let index = usize::try_from(at.checked_sub(self.gone)?).ok()?;
        self.entries.get_mut(index)
    }
}

/// The URLs that merchants registered, by account and by event type or its beginning.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct NotifyUrls(BTreeMap<Arc<str>, BTreeMap<String, String>>);

/// A URL that a merchant registered for notifications.
#[derive(Clone, Debug, Serialize)]
pub(in crate::sandbox) struct NotifyUrlView {
    pub(in crate::sandbox) owner: String,
    /// An event type, or the beginning of one.
    pub(in crate::sandbox) event: String,
    pub(in crate::sandbox) url: String,
}

impl NotifyUrls {
    pub(in crate::sandbox) fn set(&mut self, registration: PendingUrl) {
        let PendingUrl { owner, event, url } = registration;
        let urls = self.0.entry(owner).or_default();
        match url {
            Some(url) => urls.insert(event, url),
            None => urls.remove(&event),
        };
    }

    /// Returns the URL of an account for an event: the one with the longest beginning.
    pub(in crate::sandbox) fn find(&self, owner: &str, event: &str) -> Option<&str> {
        let urls = self.0.get(owner)?.iter();
        let fitting = urls.filter(|(beginning, _)| event.starts_with(beginning.as_str()));
        fitting.max_by_key(|(beginning, _)| beginning.len()).map(|(_, url)| url.as_str())
    }

    pub(in crate::sandbox) fn list(&self) -> Vec<NotifyUrlView> {
        let all = self.0.iter().flat_map(|(owner, urls)| {
            urls.iter().map(|(event, url)| NotifyUrlView {
                owner: owner.as_ref().to_owned(),
                event: event.clone(),
                url: url.clone(),
            })
        });
        all.collect()
    }
}

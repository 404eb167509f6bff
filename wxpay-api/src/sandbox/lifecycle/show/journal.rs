//! The journal of notifications that followed a change, and the URLs that merchants registered for them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
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
    ///
    /// It is set with the change itself if nothing can be sent: the resource has no URL, the URL has an address that the
    /// sandbox does not call, or no descriptor fits. The name of a host is resolved afterwards, in the background: await
    /// [`notifications_settled`](crate::sandbox::Sandbox::notifications_settled) before you look.
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
    /// Whether a test asked for this copy. Its `after` is that of the attempt before.
    pub copy: bool,
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
    entries: VecDeque<JournalEntry>,
    /// How many entries are gone.
    gone: u64,
    /// How many are being sent.
    unfinished: usize,
    /// How many bytes the kept bodies have.
    kept_bytes: usize,
    /// Entries before this one keep no body any more.
    kept_from: JournalId,
}

#[derive(Debug)]
struct JournalEntry {
    sent: SentNotification,
    /// The account that signs the copies.
    owner: Arc<str>,
    /// The body that all copies have, once it is encrypted.
    body: Option<Bytes>,
}

/// What a further copy of a notification needs.
pub(in crate::sandbox) enum KeptNotification {
    Ready {
        owner: Arc<str>,
        url: String,
        event_type: String,
        body: Bytes,
    },
    /// It is not encrypted yet.
    Pending,
    /// It was not sent, for this reason.
    NotSent(String),
    /// Newer notifications took the memory of its body.
    Forgotten,
}

impl NotificationJournal {
    /// Adds a notification that is to be sent.
    pub(in crate::sandbox) fn add(
        &mut self,
        notification: &PendingNotification,
        id: String,
        limit: usize,
    ) -> JournalId {
        let sent = SentNotification {
            id,
            event_type: notification.event_type.clone(),
            lifecycle: notification.lifecycle.clone(),
            number: notification.number.clone(),
            url: notification.url.clone(),
            attempts: Vec::new(),
            not_sent: None,
            finished: false,
            resource: notification.resource,
        };
        let owner = Arc::clone(&notification.owner);
        self.entries.push_back(JournalEntry { sent, owner, body: None });
        self.unfinished += 1;
        while self.entries.len() > limit.max(1) {
            if let Some(oldest) = self.entries.pop_front() {
                self.unfinished =
                    self.unfinished.saturating_sub(usize::from(!oldest.sent.finished));
                self.kept_bytes -= oldest.body.map_or(0, |body| body.len());
            }
            self.gone += 1;
        }
        self.gone + self.entries.len() as u64 - 1
    }

    /// Keeps the body of a notification for further copies. The oldest bodies go if they have more bytes than `limit`.
    pub(in crate::sandbox) fn keep(&mut self, at: JournalId, body: Bytes, limit: usize) {
        let length = body.len();
        if at < self.kept_from {
            return;
        }
        let Some(entry) = self.entry(at) else { return };
        entry.body = Some(body);
        self.kept_bytes += length;
        self.kept_from = self.kept_from.max(self.gone);
        while self.kept_bytes > limit && self.kept_from < at {
            let oldest = self.entry(self.kept_from).and_then(|oldest| oldest.body.take());
            self.kept_bytes -= oldest.map_or(0, |body| body.len());
            self.kept_from += 1;
        }
    }

    /// Returns what a further copy needs; `None` if the notification left the journal.
    pub(in crate::sandbox) fn kept(&self, at: JournalId) -> Option<KeptNotification> {
        let index = usize::try_from(at.checked_sub(self.gone)?).ok()?;
        let JournalEntry { sent, owner, body } = self.entries.get(index)?;
        let (owner, event_type) = (Arc::clone(owner), sent.event_type.clone());
        Some(match (&sent.not_sent, body, sent.url.clone()) {
            (Some(reason), ..) => KeptNotification::NotSent(reason.clone()),
            (None, Some(body), Some(url)) => {
                KeptNotification::Ready { owner, url, event_type, body: body.clone() }
            }
            _ if at < self.kept_from => KeptNotification::Forgotten,
            _ => KeptNotification::Pending,
        })
    }

    /// Returns the place of the newest notification about a resource.
    pub(in crate::sandbox) fn newest_of(&self, resource: ResourceId) -> Option<JournalId> {
        self.newest(|sent| sent.resource == resource)
    }

    /// Returns the place of the notification with an id.
    pub(in crate::sandbox) fn with_id(&self, id: &str) -> Option<JournalId> {
        self.newest(|sent| sent.id == id)
    }

    fn newest(&self, is_meant: impl Fn(&SentNotification) -> bool) -> Option<JournalId> {
        let index = self.entries.iter().rposition(|entry| is_meant(&entry.sent))?;
        Some(self.gone + index as u64)
    }

    /// Notes an attempt, and returns it as the journal has it.
    pub(in crate::sandbox) fn attempt(
        &mut self,
        at: JournalId,
        attempt: &Attempt,
        copy: bool,
    ) -> NotificationAttempt {
        let mut noted = NotificationAttempt {
            after: attempt.after,
            status: attempt.response.as_ref().map(|response| response.status),
            refusal: attempt.refusal.clone(),
            copy,
        };
        if let Some(JournalEntry { sent, .. }) = self.entry(at) {
            if copy {
                noted.after = sent.attempts.last().map_or(Duration::ZERO, |before| before.after);
            }
            sent.attempts.push(noted.clone());
        }
        noted
    }

    /// Returns whether no further copy will be sent.
    pub(in crate::sandbox) fn is_finished(&self, at: JournalId) -> bool {
        let index = at.checked_sub(self.gone).and_then(|index| usize::try_from(index).ok());
        index.and_then(|index| self.entries.get(index)).is_none_or(|entry| entry.sent.finished)
    }

    /// Notes that no further copy will be sent. `not_sent` says why none was sent at all.
    pub(in crate::sandbox) fn finish(&mut self, at: JournalId, not_sent: Option<String>) {
        let Some(entry) = self.entry(at).filter(|entry| !entry.sent.finished) else { return };
        entry.sent.finished = true;
        entry.sent.not_sent = not_sent;
        self.unfinished = self.unfinished.saturating_sub(1);
    }

    /// Returns whether no notification is being sent.
    pub(in crate::sandbox) fn is_settled(&self) -> bool {
        self.unfinished == 0
    }

    /// Returns the notifications, the oldest first.
    pub(in crate::sandbox) fn entries(&self) -> impl Iterator<Item = &SentNotification> {
        self.entries.iter().map(|entry| &entry.sent)
    }

    /// Forgets all notifications. Their places are not used again.
    pub(in crate::sandbox) fn clear(&mut self) {
        self.gone += self.entries.len() as u64;
        self.entries.clear();
        self.unfinished = 0;
        self.kept_bytes = 0;
    }

    fn entry(&mut self, at: JournalId) -> Option<&mut JournalEntry> {
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

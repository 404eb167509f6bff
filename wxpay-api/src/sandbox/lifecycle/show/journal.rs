//! The journal of notifications that followed a change, and the URLs that merchants registered for them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::sandbox::lifecycle::keep::clock::Moment;
use crate::sandbox::lifecycle::keep::numbered::Numbered;
use crate::sandbox::lifecycle::keep::resource::ResourceId;
use crate::sandbox::lifecycle::run::transaction::{PendingNotification, PendingUrl};
use crate::sandbox::notifications::delivery::{Attempt, DeliveryProgress};

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
    /// The merchant number or brand id of the account that is notified.
    pub account: String,
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
#[derive(Clone, Debug, Deserialize, Serialize)]
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
    entries: Numbered<JournalEntry>,
    /// How many are being sent.
    unfinished: usize,
    /// How many bytes the kept bodies have.
    kept_bytes: usize,
    /// Entries before this one keep no body any more.
    kept_from: JournalId,
}

#[derive(Debug)]
pub(in crate::sandbox) struct JournalEntry {
    pub(in crate::sandbox) sent: SentNotification,
    /// The account that signs the copies.
    pub(in crate::sandbox) account: Arc<str>,
    /// When the latest attempt was, in real time.
    pub(in crate::sandbox) attempted: Option<SystemTime>,
    /// What it says, until it is encrypted.
    pub(in crate::sandbox) content: Option<NotificationContent>,
    /// The body that all copies have, once it is encrypted.
    pub(in crate::sandbox) body: Option<Bytes>,
}

/// What a notification says.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct NotificationContent {
    /// The business time at which it came to be.
    pub(in crate::sandbox) time: Moment,
    pub(in crate::sandbox) object: Json,
}

/// What a further copy of a notification needs.
pub(in crate::sandbox) enum KeptNotification {
    Ready {
        account: Arc<str>,
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

impl JournalEntry {
    /// Returns how far the delivery is.
    pub(in crate::sandbox) fn progress(&self) -> DeliveryProgress {
        let made = self.sent.attempts.iter().filter(|attempt| !attempt.copy).count();
        let ago = self.attempted.and_then(|at| at.elapsed().ok()).unwrap_or_default();
        DeliveryProgress { made, ago }
    }
}

impl NotificationJournal {
    /// Adds a notification that is to be sent.
    pub(in crate::sandbox) fn add(
        &mut self,
        notification: PendingNotification,
        id: String,
    ) -> JournalId {
        let sent = SentNotification {
            id,
            event_type: notification.event_type,
            lifecycle: notification.lifecycle,
            number: notification.number,
            account: notification.account.as_ref().to_owned(),
            url: notification.url,
            attempts: Vec::new(),
            not_sent: None,
            finished: false,
            resource: notification.resource,
        };
        let (account, time, object) =
            (notification.account, notification.time, notification.object);
        let content = Some(NotificationContent { time, object });
        self.unfinished += 1;
        self.entries.push(JournalEntry { sent, account, attempted: None, content, body: None })
    }

    /// Puts back a notification that was stored.
    pub(in crate::sandbox) fn restore(&mut self, at: JournalId, entry: JournalEntry) {
        self.unfinished += usize::from(!entry.sent.finished);
        self.kept_bytes += entry.body.as_ref().map_or(0, Bytes::len);
        self.entries.restore(at, entry);
    }

    /// Removes the oldest notification if there are more than `limit`, which is at least 1.
    pub(in crate::sandbox) fn shrink(&mut self, limit: usize) -> Option<JournalId> {
        let (at, oldest) = self.entries.shrink(limit)?;
        self.unfinished = self.unfinished.saturating_sub(usize::from(!oldest.sent.finished));
        self.kept_bytes -= oldest.body.map_or(0, |body| body.len());
        Some(at)
    }

    /// Keeps the body of a notification for further copies. The oldest bodies go if they have more bytes than `limit`;
    /// returns which.
    pub(in crate::sandbox) fn keep(
        &mut self,
        at: JournalId,
        body: Bytes,
        limit: usize,
    ) -> Vec<JournalId> {
        let mut gone = Vec::new();
        let length = body.len();
        if at < self.kept_from {
            return gone;
        }
        let Some(entry) = self.entries.get_mut(at) else { return gone };
        entry.content = None;
        entry.body = Some(body);
        self.kept_bytes += length;
        let held = self.entries.range(self.kept_from..at).map(|(number, _)| number);
        for oldest in held.collect::<Vec<_>>() {
            if self.kept_bytes <= limit {
                break;
            }
            let body = self.entries.get_mut(oldest).and_then(|oldest| oldest.body.take());
            self.kept_bytes -= body.map_or(0, |body| body.len());
            self.kept_from = oldest + 1;
            gone.push(oldest);
        }
        gone
    }

    /// Returns what a further copy needs; `None` if the notification left the journal.
    pub(in crate::sandbox) fn kept(&self, at: JournalId) -> Option<KeptNotification> {
        let JournalEntry { sent, account, body, .. } = self.entries.get(at)?;
        let (account, event_type) = (Arc::clone(account), sent.event_type.clone());
        Some(match (&sent.not_sent, body, sent.url.clone()) {
            (Some(reason), ..) => KeptNotification::NotSent(reason.clone()),
            (None, Some(body), Some(url)) => {
                KeptNotification::Ready { account, url, event_type, body: body.clone() }
            }
            _ if at < self.kept_from || sent.finished => KeptNotification::Forgotten,
            _ => KeptNotification::Pending,
        })
    }

    pub(in crate::sandbox) fn get(&self, at: JournalId) -> Option<&JournalEntry> {
        self.entries.get(at)
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
        let mut newest = self.entries.range(..).rev();
        newest.find(|(_, entry)| is_meant(&entry.sent)).map(|(at, _)| at)
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
        if let Some(JournalEntry { sent, attempted, .. }) = self.entries.get_mut(at) {
            match copy {
                true => {
                    let before = sent.attempts.last();
                    noted.after = before.map_or(Duration::ZERO, |before| before.after);
                }
                false => *attempted = Some(SystemTime::now()),
            }
            sent.attempts.push(noted.clone());
        }
        noted
    }

    /// Returns whether no further copy will be sent.
    pub(in crate::sandbox) fn is_finished(&self, at: JournalId) -> bool {
        self.entries.get(at).is_none_or(|entry| entry.sent.finished)
    }

    /// Notes that no further copy will be sent. `not_sent` says why none was sent at all.
    pub(in crate::sandbox) fn finish(&mut self, at: JournalId, not_sent: Option<String>) {
        let entry = self.entries.get_mut(at).filter(|entry| !entry.sent.finished);
        let Some(JournalEntry { sent, content, .. }) = entry else { return };
        sent.finished = true;
        sent.not_sent = not_sent;
        *content = None;
        self.unfinished = self.unfinished.saturating_sub(1);
    }

    /// Returns whether no notification is being sent.
    pub(in crate::sandbox) fn is_settled(&self) -> bool {
        self.unfinished == 0
    }

    /// Returns the places of the notifications that are being sent, the oldest first.
    pub(in crate::sandbox) fn unfinished(&self) -> Vec<JournalId> {
        let all = self.entries.range(..).filter(|(_, entry)| !entry.sent.finished);
        all.map(|(at, _)| at).collect()
    }

    /// Returns the notifications, the oldest first.
    pub(in crate::sandbox) fn entries(&self) -> impl Iterator<Item = &SentNotification> {
        self.entries.iter().map(|entry| &entry.sent)
    }

    pub(in crate::sandbox) fn next(&self) -> JournalId {
        self.entries.next()
    }

    /// Uses no place before `next` for another notification.
    pub(in crate::sandbox) fn skip(&mut self, next: JournalId) {
        self.entries.skip(next);
    }
}

/// The URLs that merchants registered, by account and by event type or its beginning.
#[derive(Debug, Default, Serialize)]
pub(in crate::sandbox) struct NotifyUrls(BTreeMap<String, BTreeMap<String, String>>);

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
        let urls = self.0.entry(owner.as_ref().to_owned()).or_default();
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
                owner: owner.clone(),
                event: event.clone(),
                url: url.clone(),
            })
        });
        all.collect()
    }
}

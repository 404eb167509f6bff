//! The way of notifications from a change to the background task, and back into the journal.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::timeout;

use super::memory::Memory;
use super::remembered::{Lifecycles, Rules};
use super::run::transaction::PendingNotification;
use super::show::dispatch::{DispatchCommand, Outgoing, OutgoingContent, addressed};
use super::show::journal::{JournalId, KeptNotification, NotificationAttempt};
use crate::protocol::Nonce;
use crate::sandbox::notifications::delivery::Attempt;

/// How often whoever waits for a notification looks whether the sandbox still runs.
const RECHECK: Duration = Duration::from_secs(1);

impl Lifecycles {
    /// Writes a notification into the journal. The background task sends it, if it can be sent.
    pub(super) fn dispatch(&self, memory: &mut Memory, mut pending: PendingNotification) {
        let registered = || memory.urls.find(&pending.account, &pending.event_type);
        pending.url = pending.url.take().or_else(|| registered().map(str::to_owned));
        let id = Nonce::random().map(|nonce| nonce.as_str().to_owned()).unwrap_or_default();
        let Rules { routes, webhooks, .. } = &self.rules;
        let addressed = addressed(routes, webhooks, &pending, &id);
        let (account, event_type) = (Arc::clone(&pending.account), pending.event_type.clone());
        let at = memory.add_notification(pending, id);
        let (notification, url) = match addressed {
            Ok(addressed) => addressed,
            Err(reason) => return memory.finish_notification(at, Some(reason)),
        };
        let fault = memory.faults.take(&event_type);
        let content = OutgoingContent::New(Box::new(notification));
        let outgoing = Outgoing { at, account, url, content, fault };
        self.send_stored(memory, DispatchCommand::Send(Box::new(outgoing)));
    }

    /// Goes on with the notifications that are not acknowledged, as soon as the changes so far are stored.
    pub(super) fn resume_notifications(&self, memory: &mut Memory) {
        for at in memory.journal.unfinished() {
            // The process may have been killed between the response and the note that it was the last one.
            if memory.journal.get(at).is_some_and(|entry| entry.sent.is_acknowledged()) {
                memory.finish_notification(at, None);
                continue;
            }
            match self.resumed(memory, at) {
                Ok(outgoing) => {
                    self.send_stored(memory, DispatchCommand::Send(Box::new(outgoing)));
                }
                Err(reason) => memory.finish_notification(at, Some(reason)),
            }
        }
    }

    /// Returns what is left to send of a notification, or why it cannot be sent.
    fn resumed(&self, memory: &Memory, at: JournalId) -> Result<Outgoing, String> {
        let lost = || "what it says was not stored".to_owned();
        let entry = memory.journal.get(at).ok_or_else(lost)?;
        let (account, sent) = (Arc::clone(&entry.account), &entry.sent);
        let (content, url) = match (&entry.body, &entry.content, &sent.url) {
            (Some(body), _, Some(url)) => {
                let (event_type, body) = (sent.event_type.clone(), body.clone());
                let progress = entry.progress();
                (OutgoingContent::Encrypted { event_type, body, progress }, url.clone())
            }
            (None, Some(content), _) => {
                let pending = PendingNotification {
                    event_type: sent.event_type.clone(),
                    lifecycle: sent.lifecycle.clone(),
                    resource: sent.resource,
                    number: sent.number.clone(),
                    account: Arc::clone(&account),
                    object: content.object.clone(),
                    url: sent.url.clone(),
                    time: content.time,
                };
                let Rules { routes, webhooks, .. } = &self.rules;
                let (notification, url) = addressed(routes, webhooks, &pending, &sent.id)?;
                (OutgoingContent::New(Box::new(notification)), url)
            }
            _ => return Err(lost()),
        };
        Ok(Outgoing { at, account, url, content, fault: None })
    }

    /// Lets the background task store what no request waits for.
    fn store_later(&self) {
        if self.has_storage() {
            self.timers_changed.notify_one();
        }
    }

    /// Notes an attempt to deliver a notification.
    pub(super) fn note_attempt(
        &self,
        at: JournalId,
        attempt: &Attempt,
        copy: bool,
    ) -> NotificationAttempt {
        let noted = self.lock().note_attempt(at, attempt, copy);
        self.store_later();
        noted
    }

    /// Keeps the body of a notification for further copies.
    pub(super) fn keep_notification(&self, at: JournalId, body: Bytes) {
        self.lock().keep_notification(at, body, self.settings.copy_bytes);
        self.store_later();
        self.notifications_changed.notify_waiters();
    }

    /// Returns what a further copy of a notification needs, as soon as it is encrypted.
    pub(super) async fn kept_notification(&self, at: JournalId) -> Option<KeptNotification> {
        loop {
            let changed = self.notifications_changed.notified();
            tokio::pin!(changed);
            // Registers before the look at the journal, so that no change in between is missed.
            changed.as_mut().enable();
            let kept = self.lock().journal.kept(at);
            // Without its background task, the sandbox encrypts nothing any more.
            if !matches!(kept, Some(KeptNotification::Pending)) || self.commands.is_closed() {
                return kept;
            }
            let _ = timeout(RECHECK, changed).await;
        }
    }

    /// Returns whether no further copy of a notification will be sent.
    pub(super) fn is_finished(&self, at: JournalId) -> bool {
        self.lock().journal.is_finished(at)
    }

    /// Notes that no further copy of a notification will be sent.
    pub(super) fn finish_notification(&self, at: JournalId, not_sent: Option<String>) {
        self.lock().finish_notification(at, not_sent);
        self.store_later();
        self.notifications_changed.notify_waiters();
    }
}

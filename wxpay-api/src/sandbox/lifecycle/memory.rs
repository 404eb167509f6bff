//! What changes while the sandbox runs. Each change becomes records of the storage too.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value as Json;

use super::describe::Definitions;
use super::error::LifecycleError;
use super::keep::clock::BusinessClock;
use super::keep::ledger::{Ledger, LedgerEntry};
use super::keep::resource::Resource;
use super::keep::store::Store;
use super::keep::switch::{SettingView, Settings, SwitchView, Switches};
use super::run::transaction::{PendingNotification, PendingUrl};
use super::show::journal::{JournalId, NotificationAttempt, NotificationJournal, NotifyUrls};
use super::stored::record::{
    CLOCK, CREDENTIAL, ContentRecord, FORMAT, FormatRecord, LEDGER, LedgerRecord, NOTIFICATION,
    NOTIFICATION_CONTENT, NotificationRecord, RESOURCE, ResourceRecord, SETTINGS, SWITCHES, URLS,
};
use super::stored::unsaved::Unsaved;
use crate::sandbox::front_end::credentials::{Credential, Credentials};
use crate::sandbox::notifications::delivery::Attempt;
use crate::sandbox::notifications::fault::NotificationFaults;

/// How many credentials of front ends the sandbox remembers. The oldest are forgotten first.
const MOST_CREDENTIALS: usize = 10_000;

/// What changes while the sandbox runs.
#[derive(Default)]
pub(in crate::sandbox) struct Memory {
    pub(super) store: Store,
    pub(super) clock: BusinessClock,
    pub(super) switches: Switches,
    pub(super) settings: Settings,
    pub(super) ledger: Ledger,
    pub(super) journal: NotificationJournal,
    pub(super) urls: NotifyUrls,
    pub(super) credentials: Credentials,
    /// Faults that a test injected for notifications. They are not stored.
    pub(super) faults: NotificationFaults,
    pub(super) unsaved: Unsaved,
}

impl Memory {
    /// Returns an empty memory whose changes are for a storage.
    pub(super) fn with_storage() -> Self {
        Self { unsaved: Unsaved::active(), ..Self::default() }
    }

    /// Writes which version the records are of, into a storage that is empty.
    pub(super) fn put_format(&mut self) {
        self.unsaved.put(FORMAT, 0, &FormatRecord::current());
    }

    /// Adds a resource, or replaces it.
    pub(super) fn put(&mut self, definitions: &Definitions, resource: Resource) {
        if self.unsaved.is_active() {
            let record = ResourceRecord::of(definitions, &resource);
            self.unsaved.put(RESOURCE, resource.id, &record);
        }
        self.store.put(definitions, resource);
    }

    /// Adds a record of money.
    pub(super) fn record(&mut self, entry: LedgerEntry) {
        self.unsaved.put(LEDGER, self.ledger.next(), &LedgerRecord::of(&entry));
        self.ledger.push(entry);
    }

    /// Removes the oldest resources, records of money and notifications: there are at most `limit` of each.
    pub(super) fn shrink(&mut self, definitions: &Definitions, limit: usize) {
        while let Some(id) = self.store.shrink(definitions, limit) {
            self.unsaved.remove(RESOURCE, id);
        }
        while let Some((number, _)) = self.ledger.shrink(limit) {
            self.unsaved.remove(LEDGER, number);
        }
        while let Some(at) = self.journal.shrink(limit) {
            self.unsaved.remove(NOTIFICATION, at);
            self.unsaved.remove(NOTIFICATION_CONTENT, at);
        }
    }

    /// Adds a notification that is to be sent, and returns its place in the journal.
    pub(super) fn add_notification(
        &mut self,
        notification: PendingNotification,
        id: String,
    ) -> JournalId {
        let at = self.journal.add(notification, id);
        if let Some(content) = self.journal.get(at).and_then(|entry| entry.content.as_ref()) {
            let record = ContentRecord::Plain(Cow::Borrowed(content));
            self.unsaved.put(NOTIFICATION_CONTENT, at, &record);
        }
        self.put_notification(at);
        at
    }

    /// Notes an attempt to deliver a notification, and returns it as the journal has it.
    pub(super) fn note_attempt(
        &mut self,
        at: JournalId,
        attempt: &Attempt,
        copy: bool,
    ) -> NotificationAttempt {
        let noted = self.journal.attempt(at, attempt, copy);
        self.put_notification(at);
        noted
    }

    /// Keeps the body of a notification for further copies. The oldest bodies go if they have more bytes than `limit`.
    pub(super) fn keep_notification(&mut self, at: JournalId, body: Bytes, limit: usize) {
        for gone in self.journal.keep(at, body, limit) {
            // What is being sent may have to go on after a restart.
            if self.journal.is_finished(gone) {
                self.unsaved.remove(NOTIFICATION_CONTENT, gone);
            }
        }
        let body = self.journal.get(at).and_then(|entry| entry.body.as_deref());
        if let Some(body) = body.and_then(|body| str::from_utf8(body).ok()) {
            let record = ContentRecord::Body(body.into());
            self.unsaved.put(NOTIFICATION_CONTENT, at, &record);
        }
    }

    /// Notes that no further copy of a notification will be sent. `not_sent` says why none was sent at all.
    pub(super) fn finish_notification(&mut self, at: JournalId, not_sent: Option<String>) {
        self.journal.finish(at, not_sent);
        self.put_notification(at);
        if self.journal.get(at).is_none_or(|entry| entry.body.is_none()) {
            self.unsaved.remove(NOTIFICATION_CONTENT, at);
        }
    }

    fn put_notification(&mut self, at: JournalId) {
        if let Some(entry) = self.journal.get(at) {
            self.unsaved.put(NOTIFICATION, at, &NotificationRecord::of(entry));
        }
    }

    pub(super) fn set_url(&mut self, url: PendingUrl) {
        self.urls.set(url);
        self.unsaved.put(URLS, 0, &self.urls);
    }

    /// Remembers a credential that a response gives to a merchant.
    pub(super) fn remember_credential(&mut self, credential: Credential) {
        self.unsaved.put(CREDENTIAL, self.credentials.next(), &credential);
        self.credentials.push(credential);
        while let Some((number, _)) = self.credentials.shrink(MOST_CREDENTIALS) {
            self.unsaved.remove(CREDENTIAL, number);
        }
    }

    pub(super) fn advance(&mut self, by: Duration) {
        self.clock.advance(by);
        self.unsaved.put(CLOCK, 0, &self.clock);
    }

    pub(super) fn choose(
        &mut self,
        definitions: &Definitions,
        lifecycle: &str,
        switch: &str,
        choice: &str,
    ) -> Result<SwitchView, LifecycleError> {
        let view = self.switches.choose(definitions, lifecycle, switch, choice)?;
        self.unsaved.put(SWITCHES, 0, &self.switches);
        Ok(view)
    }

    pub(super) fn set(
        &mut self,
        definitions: &Definitions,
        lifecycle: &str,
        setting: &str,
        value: Json,
    ) -> Result<SettingView, LifecycleError> {
        let view = self.settings.set(definitions, lifecycle, setting, value)?;
        self.unsaved.put(SETTINGS, 0, &self.settings);
        Ok(view)
    }

    /// Forgets everything. Ids and numbers are not used again.
    pub(super) fn forget(&mut self) {
        let mut unsaved = std::mem::take(&mut self.unsaved);
        unsaved.clear();
        let forgotten = std::mem::replace(self, Self { unsaved, ..Self::default() });
        self.keep_numbers(&forgotten);
        self.put_format();
    }

    /// Uses no id or number again that another memory used.
    pub(super) fn keep_numbers(&mut self, other: &Self) {
        self.store.skip(other.store.last_id());
        self.ledger.skip(other.ledger.next());
        self.journal.skip(other.journal.next());
        self.credentials.skip(other.credentials.next());
    }
}

//! The records of a storage, as JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::SystemTime;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::sandbox::lifecycle::describe::Definitions;
use crate::sandbox::lifecycle::keep::clock::Moment;
use crate::sandbox::lifecycle::keep::ledger::LedgerEntry;
use crate::sandbox::lifecycle::keep::resource::{Resource, ResourceId, Whole};
use crate::sandbox::lifecycle::run::generate::NumberPosition;
use crate::sandbox::lifecycle::show::journal::{
    JournalEntry, NotificationAttempt, NotificationContent, SentNotification,
};

/// The version of the format. Another one is needed as soon as this version could misread a record.
pub(super) const VERSION: u32 = 1;

/// The most levels of JSON that a sandbox takes. Records nest it deeper, and no more than 128 levels can be read.
pub(in crate::sandbox) const DEEPEST: usize = 64;

/// Returns whether JSON has more levels than a record may have.
pub(in crate::sandbox) fn is_too_deep(value: &Json) -> bool {
    fn exceeds(value: &Json, levels: usize) -> bool {
        let Some(rest) = levels.checked_sub(1) else { return true };
        match value {
            Json::Array(items) => items.iter().any(|item| exceeds(item, rest)),
            Json::Object(members) => members.values().any(|member| exceeds(member, rest)),
            _ => false,
        }
    }
    exceeds(value, DEEPEST + 1)
}

// The families of records. Those of which there is one have the number 0.
pub(in crate::sandbox) const FORMAT: &str = "format";
pub(in crate::sandbox) const COUNTERS: &str = "counters";
pub(in crate::sandbox) const CLOCK: &str = "clock";
pub(in crate::sandbox) const SWITCHES: &str = "switches";
pub(in crate::sandbox) const SETTINGS: &str = "settings";
pub(in crate::sandbox) const URLS: &str = "notify-urls";
pub(in crate::sandbox) const RESOURCE: &str = "resource";
pub(in crate::sandbox) const LEDGER: &str = "ledger";
pub(in crate::sandbox) const CREDENTIAL: &str = "credential";
pub(in crate::sandbox) const NOTIFICATION: &str = "notification";
pub(in crate::sandbox) const NOTIFICATION_CONTENT: &str = "notification-content";

/// The version that wrote a storage.
#[derive(Debug, Deserialize, Serialize)]
pub(in crate::sandbox) struct FormatRecord {
    pub(super) version: u32,
}

/// How far all numbers are, so that none is used twice.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct CountersRecord {
    pub(in crate::sandbox) numbers: NumberPosition,
    pub(in crate::sandbox) resources: ResourceId,
    pub(in crate::sandbox) ledger: u64,
    pub(in crate::sandbox) notifications: u64,
    pub(in crate::sandbox) credentials: u64,
}

/// A resource. Its id is the number of the record.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct ResourceRecord<'a> {
    lifecycle: Cow<'a, str>,
    owner: Cow<'a, str>,
    state: Cow<'a, str>,
    before: Cow<'a, str>,
    object: Cow<'a, Json>,
    request: Cow<'a, Json>,
    links: Cow<'a, BTreeMap<String, ResourceId>>,
    whole: Option<Cow<'a, Whole>>,
    parts: Cow<'a, [ResourceId]>,
    created: Moment,
    entered: Moment,
    /// The timers that run.
    dues: Vec<TimerRecord<'a>>,
    /// The timers that fired.
    fired: Vec<TimerRecord<'a>>,
}

/// A timer of a resource. The event tells whether it is still the same one in the lifecycle.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct TimerRecord<'a> {
    at: Moment,
    timer: usize,
    event: Cow<'a, str>,
}

/// Money that moved.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct LedgerRecord<'a> {
    kind: Cow<'a, str>,
    amount: i64,
    resource: ResourceId,
    lifecycle: Cow<'a, str>,
    owner: Cow<'a, str>,
    time: Cow<'a, str>,
    object: Cow<'a, Json>,
    related: Cow<'a, BTreeMap<String, Json>>,
}

/// A notification in the journal, with its attempts.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct NotificationRecord<'a> {
    id: Cow<'a, str>,
    event_type: Cow<'a, str>,
    lifecycle: Cow<'a, str>,
    number: Cow<'a, str>,
    resource: ResourceId,
    account: Cow<'a, str>,
    url: Option<Cow<'a, str>>,
    attempts: Cow<'a, [NotificationAttempt]>,
    attempted: Option<SystemTime>,
    not_sent: Option<Cow<'a, str>>,
    finished: bool,
}

/// What a notification says. It has the number of the notification.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::sandbox) enum ContentRecord<'a> {
    /// It is to be encrypted.
    Plain(Cow<'a, NotificationContent>),
    /// The body that all copies have.
    Body(Cow<'a, str>),
}

impl ContentRecord<'_> {
    /// Returns what the notification says, or its body.
    pub(super) fn into_owned(self) -> (Option<NotificationContent>, Option<Bytes>) {
        match self {
            Self::Plain(content) => (Some(content.into_owned()), None),
            Self::Body(body) => (None, Some(body.into_owned().into())),
        }
    }
}

impl<'a> NotificationRecord<'a> {
    pub(in crate::sandbox) fn of(entry: &'a JournalEntry) -> Self {
        let sent = &entry.sent;
        Self {
            id: sent.id.as_str().into(),
            event_type: sent.event_type.as_str().into(),
            lifecycle: sent.lifecycle.as_str().into(),
            number: sent.number.as_str().into(),
            resource: sent.resource,
            account: entry.account.as_ref().into(),
            url: sent.url.as_deref().map(Cow::from),
            attempts: sent.attempts.as_slice().into(),
            attempted: entry.attempted,
            not_sent: sent.not_sent.as_deref().map(Cow::from),
            finished: sent.finished,
        }
    }

    pub(super) fn entry(self) -> JournalEntry {
        let sent = SentNotification {
            id: self.id.into_owned(),
            event_type: self.event_type.into_owned(),
            lifecycle: self.lifecycle.into_owned(),
            number: self.number.into_owned(),
            account: self.account.as_ref().to_owned(),
            url: self.url.map(Cow::into_owned),
            attempts: self.attempts.into_owned(),
            not_sent: self.not_sent.map(Cow::into_owned),
            finished: self.finished,
            resource: self.resource,
        };
        let (account, attempted) = (self.account.into(), self.attempted);
        JournalEntry { sent, account, attempted, content: None, body: None }
    }
}

impl FormatRecord {
    pub(in crate::sandbox) fn current() -> Self {
        Self { version: VERSION }
    }
}

impl<'a> ResourceRecord<'a> {
    /// Describes a resource; its lifecycle is one of the definitions.
    pub(in crate::sandbox) fn of(definitions: &'a Definitions, resource: &'a Resource) -> Self {
        let definition = definitions.get(resource.kind);
        let timers = definition.map_or(&[][..], |it| &it.lifecycle.timers);
        let timer = |&(at, timer): &(Moment, usize)| {
            let event = timers.get(timer).map(|timer| timer.event.as_str());
            TimerRecord { at, timer, event: event.unwrap_or_default().into() }
        };
        Self {
            lifecycle: definition.map(|it| it.name.as_str()).unwrap_or_default().into(),
            owner: resource.owner.as_ref().into(),
            state: resource.state.as_str().into(),
            before: resource.before.as_str().into(),
            object: Cow::Borrowed(&resource.object),
            request: Cow::Borrowed(&resource.request),
            links: Cow::Borrowed(&resource.links),
            whole: resource.whole.as_ref().map(Cow::Borrowed),
            parts: resource.parts.as_slice().into(),
            created: resource.created,
            entered: resource.entered,
            dues: resource.dues.iter().map(timer).collect(),
            fired: resource.fired.iter().map(timer).collect(),
        }
    }

    /// Returns the resource, or what of it the definitions do not have.
    pub(super) fn resource(
        self,
        definitions: &Definitions,
        id: ResourceId,
    ) -> Result<Resource, String> {
        let name = self.lifecycle;
        let missing = || format!("no lifecycle is called `{name}` any more");
        let kind = definitions.kind(&name).ok_or_else(missing)?;
        let lifecycle = &definitions.get(kind).ok_or_else(missing)?.lifecycle;
        if lifecycle.state_named(&self.state).is_none() {
            return Err(format!("{name} has no state `{}` any more", self.state));
        }
        let timer =
            |TimerRecord { at, timer, event }: TimerRecord<'_>| match lifecycle.timers.get(timer) {
                Some(known) if known.event == event => Ok((at, timer)),
                _ => Err(format!("{name} has no timer {timer} of the event `{event}` any more")),
            };
        let timers = |all: Vec<_>| all.into_iter().map(timer).collect::<Result<Vec<_>, _>>();
        Ok(Resource {
            id,
            kind,
            owner: self.owner.into(),
            state: self.state.into_owned(),
            before: self.before.into_owned(),
            object: self.object.into_owned(),
            request: self.request.into_owned().into(),
            links: self.links.into_owned(),
            whole: self.whole.map(Cow::into_owned),
            parts: self.parts.into_owned(),
            created: self.created,
            entered: self.entered,
            dues: timers(self.dues)?,
            fired: timers(self.fired)?,
        })
    }
}

impl<'a> LedgerRecord<'a> {
    pub(in crate::sandbox) fn of(entry: &'a LedgerEntry) -> Self {
        Self {
            kind: entry.kind.as_str().into(),
            amount: entry.amount,
            resource: entry.resource,
            lifecycle: entry.lifecycle.as_str().into(),
            owner: entry.owner.as_str().into(),
            time: entry.time.as_str().into(),
            object: Cow::Borrowed(&entry.object),
            related: Cow::Borrowed(&entry.related),
        }
    }

    pub(super) fn entry(self) -> LedgerEntry {
        LedgerEntry {
            kind: self.kind.into_owned(),
            amount: self.amount,
            resource: self.resource,
            lifecycle: self.lifecycle.into_owned(),
            owner: self.owner.into_owned(),
            time: self.time.into_owned(),
            object: self.object.into_owned(),
            related: self.related.into_owned(),
        }
    }
}

//! Reads the memory from a storage.

use std::collections::BTreeMap;
use std::mem::take;
use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value as Json;

use super::record::{
    CLOCK, COUNTERS, CREDENTIAL, ContentRecord, CountersRecord, FORMAT, FormatRecord, LEDGER,
    LedgerRecord, NOTIFICATION, NOTIFICATION_CONTENT, NotificationRecord, RESOURCE, ResourceRecord,
    SETTINGS, SWITCHES, URLS, VERSION,
};
use crate::sandbox::error::SandboxError;
use crate::sandbox::lifecycle::describe::Definitions;
use crate::sandbox::lifecycle::memory::Memory;
use crate::sandbox::lifecycle::run::generate::NumberPosition;
use crate::sandbox::lifecycle::run::transaction::PendingUrl;
use crate::sandbox::lifecycle::show::journal::{JournalEntry, JournalId, NotificationContent};
use crate::sandbox::storage::SandboxStorage;

/// The largest number of a record. All counters have room above it.
const LARGEST: u64 = u64::MAX >> 1;

/// A number of each switch, by lifecycle.
type Choices<T> = BTreeMap<String, BTreeMap<String, T>>;

/// Reads the memory, and how far generated numbers are; `None` from an empty storage.
pub(in crate::sandbox::lifecycle) fn load(
    storage: &dyn SandboxStorage,
    definitions: &Definitions,
) -> Result<(Memory, Option<NumberPosition>), SandboxError> {
    let mut loading = Loading {
        definitions,
        memory: Memory::with_storage(),
        format: None,
        numbers: None,
        notifications: BTreeMap::new(),
        contents: BTreeMap::new(),
        is_empty: true,
        failure: None,
    };
    let loaded = storage.load(&mut |family, key, value| loading.add(family, key, value));
    loaded.map_err(SandboxError::Storage)?;
    loading.finish()
}

struct Loading<'a> {
    definitions: &'a Definitions,
    memory: Memory,
    format: Option<u32>,
    numbers: Option<NumberPosition>,
    notifications: BTreeMap<JournalId, JournalEntry>,
    contents: BTreeMap<JournalId, (Option<NotificationContent>, Option<Bytes>)>,
    is_empty: bool,
    /// The first record that cannot be used.
    failure: Option<SandboxError>,
}

impl Loading<'_> {
    fn add(&mut self, family: &str, key: u64, value: &[u8]) {
        self.is_empty = false;
        let read = match key > LARGEST {
            true => Err("has a number that is too large".to_owned()),
            false => self.read(family, key, value),
        };
        if let Err(problem) = read {
            let family = family.to_owned();
            self.failure.get_or_insert(SandboxError::StoredRecord { family, key, problem });
        }
    }

    fn read(&mut self, family: &str, key: u64, value: &[u8]) -> Result<(), String> {
        let memory = &mut self.memory;
        match family {
            FORMAT => self.format = Some(parse::<FormatRecord>(value)?.version),
            COUNTERS => self.count(&parse(value)?)?,
            CLOCK => memory.clock = parse(value)?,
            SWITCHES => self.choose(parse(value)?)?,
            SETTINGS => self.set(parse(value)?)?,
            URLS => self.register(parse(value)?),
            RESOURCE => {
                let record: ResourceRecord<'_> = parse(value)?;
                let resource = record.resource(self.definitions, key)?;
                memory.store.put(self.definitions, resource);
            }
            LEDGER => memory.ledger.restore(key, parse::<LedgerRecord<'_>>(value)?.entry()),
            NOTIFICATION => {
                let entry = parse::<NotificationRecord<'_>>(value)?.entry();
                self.notifications.insert(key, entry);
            }
            NOTIFICATION_CONTENT => {
                let content = parse::<ContentRecord<'_>>(value)?.into_owned();
                self.contents.insert(key, content);
            }
            CREDENTIAL => memory.credentials.restore(key, parse(value)?),
            _ => return Err("is of a family that this version does not have".to_owned()),
        }
        Ok(())
    }

    fn count(&mut self, counters: &CountersRecord) -> Result<(), String> {
        let CountersRecord { numbers, resources, ledger, notifications, credentials } = *counters;
        if [resources, ledger, notifications, credentials].iter().any(|count| *count > LARGEST) {
            return Err("has a number that is too large".to_owned());
        }
        self.numbers = Some(numbers);
        let memory = &mut self.memory;
        memory.store.skip(resources);
        memory.ledger.skip(ledger);
        memory.journal.skip(notifications);
        memory.credentials.skip(credentials);
        Ok(())
    }

    fn choose(&mut self, choices: Choices<String>) -> Result<(), String> {
        for (lifecycle, switches) in choices {
            for (switch, choice) in switches {
                let switches = &mut self.memory.switches;
                let chosen = switches.choose(self.definitions, &lifecycle, &switch, &choice);
                chosen.map_err(|error| format!("cannot be used: {error}"))?;
            }
        }
        Ok(())
    }

    fn set(&mut self, values: Choices<Json>) -> Result<(), String> {
        for (lifecycle, settings) in values {
            for (setting, value) in settings {
                let set = self.memory.settings.set(self.definitions, &lifecycle, &setting, value);
                set.map_err(|error| format!("cannot be used: {error}"))?;
            }
        }
        Ok(())
    }

    fn register(&mut self, urls: Choices<String>) {
        for (owner, urls) in urls {
            let owner: Arc<str> = owner.into();
            for (event, url) in urls {
                let (owner, url) = (Arc::clone(&owner), Some(url));
                self.memory.urls.set(PendingUrl { owner, event, url });
            }
        }
    }

    /// Puts the notifications and what they say together.
    fn restore_notifications(&mut self) {
        for (at, mut entry) in take(&mut self.notifications) {
            (entry.content, entry.body) = self.contents.remove(&at).unwrap_or_default();
            self.memory.journal.restore(at, entry);
        }
    }

    fn finish(mut self) -> Result<(Memory, Option<NumberPosition>), SandboxError> {
        match (self.format, self.failure.take()) {
            // Whatever else a newer version wrote, this is the reason.
            (Some(found), _) if found > VERSION => {
                Err(SandboxError::NewerStorage { found, known: VERSION })
            }
            (_, Some(failure)) => Err(failure),
            (None, None) if !self.is_empty => Err(SandboxError::StoredRecord {
                family: FORMAT.to_owned(),
                key: 0,
                problem: "is missing".to_owned(),
            }),
            _ => {
                self.restore_notifications();
                Ok((self.memory, self.numbers))
            }
        }
    }
}

/// Reads a record. The problem names the place, but no value, which may be a secret.
fn parse<'a, T: Deserialize<'a>>(value: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(value).map_err(|error| {
        format!("is not as this version writes it, at its byte {}", error.column())
    })
}

//! Writes the catalogue of the program `wxpay`: what the descriptors say, for people.
//!
//! The catalogue is a sequence of gzip members, and so a gzip file itself. Each member is one line of JSON. The first
//! is the index, which finds operations, notifications and lifecycles by name. One member for each product family
//! follows, in the order of the index, so that a program unpacks only what it shows.

mod format;
mod lifecycle;
mod schema;

use std::collections::BTreeMap;

use serde::Serialize;
use wxpay_spec::model::{
    self, CORE, Endpoint, Idempotency, Input, Integrity, Method, Response, Role, Spec,
};

use crate::ir::{self, Api, Source};
use crate::{book, print, samples};
use format::{
    CatalogueDownload, CatalogueError, CatalogueNotification, CatalogueOperation,
    CatalogueResponse, CatalogueUpload, FamilyEntry, FamilyPart, Index, LifecycleEntry,
    NotificationEntry, OperationEntry,
};
use schema::{SchemaWriter, note};

/// Writes the catalogue of a lowered API. `samples` has the reading of each notification, in the order of the
/// descriptors.
pub(crate) fn of_api(spec: &Spec, api: &Api) -> Result<Vec<u8>, crate::Errors> {
    let readings = readings(spec, api)?;
    let mut operations: Vec<_> = api
        .operations()
        .filter_map(|lowered| {
            let (endpoint, method, described) = samples::described(spec, lowered)?;
            Some(Described { endpoint, method, described, lowered })
        })
        .collect();
    operations.sort_by_key(|operation| (&operation.endpoint.path, operation.method));
    let families = book::families(spec);
    let mut parts = Vec::new();
    let mut entries = Vec::new();
    for name in &families {
        let part = compressed(&part(spec, name, &operations, &readings));
        let title = spec.families.by_name.get(name).map_or(name.as_str(), |family| &family.title);
        let title = if name == CORE && title == CORE { "" } else { title };
        entries.push(FamilyEntry { name, title, length: part.len() });
        parts.push(part);
    }
    let index = Index {
        families: entries,
        operations: operations.iter().map(Described::entry).collect(),
        notifications: spec.notifications.iter().map(notification_entry).collect(),
        lifecycles: spec.lifecycles.iter().map(lifecycle_entry).collect(),
    };
    let mut catalogue = compressed(&index);
    catalogue.extend(parts.into_iter().flatten());
    Ok(catalogue)
}

/// The statements that read each notification, by its place.
fn readings<'a>(spec: &'a Spec, api: &Api) -> Result<BTreeMap<&'a str, String>, crate::Errors> {
    let calls = samples::Calls::new(spec, api);
    let mut readings = BTreeMap::new();
    let mut errors = crate::Errors::default();
    for (place, event) in spec.notifications.keys().zip(api.events()) {
        match print::statements(&calls.notification(event)) {
            Ok(sample) => {
                readings.insert(place.as_str(), sample);
            }
            Err(error) => errors.add(crate::error::unprintable(place, &error)),
        }
    }
    if errors.is_empty() { Ok(readings) } else { Err(errors) }
}

fn compressed(part: &impl Serialize) -> Vec<u8> {
    // Serializing maps with text keys never fails, and neither does writing to a `Vec`.
    let mut json = serde_json::to_vec(part).unwrap_or_default();
    json.push(b'\n');
    book::compress(&json, print::library_mark(&Source::Several)).unwrap_or_default()
}

/// Collects the facts of one family.
fn part<'a>(
    spec: &'a Spec,
    family: &str,
    operations: &[Described<'a>],
    readings: &'a BTreeMap<&str, String>,
) -> FamilyPart<'a> {
    let mut writer = SchemaWriter::new(spec);
    let operations = operations.iter().filter(|one| one.endpoint.family == family);
    let operations = operations.map(|one| one.facts(&mut writer)).collect();
    let notifications = spec.notifications.iter().filter(|(_, entry)| entry.family == family);
    let notifications = notifications.map(|(name, entry)| CatalogueNotification {
        name,
        title: &entry.title,
        docs: &entry.docs,
        note: note(entry.note.as_ref()),
        events: &entry.events,
        resource: writer.body(&entry.resource),
        response: entry.response.as_ref().map(|response| writer.body(&response.body)),
        time_limit: entry.response.as_ref().and_then(|response| response.time_limit),
        sample: readings.get(name.as_str()).map_or("", String::as_str),
    });
    let notifications = notifications.collect();
    let lifecycles = spec.lifecycles.iter().filter(|(_, entry)| entry.family == family);
    let lifecycles =
        lifecycles.map(|(name, entry)| (name.as_str(), lifecycle::facts(entry))).collect();
    FamilyPart { types: writer.finish(), operations, notifications, lifecycles }
}

fn notification_entry<'a>(
    (name, entry): (&'a String, &'a model::Notification),
) -> NotificationEntry<'a> {
    NotificationEntry { name, title: &entry.title, family: &entry.family, events: &entry.events }
}

fn lifecycle_entry<'a>((name, entry): (&'a String, &'a model::Lifecycle)) -> LifecycleEntry<'a> {
    let rules = entry.operations.iter();
    let bindings = rules.flat_map(|(_, rule)| &rule.on);
    LifecycleEntry {
        name,
        title: &entry.title,
        family: &entry.family,
        operations: bindings.map(lifecycle::operation).collect(),
    }
}

/// An operation: its descriptor, and its names in Rust.
struct Described<'a> {
    endpoint: &'a Endpoint,
    method: Method,
    described: &'a model::Operation,
    lowered: &'a ir::Operation,
}

impl<'a> Described<'a> {
    fn entry(&self) -> OperationEntry<'a> {
        let names = self.lowered.module.names().iter();
        let names: Vec<_> = names.map(|name| name.text.as_str()).collect();
        OperationEntry {
            method: self.method.wire(),
            path: &self.endpoint.path,
            title: &self.described.title,
            family: &self.endpoint.family,
            chain: names.join("."),
        }
    }

    fn facts(&self, writer: &mut SchemaWriter<'a>) -> CatalogueOperation<'a> {
        let described = self.described;
        let (body, upload) = match &described.input {
            Input::None => (None, None),
            Input::Json(body) => (Some(writer.body(body)), None),
            Input::Upload(upload) => (None, Some(uploaded(writer, upload))),
        };
        let roles = Role::ALL.iter().filter(|(role, ..)| described.roles.contains(role));
        CatalogueOperation {
            method: self.method.wire(),
            path: &self.endpoint.path,
            host: self.endpoint.host.as_deref(),
            title: &described.title,
            docs: &described.docs,
            roles: roles.map(|(_, key, _)| *key).collect(),
            updated: described.updated.as_deref(),
            deprecated: described.deprecated.as_deref(),
            note: note(described.note.as_ref()),
            repeat: match &described.idempotency {
                Idempotency::Safe => "safe",
                Idempotency::Never => "never",
                Idempotency::NaturalKey(key) => key,
            },
            update: described.is_update(self.method),
            parameters: writer.members(&described.path),
            query: writer.members(&described.query),
            header: writer.members(&described.header),
            body,
            upload,
            response: responded(writer, &described.response),
            paged: described.pages.is_some(),
            errors: described.errors.iter().map(error).collect(),
            module: self.lowered.module.to_string(),
            sample: &self.lowered.sample,
        }
    }
}

fn uploaded<'a>(writer: &mut SchemaWriter<'a>, upload: &'a model::Upload) -> CatalogueUpload<'a> {
    CatalogueUpload {
        file: &upload.file,
        meta: writer.members(&upload.meta),
        parts: writer.members(&upload.parts),
    }
}

fn responded<'a>(writer: &mut SchemaWriter<'a>, response: &'a Response) -> CatalogueResponse<'a> {
    let download = match response {
        Response::Download(download) => Some(CatalogueDownload {
            media: &download.media,
            integrity: match download.integrity {
                Integrity::None => "none",
                Integrity::Sha1 => "sha1",
                Integrity::SignedDigest => "signed-digest",
            },
        }),
        Response::None { .. } | Response::Json { .. } => None,
    };
    let body = match response {
        Response::Json { body, .. } => Some(writer.body(body)),
        Response::None { .. } | Response::Download(_) => None,
    };
    CatalogueResponse { statuses: response.statuses(), body, download }
}

fn error(error: &model::ErrorCode) -> CatalogueError<'_> {
    CatalogueError {
        code: &error.code,
        status: error.status,
        when: error.when.as_deref(),
        source: error.source.map(model::ErrorSource::word),
    }
}

//! The resources of notifications, by their names and by their events.

use std::collections::BTreeMap;

use super::source::{Source, Taken, joined, literal};
use super::types::{self, Types};
use crate::model::Spec;

/// Writes an interface for each resource, and the resources of each event type.
pub(super) fn all(source: &mut Source, spec: &Spec, types: &Types) {
    let mut taken = Taken::default();
    let mut events: BTreeMap<&String, Vec<String>> = BTreeMap::new();
    let by_event = taken.take("ByEvent".to_owned());
    source.namespace("WeChatPay.Notifications", |source| {
        for (place, notification) in &spec.notifications {
            let name = notification.rust.clone().unwrap_or_else(|| joined(place));
            let name = taken.take(name);
            let mut docs = vec![notification.title.clone()];
            docs.extend(notification.note.clone());
            docs.push(notification.events.join(", "));
            docs.extend(notification.docs.iter().map(|page| format!("@link {page}")));
            source.docs(&docs);
            types::body(source, &name, &notification.resource, types);
            for event in &notification.events {
                events.entry(event).or_default().push(name.clone());
            }
        }
        if events.is_empty() {
            return;
        }
        source.docs(&["The decrypted resources that an `event_type` may carry.".to_owned()]);
        source.block(&format!("export interface {by_event}"), |source| {
            for (event, names) in &events {
                source.line(&format!("{}: {}", literal(event), names.join(" | ")));
            }
        });
    });
}

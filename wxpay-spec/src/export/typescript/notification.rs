//! The resources of notifications, by their names and by their events.

use std::collections::BTreeMap;

use super::source::{Taken, TsSource, joined, literal};
use super::types::{self, TsTypes, lines};
use crate::model::{Notification, NotificationResponse, Spec};

/// Writes an interface for each resource, and the resources of each event type.
pub(super) fn all(source: &mut TsSource, spec: &Spec, types: &TsTypes) {
    let mut taken = Taken::default();
    let mut events: BTreeMap<&String, Vec<String>> = BTreeMap::new();
    let by_event = taken.take("ByEvent".to_owned());
    source.namespace("WeChatPay.Notifications", |source| {
        for (place, notification) in &spec.notifications {
            let name = notification.rust.clone().unwrap_or_else(|| joined(place));
            let name = taken.take(name);
            source.docs(&docs(notification));
            types::body(source, &name, &notification.resource, types);
            if let Some(response) = &notification.response {
                let name = taken.take(format!("{name}Response"));
                source.docs(&response_docs(&notification.title, response));
                types::body(source, &name, &response.body, types);
            }
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

fn docs(notification: &Notification) -> Vec<String> {
    let mut docs = vec![notification.title.clone()];
    docs.extend(lines(notification.note.as_ref()));
    docs.push(notification.events.join(", "));
    docs.extend(notification.docs.iter().map(|page| format!("@link {page}")));
    docs
}

/// The documentation of the response that a notification asks for.
fn response_docs(title: &str, response: &NotificationResponse) -> Vec<String> {
    let mut docs = vec![format!("{title}：商户的应答")];
    docs.extend(response.time_limit.map(|seconds| format!("须在 {seconds} 秒内应答")));
    docs.extend(response.signed.then(|| "应答须用商户私钥签名".to_owned()));
    docs
}

//! Notifications as webhooks, each with the decrypted resource as its body.

use super::super::json::Object;
use super::describe;
use super::operation::{body, content};
use crate::model::{Condition, Notification, NotificationResponse, Spec};

/// Writes every notification, by its place below `notifications/`.
pub(super) fn all(spec: &Spec) -> Object {
    let webhook = |(place, notification): (&String, &Notification)| {
        (place.clone(), Object::new().with("post", webhook(place, notification)))
    };
    spec.notifications.iter().map(webhook).collect()
}

fn webhook(place: &str, notification: &Notification) -> Object {
    let mut entry = Object::new().with("summary", &notification.title);
    describe(&mut entry, notification.note.as_ref());
    entry.put_list("tags", [&notification.family]);
    if let Some(page) = notification.docs.last() {
        entry.put("externalDocs", Object::new().with("url", page));
    }
    entry.put_list("x-docs", &notification.docs);
    entry.put("x-place", place);
    entry.put_list("x-webhooks", &notification.webhooks);
    entry.put_list("x-event-types", &notification.events);
    entry.put_some("x-original-type", notification.original_type.as_ref());
    entry.put_object("x-when", condition(&notification.condition));
    entry.put_list("x-ambiguous-with", &notification.ambiguous_with);
    entry.put_some("x-rust", notification.rust.as_ref());
    let content = content("application/json", body(&notification.resource));
    entry.put("requestBody", Object::new().with("required", true).with("content", content));
    entry.put("responses", responses(notification.response.as_ref()));
    entry
}

/// The response that the notification asks for, or an empty one.
fn responses(response: Option<&NotificationResponse>) -> Object {
    let mut received = Object::new().with("description", "已接收");
    let Some(response) = response else { return Object::new().with("204", received) };
    received.put_some("x-time-limit", response.time_limit.map(u64::from));
    received.put_some("x-answer-signed", response.signed.then_some(true));
    received.put("content", content("application/json", body(&response.body)));
    Object::new().with("200", received)
}

fn condition(condition: &Condition) -> Object {
    let mut entry = Object::new();
    entry.put_list("present", &condition.present);
    entry.put_list("absent", &condition.absent);
    entry
}

//! Notifications over HTTP: those that followed changes, the URLs that merchants registered, and one sent by hand.

use std::future::Future;
use std::pin::Pin;

use serde_json::{Value, json};

use super::accounts::failed;
use super::call::{
    ControlCall, ControlError, ControlResponse, ControlResult, missing, unknown_value,
};
use super::faults::notification_fault;
use super::lifecycle_failed;
use super::resources::named;
use crate::protocol::excerpt::excerpt_of;
use crate::sandbox::lifecycle::show::journal::{NotificationAttempt, SentNotification};
use crate::sandbox::lifecycle::world::NotificationFilter;
use crate::sandbox::notifications::SandboxNotification;

/// The most characters of a webhook's response that are shown.
const SHOWN: usize = 1000;

const MEMBERS: [&str; 13] = [
    "url",
    "account",
    "name",
    "event_type",
    "resource",
    "with",
    "original_type",
    "by_certificate",
    "fault",
    "header",
    "seconds",
    "length",
    "scheme",
];

/// Lists the notifications that followed changes.
pub(super) fn list(call: &ControlCall) -> ControlResult {
    call.only_queries(&["resource", "lifecycle", "id", "acknowledged", "skip", "limit"])?;
    let lifecycle = call.query_value("lifecycle");
    let of = call.query_value("resource").map(|text| named(call, text, lifecycle)).transpose()?;
    let acknowledged = match call.query_value("acknowledged") {
        None => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(other) => return Err(unknown_value("acknowledged", other, &["true", "false"])),
    };
    let filter = NotificationFilter {
        of,
        id: call.query_value("id"),
        acknowledged,
        skip: call.query_number("skip", 0)?,
        limit: call.query_number("limit", usize::MAX)?,
    };
    let (notifications, total) = call.shared.world().notifications_page(&filter);
    let notifications: Vec<Value> = notifications.iter().map(sent).collect();
    Ok(ControlResponse::json(&json!({ "notifications": notifications, "total": total })))
}

/// Shows a notification with its attempts. `after` is in seconds.
fn sent(notification: &SentNotification) -> Value {
    let attempts = notification.attempts.iter().map(attempted);
    let mut view = json!(notification);
    if let Value::Object(members) = &mut view {
        members.insert("attempts".to_owned(), attempts.collect());
        members.insert("acknowledged".to_owned(), notification.is_acknowledged().into());
    }
    view
}

fn attempted(attempt: &NotificationAttempt) -> Value {
    json!({
        "after": attempt.after.as_secs_f64(),
        "status": attempt.status,
        "refusal": attempt.refusal,
        "copy": attempt.copy,
    })
}

/// Sends one more copy of a notification, and returns how the merchant's server responded.
pub(super) fn send_copy(call: ControlCall) -> Pin<Box<dyn Future<Output = ControlResult> + Send>> {
    Box::pin(async move {
        call.members(&[])?;
        let world = call.shared.world();
        let attempt = world.send_copy(call.path_value("id")).await.map_err(failed)?;
        Ok(ControlResponse::json(&attempted(&attempt)))
    })
}

/// Lists the URLs that merchants registered.
pub(super) fn urls(call: &ControlCall) -> ControlResult {
    call.only_queries(&[])?;
    let urls = call.shared.world().notify_urls();
    Ok(ControlResponse::json(&json!({ "notify_urls": urls })))
}

/// Registers a merchant's URL for an event type, or the beginning of several. `null` ends it.
pub(super) fn set_url(call: &ControlCall) -> ControlResult {
    let members = call.members(&["account", "event", "url"])?;
    let (owner, event) = (members.text("account")?, members.required_text("event")?);
    let url = members.text("url")?;
    call.shared.world().set_notify_url(owner, event, url).map_err(lifecycle_failed)?;
    Ok(ControlResponse::done())
}

/// Sends one notification to a URL, and returns the response.
pub(super) fn send(call: ControlCall) -> Pin<Box<dyn Future<Output = ControlResult> + Send>> {
    Box::pin(async move {
        let members = call.members(&MEMBERS)?;
        let account = call.account(members.text("account")?)?;
        let notification = notification(&members)?;
        let url = members.required_text("url")?;
        let response = account.notify(url, notification).await.map_err(|error| match error {
            crate::sandbox::error::SandboxError::Delivery(_) => {
                let message = "the server at the URL did not respond within five seconds";
                ControlError::new(http::StatusCode::BAD_GATEWAY, "NOT_DELIVERED", message)
            }
            other => failed(other),
        })?;
        let body = String::from_utf8_lossy(&response.body);
        let view = json!({
            "status": response.status,
            "acknowledged": matches!(response.status, 200 | 204),
            "body": excerpt_of(&body, SHOWN),
        });
        Ok(ControlResponse::json(&view))
    })
}

fn notification(
    members: &super::call::ControlMembers,
) -> Result<SandboxNotification, ControlError> {
    let event_type = members.text("event_type")?;
    let mut notification = match (members.text("name")?, members.value("resource")) {
        (Some(name), None) => SandboxNotification::example(name),
        (None, Some(resource)) => {
            let event_type = event_type.ok_or_else(|| missing("event_type"))?;
            SandboxNotification::new(event_type, resource.clone())
        }
        _ => return Err(ControlError::invalid("give one of `name` and `resource`")),
    };
    if let Some(event_type) = event_type {
        notification = notification.event_type(event_type);
    }
    if let Some(original_type) = members.text("original_type")? {
        notification = notification.original_type(original_type);
    }
    if let Some(changes) = members.object("with")? {
        notification = notification.with(Value::Object(changes.clone()));
    }
    if members.boolean("by_certificate")? == Some(true) {
        notification = notification.by_certificate();
    }
    match members.text("fault")? {
        Some(kind) => Ok(notification.fault(notification_fault(members, kind)?)),
        None => Ok(notification),
    }
}

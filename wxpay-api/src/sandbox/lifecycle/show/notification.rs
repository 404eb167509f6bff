//! Finds the descriptor of a notification, and makes its resource.

use serde_json::{Map, Value as Json};

use super::project::project;
use crate::sandbox::book::{Book, NotificationSchema};
use crate::sandbox::notifications::SandboxNotification;
use crate::sandbox::request::route::Routes;

/// Makes the notification of an event about an object.
///
/// Of several descriptors of the event, the one counts whose condition the object fulfils; of several such, the one
/// with the longest condition. The error says why there is none.
pub(in crate::sandbox) fn described_notification(
    routes: &Routes,
    event_type: &str,
    object: &Json,
) -> Result<SandboxNotification, String> {
    let nothing = Map::new();
    let members = object.as_object().unwrap_or(&nothing);
    let all = routes.books().iter();
    let all = all.flat_map(|book| book.notifications.iter().map(move |it| (book.as_ref(), it)));
    let of_event = all.filter(|(_, it)| it.events.iter().any(|event| event == event_type));
    let of_event: Vec<(&Book, &NotificationSchema)> = of_event.collect();
    let fitting = of_event.iter().filter(|(_, described)| problem(described, members).is_none());
    let length = |described: &NotificationSchema| described.present.len() + described.absent.len();
    let best = fitting.rev().max_by_key(|(_, described)| length(described));
    let Some((book, described)) = best else {
        return Err(no_descriptor(event_type, &of_event, members));
    };
    let resource = project(book, &described.schema, object).unwrap_or_default();
    Ok(SandboxNotification::described(&described.name, event_type, resource))
}

/// Returns why an object does not fulfil the condition of a descriptor.
fn problem(described: &NotificationSchema, members: &Map<String, Json>) -> Option<String> {
    let has = |key: &str| members.get(key).is_some_and(|value| !value.is_null());
    let missing = described.present.iter().find(|key| !has(key));
    let missing = missing.map(|key| format!("`{key}` is missing"));
    missing.or_else(|| {
        let surplus = described.absent.iter().find(|key| has(key))?;
        Some(format!("`{surplus}` must not be there"))
    })
}

fn no_descriptor(
    event_type: &str,
    candidates: &[(&Book, &NotificationSchema)],
    members: &Map<String, Json>,
) -> String {
    if candidates.is_empty() {
        return format!("no descriptor has a notification of {event_type}");
    }
    let reasons = candidates.iter().filter_map(|(_, described)| {
        Some(format!("{}: {}", described.name, problem(described, members)?))
    });
    let reasons: Vec<_> = reasons.collect();
    format!("no notification of {event_type} fits the resource ({})", reasons.join("; "))
}

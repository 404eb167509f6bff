use std::fmt::Write;

use crate::model::Spec;

/// Everything that is described, a line each: operations by URL, notifications by place, then the
/// events that are only known by name.
///
/// It is checked in as `operations.txt`, so that a review shows what comes and goes.
#[must_use]
pub fn operations(spec: &Spec) -> String {
    let mut text = String::new();
    for endpoint in spec.endpoints.values() {
        for (method, operation) in &endpoint.operations {
            let host =
                endpoint.host.as_deref().map(|host| format!(" on {host}")).unwrap_or_default();
            line(
                &mut text,
                &format!("{} {}{host}", method.wire(), endpoint.path),
                &endpoint.family,
                &operation.title,
            );
        }
    }
    for (place, notification) in &spec.notifications {
        let events = notification.events.join(", ");
        line(
            &mut text,
            &format!("notification {place} ({events})"),
            &notification.family,
            &notification.title,
        );
    }
    for (name, family) in &spec.families.by_name {
        for event in &family.events {
            line(&mut text, &format!("event {event}"), name, "known by name only");
        }
    }
    text
}

fn line(text: &mut String, what: &str, family: &str, title: &str) {
    let _infallible = writeln!(text, "{what}  [{family}]  {title}");
}

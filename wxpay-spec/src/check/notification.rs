//! Checks notifications: conditions can hold, notifications of one event differ, names are unique.

use std::collections::BTreeMap;

use crate::cursor::Cursor;
use crate::model::{Body, Field, Notification, Spec};
use crate::sources::Sources;
use crate::suggestion::suggest;

/// Checks that conditions can hold: present keys are fields, absent keys are not required.
pub(super) fn check_conditions(spec: &Spec, sources: &Sources<'_>) {
    for notification in spec.notifications.values() {
        let file = sources.file(&notification.source);
        let Some(when) = file.and_then(|file| file.get("when")) else {
            continue;
        };
        let fields = notification.resource.fields(&spec.types);
        if !is_unknown(&notification.resource, fields) {
            present(&when, notification, fields);
            absent(&when, fields);
        }
        contradiction(&when, notification);
    }
}

/// Whether the members of a resource are unknown because its type is missing.
fn is_unknown(resource: &Body, fields: &[Field]) -> bool {
    matches!(resource, Body::Named(_)) && fields.is_empty()
}

fn keys<'a>(when: &Cursor<'a>, key: &str) -> impl Iterator<Item = (&'a str, Cursor<'a>)> + use<'a> {
    let list = when.get(key);
    list.into_iter().flat_map(|list| list.items()).filter_map(|at| Some((at.text()?, at)))
}

fn present(when: &Cursor<'_>, notification: &Notification, fields: &[Field]) {
    for (key, at) in keys(when, "present") {
        if !fields.iter().any(|field| field.name == key) {
            let names = fields.iter().map(|field| field.name.as_str());
            let free =
                names.filter(|name| !notification.condition.present.iter().any(|key| key == name));
            at.error(
                &format!("the resource has no field `{key}`"),
                suggest(key, free.collect::<Vec<_>>()),
            );
        }
    }
}

fn absent(when: &Cursor<'_>, fields: &[Field]) {
    for (key, at) in keys(when, "absent") {
        if fields.iter().any(|field| field.name == key && !field.optional) {
            let help = format!(
                "`{key}` is a required field of the resource: make it `{key}?`, or remove it here"
            );
            at.error(&format!("`{key}` is never absent"), Some(help));
        }
    }
}

fn contradiction(when: &Cursor<'_>, notification: &Notification) {
    for (key, at) in keys(when, "absent") {
        if notification.condition.present.iter().any(|other| other == key) {
            at.error(&format!("`{key}` cannot be both present and absent"), None);
        }
    }
}

/// Checks that two notifications of one event differ, or that both are marked as ambiguous.
pub(super) fn check_exclusions(spec: &Spec, sources: &Sources<'_>) {
    let sound: Vec<(&String, &Notification)> = spec
        .notifications
        .iter()
        .filter(|(_, notification)| is_sound(notification, sources))
        .collect();
    for (place, one) in &sound {
        let Some(file) = sources.file(&one.source) else {
            continue;
        };
        ambiguities(&file, place, one, spec);
        for (other_place, other) in &sound {
            let agreed = names_as_ambiguous(one, other_place) || names_as_ambiguous(other, place);
            if place != other_place && are_confused(one, other) && !agreed {
                confused(&file, other_place, one, other);
            }
        }
    }
}

/// Whether the keys that tell a notification apart have no mistakes.
fn is_sound(notification: &Notification, sources: &Sources<'_>) -> bool {
    let keys = ["events", "original_type", "when", "ambiguous_with"];
    !keys.iter().any(|key| sources.has_mistake(&notification.source, key))
}

fn shared_event<'a>(one: &'a Notification, other: &Notification) -> Option<&'a str> {
    one.events.iter().find(|event| other.events.contains(event)).map(String::as_str)
}

/// Whether nothing tells the two apart.
fn are_confused(one: &Notification, other: &Notification) -> bool {
    let types = (&one.original_type, &other.original_type);
    let differ = matches!(types, (Some(one), Some(other)) if one != other);
    shared_event(one, other).is_some() && !differ && !one.condition.excludes(&other.condition)
}

/// Whether a notification is marked as ambiguous with another one.
fn names_as_ambiguous(notification: &Notification, place: &str) -> bool {
    notification.ambiguous_with.iter().any(|named| named == place)
}

fn confused(file: &Cursor<'_>, other_place: &str, one: &Notification, other: &Notification) {
    let event = shared_event(one, other).unwrap_or_default();
    let message =
        format!("nothing tells it apart from `{other_place}`, which has the same event `{event}`");
    let help = format!(
        "let `when` require a key that the other one excludes, give both a different `original_type`, or write `ambiguous_with: [{other_place}]`"
    );
    let at = file.get("when").or_else(|| file.get("events"));
    at.as_ref().unwrap_or(file).key_error(&message, Some(help));
}

fn ambiguities(file: &Cursor<'_>, place: &str, one: &Notification, spec: &Spec) {
    for at in file.get("ambiguous_with").iter().flat_map(Cursor::items) {
        let Some(named) = at.text() else { continue };
        if named == place {
            at.error(
                "a notification cannot be ambiguous with itself",
                Some("remove it".to_owned()),
            );
            continue;
        }
        let Some(other) = spec.notifications.get(named) else {
            let others =
                spec.notifications.keys().map(String::as_str).filter(|other| *other != place);
            at.error(
                &format!("the notification `{named}` does not exist"),
                suggest(named, others.collect::<Vec<_>>()),
            );
            continue;
        };
        if !are_confused(one, other) {
            at.error(
                &format!("`{named}` can be told apart from this notification"),
                Some("remove it".to_owned()),
            );
        } else if !names_as_ambiguous(other, place) {
            let help = format!("write `ambiguous_with: [{place}]` there too");
            at.error(
                &format!("`{named}` is not marked as ambiguous with this notification"),
                Some(help),
            );
        }
    }
}

/// Checks that no two notifications have the same hand-chosen name.
pub(super) fn check_names(spec: &Spec, sources: &Sources<'_>) {
    let mut seen = BTreeMap::new();
    for (place, notification) in &spec.notifications {
        let Some(name) = &notification.rust else {
            continue;
        };
        let file = sources.file(&notification.source);
        if let (Some(other), Some(at)) =
            (seen.insert(name, place), file.and_then(|file| file.get("rust")))
        {
            at.error(&format!("`{name}` is already the name of `{other}`"), None);
        }
    }
}

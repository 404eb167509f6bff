use super::body;
use crate::cursor::Cursor;
use crate::model::{Body, Field, Notification, Spec};
use crate::sources::Sources;
use crate::suggestion::suggest;

/// A condition can hold: what must be there is a field, what must not be there is no required one.
pub(super) fn check(spec: &Spec, sources: &Sources<'_>) {
    for notification in spec.notifications.values() {
        let file = sources.file(&notification.source);
        let Some(when) = file.and_then(|file| file.get("when")) else {
            continue;
        };
        let fields = body::fields(&notification.resource, &spec.types);
        if !is_unknown(&notification.resource, fields) {
            present(&when, notification, fields);
            absent(&when, fields);
        }
        contradiction(&when, notification);
    }
}

/// Whether the resource's members are not known because its type is missing.
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
                "`{key}` is a required field of the resource: make it `{key}?`, or take it out here"
            );
            at.error(&format!("`{key}` is never absent"), Some(help));
        }
    }
}

fn contradiction(when: &Cursor<'_>, notification: &Notification) {
    for (key, at) in keys(when, "absent") {
        if notification.condition.present.iter().any(|other| other == key) {
            at.error(&format!("`{key}` cannot be present and absent"), None);
        }
    }
}

//! Checks key paths that stand alone: what is stored, ignored, removed, answered, sent, or names a resource.

use super::collect::{Names, entries, items};
use super::members::{Known, creators, request_has, resource_has, response_fields, response_has};
use crate::cursor::Cursor;
use crate::model::lifecycle::{Lifecycle, OperationRule};
use crate::model::{Operation, Response};
use crate::suggestion::suggest;

/// One lifecycle and its file.
struct Paths<'k> {
    known: &'k Known<'k>,
    place: &'k str,
    lifecycle: &'k Lifecycle,
}

pub(super) fn check<'k>(
    known: &'k Known<'k>,
    place: &'k str,
    lifecycle: &'k Lifecycle,
    names: &Names<'_>,
    file: &Cursor<'_>,
) {
    let paths = Paths { known, place, lifecycle };
    // The whole gives its parts their numbers.
    if !known.is_part(place) {
        items(file, "keys").for_each(|at| paths.can_be_set(&at));
    }
    for (path, entry) in entries(file, "only_in") {
        paths.key_can_be_set(path, &entry);
    }
    for (list, entry) in entries(file, "parts") {
        paths.list_exists(list, &entry, names);
    }
    for (name, at) in entries(file, "operations") {
        if let Some((_, rule)) = lifecycle.operations.iter().find(|(held, _)| held == name) {
            paths.operation(&at, rule);
        }
    }
    for (_, at) in entries(file, "events") {
        paths.change(&at);
    }
    for at in &names.related {
        paths.summed(at);
    }
}

impl Paths<'_> {
    fn operation(&self, at: &Cursor<'_>, rule: &OperationRule) {
        self.finds(at);
        let ignored = at.get("repeat");
        let ignored = ignored.iter().flat_map(|repeat| items(repeat, "ignores"));
        for path in ignored.chain(items(at, "stores")) {
            self.is_requested(&path, rule);
        }
        for (path, entry) in entries(at, "answers") {
            if let Some(message) = self.unanswered(path, rule) {
                entry.key_error(&message, None);
            }
        }
        for path in items(at, "leaves_out") {
            if let Some(message) = self.unanswered(path.text().unwrap_or_default(), rule) {
                path.error(&message, None);
            }
        }
        self.change(at);
        if let Some(event) = at.get("registers").and_then(|given| given.get("event")) {
            self.registered(&event);
        }
    }

    fn change(&self, at: &Cursor<'_>) {
        items(at, "removes").for_each(|path| self.can_be_set(&path));
        if let Some(notice) = at.get("notifies") {
            let event = notice.text_of("event").unwrap_or_default();
            for (path, entry) in entries(&notice, "sends") {
                self.is_sent(path, &entry, &event);
            }
        }
    }

    /// Checks that what finds a resource are its keys.
    fn finds(&self, at: &Cursor<'_>) {
        let known = || self.lifecycle.keys.iter().map(String::as_str);
        let help = |name: &str| suggest(name, known().collect::<Vec<_>>());
        let message = |name: &str| format!("`{name}` is not one of the `keys`");
        for item in items(at, "finds") {
            let name = item.text().unwrap_or_default();
            if !known().any(|key| key == name) {
                item.error(&message(name), help(name));
            }
        }
        for (name, entry) in entries(at, "finds") {
            if !known().any(|key| key == name) {
                entry.key_error(&message(name), help(name));
            }
        }
    }

    fn unset(&self, path: &str) -> Option<String> {
        let is_set = self.known.has(self.place, path);
        (!is_set).then(|| format!("nothing sets `{path}`"))
    }

    fn can_be_set(&self, at: &Cursor<'_>) {
        if at.is_wrong() {
            return;
        }
        if let Some(message) = at.text().and_then(|path| self.unset(path)) {
            at.error(&message, self.known.close_to(self.place, at.text().unwrap_or_default()));
        }
    }

    fn key_can_be_set(&self, path: &str, at: &Cursor<'_>) {
        if let Some(message) = self.unset(path) {
            at.key_error(&message, self.known.close_to(self.place, path));
        }
    }

    /// Checks that a list of parts is in a request, or is set.
    fn list_exists(&self, list: &str, at: &Cursor<'_>, names: &Names<'_>) {
        let is_set = names.sets.iter().any(|(_, path)| *path == list);
        let mut operations = creators(self.lifecycle).filter_map(|on| self.known.operation(on));
        let types = &self.known.spec.types;
        if !is_set && !operations.any(|operation| request_has(operation, list, types)) {
            at.key_error(&format!("nothing sets the list `{list}`"), None);
        }
    }

    fn operations<'r>(
        &'r self,
        rule: &'r OperationRule,
    ) -> impl Iterator<Item = &'r Operation> + 'r {
        rule.on.iter().filter_map(|binding| self.known.operation(binding))
    }

    fn is_requested(&self, at: &Cursor<'_>, rule: &OperationRule) {
        let path = at.text().unwrap_or_default();
        let types = &self.known.spec.types;
        let mut operations = self.operations(rule).peekable();
        // An operation that does not exist has been reported.
        if operations.peek().is_some() && !operations.any(|it| request_has(it, path, types)) {
            at.error(&format!("no request has `{path}`"), None);
        }
    }

    /// Returns the mistake in a member that no response has.
    fn unanswered(&self, path: &str, rule: &OperationRule) -> Option<String> {
        let types = &self.known.spec.types;
        let has = |operation: &Operation| {
            let is_open = matches!(operation.response, Response::Json { .. })
                && response_fields(operation, types).is_empty();
            is_open || response_has(operation, path, types)
        };
        let mut operations = self.operations(rule).peekable();
        let is_missing = operations.peek().is_some() && !operations.any(has);
        is_missing.then(|| format!("no response has `{path}`"))
    }

    fn is_sent(&self, path: &str, at: &Cursor<'_>, event: &str) {
        let types = &self.known.spec.types;
        let sent = self.known.spec.notifications.values();
        let mut sent = sent.filter(|entry| entry.events.iter().any(|it| it == event)).peekable();
        let has = |fields| resource_has(fields, path, types);
        if sent.peek().is_some() && !sent.any(|entry| has(&entry.resource)) {
            at.key_error(&format!("the notification `{event}` has no `{path}`"), None);
        }
    }

    /// Checks that a registration is for some notification.
    fn registered(&self, at: &Cursor<'_>) {
        let name = at.text().unwrap_or_default();
        let known = || self.known.spec.notifications.values().flat_map(|entry| &entry.events);
        if !known().any(|event| event.starts_with(name)) {
            let known: Vec<&str> = known().map(String::as_str).collect();
            let help = crate::suggestion::closest(name, known)
                .map(|close| format!("did you mean `{close}`?"));
            at.error(&format!("no notification has an event that begins with `{name}`"), help);
        }
    }

    /// Checks that the resources of a sum have the member.
    fn summed(&self, at: &Cursor<'_>) {
        let (Some(field), Some(place)) = (at.get("field"), at.text_of("in")) else { return };
        let path = field.text().unwrap_or_default();
        if !self.known.has(&place, path) {
            let message = format!("nothing sets `{path}` of `{place}`");
            field.error(&message, self.known.close_to(&place, path));
        }
    }
}

//! Checks key paths that stand alone: what is stored, ignored, removed, answered, sent, or names a resource.

use std::collections::HashSet;

use super::collect::{Names, entries, items};
use super::members::{Facts, Known, RuleFacts};
use crate::cursor::Cursor;
use crate::suggestion::{closest, suggest};

/// One lifecycle and its file.
struct Paths<'k, 's> {
    known: &'k Known<'s>,
    place: &'k str,
    facts: &'k Facts<'s>,
}

pub(super) fn check<'s>(
    known: &Known<'s>,
    place: &str,
    facts: &Facts<'s>,
    names: &Names<'_>,
    file: &Cursor<'_>,
) {
    let paths = Paths { known, place, facts };
    // The whole gives its parts their numbers.
    if !facts.is_part() {
        items(file, "keys").for_each(|at| paths.can_be_set(&at));
    }
    for (path, entry) in entries(file, "only_in") {
        paths.key_can_be_set(path, &entry);
    }
    let set: HashSet<&str> = names.sets.iter().map(|(_, path)| *path).collect();
    for (list, entry) in entries(file, "parts") {
        paths.list_exists(list, &entry, &set);
    }
    for (name, at) in entries(file, "operations") {
        if let Some(rule) = facts.rules.get(name) {
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

impl Paths<'_, '_> {
    fn operation(&self, at: &Cursor<'_>, rule: &RuleFacts<'_>) {
        self.finds(at);
        let ignored = at.get("repeat");
        let ignored = ignored.iter().flat_map(|repeat| items(repeat, "ignores"));
        for path in ignored.chain(items(at, "stores")) {
            let text = path.text().unwrap_or_default();
            if !rule.requests.has(text) {
                path.error(&format!("no request has `{text}`"), None);
            }
        }
        for (path, entry) in entries(at, "answers").filter(|(path, _)| !rule.responses.has(path)) {
            entry.key_error(&format!("no response has `{path}`"), None);
        }
        for path in items(at, "leaves_out") {
            let text = path.text().unwrap_or_default();
            if !rule.responses.has(text) {
                path.error(&format!("no response has `{text}`"), None);
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
        let keys = &self.facts.keys;
        let help = |name: &str| suggest(name, self.facts.lifecycle.keys.iter().map(String::as_str));
        let message = |name: &str| format!("`{name}` is not one of the `keys`");
        for item in items(at, "finds") {
            let name = item.text().unwrap_or_default();
            if !keys.contains(name) {
                item.error(&message(name), help(name));
            }
        }
        for (name, entry) in entries(at, "finds").filter(|(name, _)| !keys.contains(name)) {
            entry.key_error(&message(name), help(name));
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
    fn list_exists(&self, list: &str, at: &Cursor<'_>, set: &HashSet<&str>) {
        if !set.contains(list) && !self.facts.is_requested(list) {
            at.key_error(&format!("nothing sets the list `{list}`"), None);
        }
    }

    fn is_sent(&self, path: &str, at: &Cursor<'_>, event: &str) {
        if self.known.sent(event).is_some_and(|sent| !sent.has(path)) {
            at.key_error(&format!("the notification `{event}` has no `{path}`"), None);
        }
    }

    /// Checks that a registration is for some notification.
    fn registered(&self, at: &Cursor<'_>) {
        let name = at.text().unwrap_or_default();
        if !self.known.has_notifications(name) {
            let help = closest(name, self.known.notifications())
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

//! Checks what a lifecycle names outside its own states: operations, lifecycles, events, notifications.

use std::collections::BTreeMap;

use super::collect::Names;
use super::members::{Known, creators};
use crate::cursor::Cursor;
use crate::model::Spec;
use crate::model::lifecycle::{Event, Lifecycle, OperationRule};
use crate::sources::Sources;
use crate::suggestion::suggest;

/// One lifecycle and its file.
struct Entry<'a, 's> {
    known: &'s Known<'s>,
    lifecycle: &'s Lifecycle,
    file: &'a Cursor<'a>,
}

pub(super) fn check<'a, 's>(
    known: &'s Known<'s>,
    place: &str,
    lifecycle: &'s Lifecycle,
    names: &Names<'_>,
    file: &'a Cursor<'a>,
) {
    let entry = Entry { known, lifecycle, file };
    entry.operations();
    entry.links();
    entry.parts();
    entry.events();
    entry.timers();
    for at in &names.related {
        entry.related(place, at);
    }
}

impl<'a> Entry<'a, '_> {
    fn under(&self, key: &str) -> impl Iterator<Item = (&'a str, Cursor<'a>)> + use<'a> {
        self.file.get(key).into_iter().flat_map(|map| map.entries())
    }

    fn operations(&self) {
        for (name, at) in self.under("operations") {
            let rule = self.lifecycle.operations.iter().find(|(held, _)| held == name);
            if let (Some((_, rule)), Some(on)) = (rule, at.get("on")) {
                self.bindings(&on, rule);
                self.effects(&at);
                self.notifies(&at);
            }
        }
    }

    /// Checks that the operations of a rule exist.
    fn bindings(&self, on: &Cursor<'_>, rule: &OperationRule) {
        let named = on.items().filter_map(|item| Some((item.text()?, item)));
        let named: Vec<_> = named.chain(on.entries()).collect();
        for (binding, (text, at)) in rule.on.iter().zip(named) {
            if self.known.operation(binding).is_none() {
                at.key_error(
                    &format!("the operation `{text}` does not exist"),
                    self.known.similar(text),
                );
            }
        }
    }

    /// Finds another lifecycle, and reports a name that does not exist.
    fn lifecycle(&self, at: &Cursor<'_>) -> Option<&Lifecycle> {
        let name = at.text()?;
        let found = self.known.spec.lifecycles.get(name);
        if found.is_none() && !at.is_wrong() {
            let known = self.known.spec.lifecycles.keys().map(String::as_str);
            at.error(&format!("the lifecycle `{name}` does not exist"), suggest(name, known));
        }
        found
    }

    fn links(&self) {
        for (_, at) in self.under("links") {
            let items = at.get("to").into_iter().flat_map(|to| to.items());
            let targets: Vec<&Lifecycle> = items.filter_map(|item| self.lifecycle(&item)).collect();
            let keys: Vec<&str> =
                targets.iter().flat_map(|target| &target.keys).map(String::as_str).collect();
            let by = at.get("by").into_iter().flat_map(|by| by.entries());
            for (key, entry) in by.filter(|(key, _)| !keys.is_empty() && !keys.contains(key)) {
                let message = format!("`{key}` is not a key of the other lifecycle");
                entry.key_error(&message, suggest(key, keys.iter().copied()));
            }
            check_states(&at, "states", &targets);
        }
    }

    fn parts(&self) {
        for (_, at) in self.under("parts") {
            let target = at.get("of").and_then(|of| self.lifecycle(&of));
            if let (Some(target), Some(state)) = (target, at.get("state")) {
                check_state(&state, &[target]);
            }
        }
    }

    fn events(&self) {
        for (name, at) in self.under("events") {
            self.effects(&at);
            self.notifies(&at);
            for (part, event) in at.get("each").into_iter().flat_map(|each| each.entries()) {
                self.each(part, &event);
            }
            if let Some(event) = self.lifecycle.event_named(name) {
                self.unused(&at, name, event);
            }
        }
    }

    /// Checks the event of a part.
    fn each(&self, part: &str, at: &Cursor<'_>) {
        let Some(described) = self.lifecycle.parts.get(part) else {
            let known = self.lifecycle.parts.keys().map(String::as_str);
            return at
                .key_error(&format!("the part `{part}` does not exist"), suggest(part, known));
        };
        if let Some(lifecycle) = self.known.spec.lifecycles.get(&described.of) {
            check_event(at, &[lifecycle]);
        }
    }

    /// Checks that something causes an internal event.
    fn unused(&self, at: &Cursor<'_>, name: &str, event: &Event) {
        if event.internal && !self.known.spec.lifecycles.values().any(|other| causes(other, name)) {
            at.key_error(
                "nothing causes this internal event",
                Some("add an effect, part or timer that does, or remove it".to_owned()),
            );
        }
    }

    fn effects(&self, at: &Cursor<'_>) {
        for effect in at.get("effects").into_iter().flat_map(|list| list.items()) {
            let Some(link) = effect.get("on") else { continue };
            let name = link.text().unwrap_or_default();
            let places = match (self.lifecycle.links.get(name), self.lifecycle.parts.get(name)) {
                (Some(described), _) => described.to.as_slice(),
                (None, Some(part)) => std::slice::from_ref(&part.of),
                (None, None) => {
                    let links = self.lifecycle.links.keys().chain(self.lifecycle.parts.keys());
                    let known: Vec<&str> = links.map(String::as_str).collect();
                    link.error(&format!("the link `{name}` does not exist"), suggest(name, known));
                    continue;
                }
            };
            let found = places.iter().filter_map(|place| self.known.spec.lifecycles.get(place));
            let targets: Vec<&Lifecycle> = found.collect();
            let Some(event) = effect.get("do") else { continue };
            check_event(&event, &targets);
            check_inputs(&effect, event.text().unwrap_or_default(), &targets);
        }
    }

    fn notifies(&self, at: &Cursor<'_>) {
        let Some(event) = at.get("notifies").and_then(|notice| notice.get("event")) else { return };
        let name = event.text().unwrap_or_default();
        let known = || self.known.spec.notifications.values().flat_map(|entry| &entry.events);
        if !known().any(|known| known == name) {
            let known: Vec<&str> = known().map(String::as_str).collect();
            let help = crate::suggestion::closest(name, known)
                .map(|close| format!("did you mean `{close}`?"));
            event.error(&format!("no notification has the event `{name}`"), help);
        }
    }

    fn timers(&self) {
        for at in self.file.get("timers").into_iter().flat_map(|list| list.items()) {
            let Some(event) = at.get("do") else { continue };
            check_event(&event, &[self.lifecycle]);
            let Some(described) = self.lifecycle.event_named(event.text().unwrap_or_default())
            else {
                continue;
            };
            for state in at.get("in").into_iter().flat_map(|list| list.items()) {
                let name = state.text().unwrap_or_default();
                if !described.from.iter().any(|(held, _)| held == name) {
                    let states = described.from.iter().map(|(held, _)| held.as_str());
                    let known: Vec<&str> = states.collect();
                    let message = format!("the event cannot happen in `{name}`");
                    state.error(&message, suggest(name, known));
                }
            }
        }
    }

    fn related(&self, place: &str, at: &Cursor<'_>) {
        let Some(target) = at.get("in").and_then(|name| self.lifecycle(&name)) else { return };
        check_states(at, "states", &[target]);
        let Some(by) = at.get("by") else { return };
        let name = by.text().unwrap_or_default();
        if name != "own" && !self.lifecycle.links.contains_key(name) {
            let known = self.lifecycle.links.keys().map(String::as_str).chain(["own"]);
            let known: Vec<&str> = known.collect();
            return by.error(&format!("the link `{name}` does not exist"), suggest(name, known));
        }
        let (link_at, link) = match at.get("link") {
            Some(link) => (link.clone(), link.text().unwrap_or_default()),
            None => (by, name),
        };
        let leads_here = target
            .links
            .get(link)
            .is_some_and(|described| name != "own" || described.to.iter().any(|to| to == place));
        if !leads_here {
            let message = format!("the other lifecycle has no link `{link}` that leads here");
            link_at.error(&message, suggest(link, target.links.keys().map(String::as_str)));
        }
    }
}

/// Whether an effect, a part or a timer of a lifecycle causes an event.
fn causes(lifecycle: &Lifecycle, name: &str) -> bool {
    let rules = lifecycle.operations.iter().map(|(_, rule)| &rule.change);
    let events = lifecycle.events.iter().map(|(_, event)| &event.change);
    let effects = rules.chain(events).flat_map(|change| &change.effects);
    let each = lifecycle.events.iter().flat_map(|(_, event)| &event.each);
    effects.map(|effect| &effect.event).any(|event| event == name)
        || each.map(|(_, event)| event).any(|event| event == name)
        || lifecycle.timers.iter().any(|timer| timer.event == name)
}

fn check_event(at: &Cursor<'_>, targets: &[&Lifecycle]) {
    let name = at.text().unwrap_or_default();
    for target in targets {
        if target.event_named(name).is_none() {
            let known = target.events.iter().map(|(known, _)| known.as_str());
            let message = format!("`{}` has no event `{name}`", target.title);
            at.error(&message, suggest(name, known));
        }
    }
}

/// Checks that the event of every target takes the inputs that an effect gives.
fn check_inputs(effect: &Cursor<'_>, name: &str, targets: &[&Lifecycle]) {
    for (input, at) in effect.get("with").into_iter().flat_map(|with| with.entries()) {
        for target in targets {
            let Some(event) = target.event_named(name) else { continue };
            let known: Vec<&str> = event.takes.iter().map(|(known, _)| known.as_str()).collect();
            if !known.contains(&input) {
                let message = format!("`{name}` of `{}` takes no `{input}`", target.title);
                at.key_error(&message, suggest(input, known));
            }
        }
    }
}

fn check_states(at: &Cursor<'_>, key: &str, targets: &[&Lifecycle]) {
    let states = at.get(key).into_iter().flat_map(|list| list.items());
    states.for_each(|state| check_state(&state, targets));
}

fn check_state(at: &Cursor<'_>, targets: &[&Lifecycle]) {
    let name = at.text().unwrap_or_default();
    let known: Vec<&str> =
        targets.iter().flat_map(|target| &target.states).map(|(known, _)| known.as_str()).collect();
    if !known.is_empty() && !known.contains(&name) {
        at.error(&format!("the other lifecycle has no state `{name}`"), suggest(name, known));
    }
}

/// Checks that each operation creates in one lifecycle only.
pub(super) fn check_creators(spec: &Spec, sources: &Sources<'_>) {
    let mut first: BTreeMap<_, &str> = BTreeMap::new();
    for (place, lifecycle) in &spec.lifecycles {
        for binding in creators(lifecycle) {
            let operation = (binding.method, binding.path.as_str());
            if let Some(other) = first.insert(operation, place)
                && let Some(file) = sources.file(&lifecycle.source)
            {
                let text = format!("{} {}", binding.method.wire(), binding.path);
                let message = format!("`{text}` creates already in `{other}`");
                report_creator(&file, &text, &message);
            }
        }
    }
}

/// Reports the last place of a lifecycle where an operation creates.
fn report_creator(file: &Cursor<'_>, operation: &str, message: &str) {
    let help = "an operation creates in one place; move this one to another rule, or remove it";
    let rules = file.get("operations").into_iter().flat_map(|rules| rules.entries());
    let on = rules.filter(|(_, rule)| rule.get("creates").is_some());
    let on: Vec<_> = on.filter_map(|(_, rule)| rule.get("on")).collect();
    let listed = on.iter().flat_map(|on| on.items()).filter(|at| at.text() == Some(operation));
    let mapped = on.iter().flat_map(|on| on.entries()).filter(|(key, _)| *key == operation);
    if let Some((_, at)) = mapped.last() {
        at.key_error(message, Some(help.to_owned()));
    } else if let Some(at) = listed.last() {
        at.error(message, Some(help.to_owned()));
    }
}

//! Checks what a lifecycle names outside its own states: operations, lifecycles, events, notifications.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::collect::Names;
use super::members::{Facts, Known, creators};
use crate::cursor::Cursor;
use crate::model::Spec;
use crate::model::lifecycle::{Event, OperationRule};
use crate::sources::Sources;
use crate::suggestion::{closest, suggest};

/// One lifecycle and its file.
struct Entry<'a, 's> {
    known: &'s Known<'s>,
    facts: &'s Facts<'s>,
    file: &'a Cursor<'a>,
}

pub(super) fn check<'a, 's>(
    known: &'s Known<'s>,
    place: &str,
    facts: &'s Facts<'s>,
    names: &Names<'_>,
    file: &'a Cursor<'a>,
) {
    let entry = Entry { known, facts, file };
    entry.operations();
    entry.links();
    entry.parts();
    entry.events();
    entry.timers();
    for at in &names.related {
        entry.related(place, at);
    }
}

impl<'a, 's> Entry<'a, 's> {
    fn under(&self, key: &str) -> impl Iterator<Item = (&'a str, Cursor<'a>)> + use<'a> {
        self.file.get(key).into_iter().flat_map(|map| map.entries())
    }

    fn operations(&self) {
        for (name, at) in self.under("operations") {
            if let (Some(facts), Some(on)) = (self.facts.rules.get(name), at.get("on")) {
                self.bindings(&on, facts.rule);
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
    fn lifecycle(&self, at: &Cursor<'_>) -> Option<&'s Facts<'s>> {
        let name = at.text()?;
        let found = self.known.facts(name);
        if found.is_none() && !at.is_wrong() {
            let known = self.known.spec.lifecycles.keys().map(String::as_str);
            at.error(&format!("the lifecycle `{name}` does not exist"), suggest(name, known));
        }
        found
    }

    fn links(&self) {
        for (_, at) in self.under("links") {
            let items = at.get("to").into_iter().flat_map(|to| to.items());
            let targets = distinct(items.filter_map(|item| self.lifecycle(&item)));
            let by = at.get("by").into_iter().flat_map(|by| by.entries());
            for (key, entry) in by.filter(|_| !targets.is_empty()) {
                if !targets.iter().any(|target| target.keys.contains(key)) {
                    let keys = targets.iter().flat_map(|target| &target.lifecycle.keys);
                    let message = format!("`{key}` is not a key of the other lifecycle");
                    entry.key_error(&message, suggest(key, keys.map(String::as_str)));
                }
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
            if let Some(event) = self.facts.events.get(name) {
                self.unused(&at, name, event);
            }
        }
    }

    /// Checks the event of a part.
    fn each(&self, part: &str, at: &Cursor<'_>) {
        let parts = &self.facts.lifecycle.parts;
        let Some(described) = parts.get(part) else {
            let known = parts.keys().map(String::as_str);
            return at
                .key_error(&format!("the part `{part}` does not exist"), suggest(part, known));
        };
        if let Some(facts) = self.known.facts(&described.of) {
            check_event(at, &[facts]);
        }
    }

    /// Checks that something causes an internal event.
    fn unused(&self, at: &Cursor<'_>, name: &str, event: &Event) {
        if event.internal && !self.known.is_caused(name) {
            at.key_error(
                "nothing causes this internal event",
                Some("add an effect, part or timer that does, or remove it".to_owned()),
            );
        }
    }

    fn effects(&self, at: &Cursor<'_>) {
        let (links, parts) = (&self.facts.lifecycle.links, &self.facts.lifecycle.parts);
        for effect in at.get("effects").into_iter().flat_map(|list| list.items()) {
            let Some(link) = effect.get("on") else { continue };
            let name = link.text().unwrap_or_default();
            let places = match (links.get(name), parts.get(name)) {
                (Some(described), _) => described.to.as_slice(),
                (None, Some(part)) => std::slice::from_ref(&part.of),
                (None, None) => {
                    let known = links.keys().chain(parts.keys()).map(String::as_str);
                    link.error(&format!("the link `{name}` does not exist"), suggest(name, known));
                    continue;
                }
            };
            let targets = distinct(places.iter().filter_map(|place| self.known.facts(place)));
            let Some(event) = effect.get("do") else { continue };
            check_event(&event, &targets);
            check_inputs(&effect, event.text().unwrap_or_default(), &targets);
        }
    }

    fn notifies(&self, at: &Cursor<'_>) {
        let Some(event) = at.get("notifies").and_then(|notice| notice.get("event")) else { return };
        let name = event.text().unwrap_or_default();
        if !self.known.has_notification(name) {
            let help = closest(name, self.known.notifications())
                .map(|close| format!("did you mean `{close}`?"));
            event.error(&format!("no notification has the event `{name}`"), help);
        }
    }

    fn timers(&self) {
        for at in self.file.get("timers").into_iter().flat_map(|list| list.items()) {
            let Some(event) = at.get("do") else { continue };
            check_event(&event, &[self.facts]);
            let described = self.facts.events.get(event.text().unwrap_or_default());
            let Some(described) = described else { continue };
            let states = || described.from.iter().map(|(held, _)| held.as_str());
            let possible: HashSet<&str> = states().collect();
            for state in at.get("in").into_iter().flat_map(|list| list.items()) {
                let name = state.text().unwrap_or_default();
                if !possible.contains(name) {
                    let message = format!("the event cannot happen in `{name}`");
                    state.error(&message, suggest(name, states()));
                }
            }
        }
    }

    fn related(&self, place: &str, at: &Cursor<'_>) {
        let Some(target) = at.get("in").and_then(|name| self.lifecycle(&name)) else { return };
        check_states(at, "states", &[target]);
        let Some(by) = at.get("by") else { return };
        let name = by.text().unwrap_or_default();
        if name == "caller" {
            if let Some(link) = at.get("link") {
                let help = "remove it; the merchant has all of them";
                link.key_error("`by: caller` goes without a link", Some(help.to_owned()));
            }
            return;
        }
        let links = &self.facts.lifecycle.links;
        if name != "own" && !links.contains_key(name) {
            let known = links.keys().map(String::as_str).chain(["own", "caller"]);
            return by.error(&format!("the link `{name}` does not exist"), suggest(name, known));
        }
        let (link_at, link) = match at.get("link") {
            Some(link) => (link.clone(), link.text().unwrap_or_default()),
            None => (by, name),
        };
        let theirs = &target.lifecycle.links;
        let leads_here = theirs
            .get(link)
            .is_some_and(|described| name != "own" || described.to.iter().any(|to| to == place));
        if !leads_here {
            let message = format!("the other lifecycle has no link `{link}` that leads here");
            link_at.error(&message, suggest(link, theirs.keys().map(String::as_str)));
        }
    }
}

/// Leaves out lifecycles that are named twice.
fn distinct<'s>(targets: impl Iterator<Item = &'s Facts<'s>>) -> Vec<&'s Facts<'s>> {
    let mut seen = HashSet::new();
    targets.filter(|target| seen.insert(target.lifecycle.source.as_str())).collect()
}

fn check_event(at: &Cursor<'_>, targets: &[&Facts<'_>]) {
    let name = at.text().unwrap_or_default();
    for target in targets.iter().filter(|target| !target.events.contains_key(name)) {
        let message = format!("`{}` has no event `{name}`", target.lifecycle.title);
        at.error(&message, suggest(name, target.event_names()));
    }
}

/// Checks that the event of every target takes the inputs that an effect gives.
fn check_inputs(effect: &Cursor<'_>, name: &str, targets: &[&Facts<'_>]) {
    let Some(with) = effect.get("with") else { return };
    for target in targets {
        let Some(event) = target.events.get(name) else { continue };
        let names = || event.takes.iter().map(|(known, _)| known.as_str());
        let known: HashSet<&str> = names().collect();
        for (input, at) in with.entries().filter(|(input, _)| !known.contains(input)) {
            let message = format!("`{name}` of `{}` takes no `{input}`", target.lifecycle.title);
            at.key_error(&message, suggest(input, names()));
        }
    }
}

fn check_states(at: &Cursor<'_>, key: &str, targets: &[&Facts<'_>]) {
    let states = at.get(key).into_iter().flat_map(|list| list.items());
    states.for_each(|state| check_state(&state, targets));
}

fn check_state(at: &Cursor<'_>, targets: &[&Facts<'_>]) {
    let name = at.text().unwrap_or_default();
    let has_states = targets.iter().any(|target| !target.states.is_empty());
    if has_states && !targets.iter().any(|target| target.states.contains(name)) {
        let known = targets.iter().flat_map(|target| target.state_names());
        at.error(&format!("the other lifecycle has no state `{name}`"), suggest(name, known));
    }
}

/// Checks that each operation creates in one lifecycle only.
pub(super) fn check_creators(spec: &Spec, sources: &Sources<'_>) {
    let mut first: BTreeMap<_, &str> = BTreeMap::new();
    for (place, lifecycle) in &spec.lifecycles {
        let mut twice = HashMap::new();
        for binding in creators(lifecycle) {
            let operation = (binding.method, binding.path.as_str());
            if let Some(other) = first.insert(operation, place) {
                let text = format!("{} {}", binding.method.wire(), binding.path);
                let message = format!("`{text}` creates already in `{other}`");
                twice.insert(text, message);
            }
        }
        if let Some(file) = sources.file(&lifecycle.source).filter(|_| !twice.is_empty()) {
            report_creators(&file, twice);
        }
    }
}

/// Reports the last place of a lifecycle where each of these operations creates.
fn report_creators(file: &Cursor<'_>, mut messages: HashMap<String, String>) {
    let help = "an operation creates in one place; move this one to another rule, or remove it";
    let rules = file.get("operations").into_iter().flat_map(|rules| rules.entries());
    let on = rules.filter(|(_, rule)| rule.get("creates").is_some());
    let on: Vec<_> = on.filter_map(|(_, rule)| rule.get("on")).collect();
    for (operation, at) in
        on.iter().rev().flat_map(|on| on.entries().collect::<Vec<_>>().into_iter().rev())
    {
        if let Some(message) = messages.remove(operation) {
            at.key_error(&message, Some(help.to_owned()));
        }
    }
    for at in on.iter().rev().flat_map(|on| on.items().collect::<Vec<_>>().into_iter().rev()) {
        if let Some(message) = at.text().and_then(|operation| messages.remove(operation)) {
            at.error(&message, Some(help.to_owned()));
        }
    }
}

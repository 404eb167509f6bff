//! What is known of all descriptors while lifecycles are checked. Look-ups take the same time in large ones.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::index::{MemberIndex, PathSet, Types};
use crate::model::lifecycle::{Act, Binding, Change, Event, Lifecycle, OperationRule};
use crate::model::{Field, Input, Method, Operation, Response, Spec};
use crate::suggestion::closest;

/// What is known of all descriptors.
pub(super) struct Known<'s> {
    pub(super) spec: &'s Spec,
    operations: BTreeMap<(&'s str, Method), &'s Operation>,
    operation_texts: OnceCell<Vec<String>>,
    lifecycles: BTreeMap<&'s str, Facts<'s>>,
    /// The events of notifications, with the members that each sends.
    sent: BTreeMap<&'s str, MemberIndex<'s>>,
    /// The events that effects, parts and timers cause.
    caused: HashSet<&'s str>,
}

/// What is known of one lifecycle.
pub(super) struct Facts<'s> {
    pub(super) lifecycle: &'s Lifecycle,
    pub(super) keys: BTreeSet<&'s str>,
    pub(super) states: HashSet<&'s str>,
    pub(super) events: HashMap<&'s str, &'s Event>,
    pub(super) rules: HashMap<&'s str, RuleFacts<'s>>,
    pub(super) settings: BTreeSet<&'s str>,
    /// The key paths that it sets.
    sets: PathSet<&'s str>,
    /// The members of the requests that create.
    created_from: MemberIndex<'s>,
    /// Whether an operation that creates is not known.
    has_unknown_creator: bool,
    is_part: bool,
    /// Of a part: the members of the elements in the requests for its wholes.
    elements: MemberIndex<'s>,
    /// The members of responses and notifications.
    shown: MemberIndex<'s>,
    /// Of a part: the members of the elements that its wholes show.
    shown_in_wholes: MemberIndex<'s>,
}

/// What is known of an operation of a lifecycle. What is not known has every member.
pub(super) struct RuleFacts<'s> {
    pub(super) rule: &'s OperationRule,
    pub(super) requests: MemberIndex<'s>,
    pub(super) responses: MemberIndex<'s>,
}

impl<'s> Known<'s> {
    pub(super) fn of(spec: &'s Spec) -> Self {
        let mut known = Self {
            spec,
            operations: operations(spec),
            operation_texts: OnceCell::new(),
            lifecycles: BTreeMap::new(),
            sent: sent(spec),
            caused: spec.lifecycles.values().flat_map(caused_by).collect(),
        };
        for (place, lifecycle) in &spec.lifecycles {
            let facts = known.facts_of(lifecycle);
            known.lifecycles.insert(place, facts);
        }
        known.add_wholes();
        known
    }

    fn facts_of(&self, lifecycle: &'s Lifecycle) -> Facts<'s> {
        let types = &self.spec.types;
        let mut facts = Facts {
            lifecycle,
            keys: lifecycle.keys.iter().map(String::as_str).collect(),
            states: lifecycle.states.iter().map(|(name, _)| name.as_str()).collect(),
            events: lifecycle.events.iter().map(|(name, event)| (name.as_str(), event)).collect(),
            rules: HashMap::new(),
            settings: lifecycle.settings.iter().map(|(name, _)| name.as_str()).collect(),
            sets: set(lifecycle),
            created_from: MemberIndex::new(types),
            has_unknown_creator: false,
            is_part: false,
            elements: MemberIndex::new(types),
            shown: MemberIndex::new(types),
            shown_in_wholes: MemberIndex::new(types),
        };
        let mut seen = HashSet::new();
        for (name, rule) in &lifecycle.operations {
            for binding in &rule.on {
                let operation = self.operation(binding);
                let creates = matches!(rule.act, Act::Creates { .. });
                facts.has_unknown_creator |= creates && operation.is_none();
                let Some(operation) = operation else { continue };
                if creates && seen.insert((binding.path.as_str(), binding.method)) {
                    add_request(&mut facts.created_from, operation, types);
                }
            }
            facts.rules.insert(name, self.rule_facts(rule));
        }
        self.add_shown(&mut facts);
        facts
    }

    fn rule_facts(&self, rule: &'s OperationRule) -> RuleFacts<'s> {
        let types = &self.spec.types;
        let (mut requests, mut responses) = (MemberIndex::new(types), MemberIndex::new(types));
        for binding in &rule.on {
            let Some(operation) = self.operation(binding) else {
                requests.open();
                responses.open();
                continue;
            };
            add_request(&mut requests, operation, types);
            let fields = response_fields(operation, types);
            responses.add(fields);
            if fields.is_empty() && matches!(operation.response, Response::Json { .. }) {
                responses.open();
            }
        }
        RuleFacts { rule, requests, responses }
    }

    /// Adds what responses and notifications of a lifecycle have. The elements of a list are resources.
    fn add_shown(&self, facts: &mut Facts<'s>) {
        let (lifecycle, mut seen) = (facts.lifecycle, HashSet::new());
        for (_, rule) in &lifecycle.operations {
            let is_list = matches!(rule.act, Act::Lists { .. });
            for binding in &rule.on {
                let Some(operation) = self.operation(binding) else { continue };
                let fields = response_fields(operation, &self.spec.types);
                if seen.insert((binding.path.as_str(), binding.method, is_list)) {
                    facts.shown.add(fields);
                    let lists = fields.iter().filter(|_| is_list);
                    facts.shown.add_types(lists.map(|field| &field.ty));
                }
            }
        }
        let events: HashSet<&str> = changes(lifecycle)
            .filter_map(|change| change.notifies.as_ref())
            .map(|notice| notice.event.as_str())
            .collect();
        for notification in self.spec.notifications.values() {
            if notification.events.iter().any(|event| events.contains(event.as_str())) {
                facts.shown.add(notification.resource.fields(&self.spec.types));
            }
        }
    }

    /// Tells the lifecycles of parts what their wholes have.
    fn add_wholes(&mut self) {
        let lists = self.spec.lifecycles.iter().flat_map(|(place, whole)| {
            let parts = whole.parts.iter();
            parts.map(move |(list, part)| (place.as_str(), list.as_str(), part.of.as_str()))
        });
        let mut elements = Vec::new();
        for (place, list, of) in lists {
            let Some(whole) = self.lifecycles.get(place) else { continue };
            elements.push((of, whole.created_from.types_at(list), whole.shown.types_at(list)));
        }
        for (of, (requested, any_requested), (shown, any_shown)) in elements {
            let Some(part) = self.lifecycles.get_mut(of) else { continue };
            part.is_part = true;
            part.elements.add_types(requested);
            part.shown_in_wholes.add_types(shown);
            if any_requested {
                part.elements.open();
            }
            if any_shown {
                part.shown_in_wholes.open();
            }
        }
    }

    /// Returns what is known of a lifecycle.
    pub(super) fn facts(&self, place: &str) -> Option<&Facts<'s>> {
        self.lifecycles.get(place)
    }

    /// Returns an operation that a rule names.
    pub(super) fn operation(&self, binding: &Binding) -> Option<&'s Operation> {
        self.operations.get(&(binding.path.as_str(), binding.method)).copied()
    }

    /// Returns the known operation that a mistyped one probably means.
    pub(super) fn similar(&self, text: &str) -> Option<String> {
        let known = self.operation_texts.get_or_init(|| {
            let known = self.operations.keys();
            known.map(|(path, method)| format!("{} {path}", method.wire())).collect()
        });
        closest(text, known.iter().map(String::as_str))
            .map(|close| format!("did you mean `{close}`?"))
    }

    /// Whether a resource of a lifecycle can have a member at a key path.
    pub(super) fn has(&self, place: &str, path: &str) -> bool {
        self.facts(place).is_none_or(|facts| {
            facts.sets.relates(path) || facts.created_from.has(path) || facts.elements.has(path)
        })
    }

    /// Returns help for a key path that is probably mistyped.
    pub(super) fn close_to(&self, place: &str, path: &str) -> Option<String> {
        let known = self.facts(place)?.sets.iter();
        closest(path, known).map(|close| format!("did you mean `{close}`?"))
    }

    /// The events of all notifications, in order.
    pub(super) fn notifications(&self) -> impl Iterator<Item = &'s str> + Clone {
        self.sent.keys().copied()
    }

    /// Whether some notification has an event.
    pub(super) fn has_notification(&self, event: &str) -> bool {
        self.sent.contains_key(event)
    }

    /// Whether some notification has an event that begins so.
    pub(super) fn has_notifications(&self, beginning: &str) -> bool {
        let mut later = self.sent.range(beginning..);
        later.next().is_some_and(|(event, _)| event.starts_with(beginning))
    }

    /// The members that the notifications of an event send.
    pub(super) fn sent(&self, event: &str) -> Option<&MemberIndex<'s>> {
        self.sent.get(event)
    }

    /// Whether an effect, a part or a timer causes an event of this name.
    pub(super) fn is_caused(&self, event: &str) -> bool {
        self.caused.contains(event)
    }
}

impl<'s> Facts<'s> {
    /// Whether it is the lifecycle of parts.
    pub(super) fn is_part(&self) -> bool {
        self.is_part
    }

    /// Whether a request that creates a resource, or the whole that it is a part of, can have a member.
    pub(super) fn is_created_with(&self, path: &str) -> bool {
        self.has_unknown_creator || self.is_requested(path) || self.elements.has(path)
    }

    /// Whether a known request that creates a resource has a member.
    pub(super) fn is_requested(&self, path: &str) -> bool {
        self.created_from.has(path)
    }

    /// Whether a response or a notification has a member, its own or one of its whole.
    pub(super) fn shows(&self, path: &str) -> bool {
        self.shown.has(path) || self.shown_in_wholes.has(path)
    }

    /// The state names, in the order of the descriptor.
    pub(super) fn state_names(&self) -> impl Iterator<Item = &'s str> + Clone {
        self.lifecycle.states.iter().map(|(name, _)| name.as_str())
    }

    /// The event names, in the order of the descriptor.
    pub(super) fn event_names(&self) -> impl Iterator<Item = &'s str> + Clone {
        self.lifecycle.events.iter().map(|(name, _)| name.as_str())
    }
}

/// The members of a JSON response.
pub(super) fn response_fields<'s>(operation: &'s Operation, types: &'s Types) -> &'s [Field] {
    match &operation.response {
        Response::Json { body, .. } => body.fields(types),
        Response::None { .. } | Response::Download(_) => &[],
    }
}

fn add_request<'s>(index: &mut MemberIndex<'s>, operation: &'s Operation, types: &'s Types) {
    let body: &[Field] = match &operation.input {
        Input::None => &[],
        Input::Json(body) => body.fields(types),
        Input::Upload(upload) => &upload.meta,
    };
    let places: [&'s [Field]; 4] = [body, &operation.path, &operation.query, &operation.header];
    places.into_iter().for_each(|fields| index.add(fields));
}

/// The operations by URL and method. While descriptors are checked, the spec has URLs by file.
fn operations(spec: &Spec) -> BTreeMap<(&str, Method), &Operation> {
    let endpoints = spec.endpoints.values();
    let operations = endpoints.flat_map(|endpoint| {
        let operations = endpoint.operations.iter();
        operations.map(|(method, operation)| ((endpoint.path.as_str(), *method), operation))
    });
    operations.collect()
}

fn sent(spec: &Spec) -> BTreeMap<&str, MemberIndex<'_>> {
    let mut sent = BTreeMap::new();
    for notification in spec.notifications.values() {
        for event in &notification.events {
            let index = sent.entry(event.as_str());
            let index = index.or_insert_with(|| MemberIndex::new(&spec.types));
            index.add(notification.resource.fields(&spec.types));
        }
    }
    sent
}

/// The events that effects, parts and timers of a lifecycle cause.
fn caused_by(lifecycle: &Lifecycle) -> impl Iterator<Item = &str> {
    let effects = changes(lifecycle).flat_map(|change| &change.effects);
    let each = lifecycle.events.iter().flat_map(|(_, event)| &event.each);
    let timers = lifecycle.timers.iter().map(|timer| &timer.event);
    let all = effects.map(|effect| &effect.event).chain(each.map(|(_, event)| event));
    all.chain(timers).map(String::as_str)
}

fn changes(lifecycle: &Lifecycle) -> impl Iterator<Item = &Change> {
    let rules = lifecycle.operations.iter().map(|(_, rule)| &rule.change);
    rules.chain(lifecycle.events.iter().map(|(_, event)| &event.change))
}

/// The operations that create a resource.
pub(super) fn creators(lifecycle: &Lifecycle) -> impl Iterator<Item = &Binding> {
    let rules = lifecycle.operations.iter().map(|(_, rule)| rule);
    rules.filter(|rule| matches!(rule.act, Act::Creates { .. })).flat_map(|rule| &rule.on)
}

fn set(lifecycle: &Lifecycle) -> PathSet<&str> {
    let mut paths: PathSet<&str> = lifecycle.state.as_deref().into_iter().collect();
    paths.extend(lifecycle.parts.keys().map(String::as_str));
    for (_, state) in &lifecycle.states {
        paths.extend(state.shows.iter().map(|(path, _)| path.as_str()));
    }
    for (_, rule) in &lifecycle.operations {
        for binding in &rule.on {
            paths.extend(binding.sets.iter().map(|(path, _)| path.as_str()));
        }
        if let Act::Creates { renews, .. } = &rule.act {
            paths.extend(renews.iter().map(|(path, _)| path.as_str()));
        }
    }
    for change in changes(lifecycle) {
        paths.extend(change.stores.iter().map(String::as_str));
        paths.extend(change.sets.iter().map(|(path, _)| path.as_str()));
    }
    paths
}

//! Refuses lifecycles that name what does not exist, before the sandbox starts.
//!
//! The loader of descriptors proves much more. This keeps the sandbox from failing later on a book made by hand or
//! by another version.

use super::function::Functions;
use super::model::{
    Act, Call, Change, Condition, Event, Lifecycle, Link, OperationRule, Related, Target, Value,
};
use super::{Definition, Definitions};
use crate::sandbox::book::BookError;
use crate::sandbox::lifecycle::keep::resource::WHOLE;

/// Checks the names in one lifecycle. Other lifecycles must exist only if it is `strict`.
pub(in crate::sandbox) fn check(
    definitions: &Definitions,
    definition: &Definition,
    functions: &Functions,
    strict: bool,
) -> Result<(), BookError> {
    let lifecycle = &definition.lifecycle;
    let mut checker = Checker { definitions, lifecycle, functions, strict, problem: None };
    checker.lifecycle();
    match checker.problem {
        None => Ok(()),
        Some(problem) => Err(BookError::Lifecycle { lifecycle: definition.name.clone(), problem }),
    }
}

/// The scopes beside the links.
const SCOPES: [&str; 7] = ["own", "request", "input", "item", WHOLE, "caller", "setting"];

struct Checker<'a> {
    definitions: &'a Definitions,
    lifecycle: &'a Lifecycle,
    functions: &'a Functions,
    strict: bool,
    /// The first problem.
    problem: Option<String>,
}

impl<'a> Checker<'a> {
    fn report(&mut self, place: &str, kind: &str, name: &str) {
        if self.problem.is_none() {
            self.problem = Some(format!("{place} names the {kind} `{name}`, which does not exist"));
        }
    }

    fn lifecycle(&mut self) {
        let lifecycle = self.lifecycle;
        if lifecycle.keys.is_empty() || lifecycle.states.is_empty() {
            self.problem = Some("it has no keys or no states".to_owned());
        }
        for (name, choices) in &lifecycle.refusals {
            if choices.is_empty() && self.problem.is_none() {
                self.problem = Some(format!("the refusal `{name}` has no choice"));
            }
        }
        for (_, states) in &lifecycle.only_in {
            states.iter().for_each(|state| self.state("`only_in`", state));
        }
        for (name, link) in &lifecycle.links {
            self.link(name, link);
        }
        for (list, part) in &lifecycle.parts {
            let place = format!("the part `{list}`");
            if let Some(of) = self.other(&place, &part.of)
                && of.lifecycle.state_named(&part.state).is_none()
            {
                self.report(&place, "state", &part.state);
            }
        }
        for (name, rule) in &lifecycle.operations {
            self.operation(&format!("the operation `{name}`"), rule);
        }
        for (name, event) in &lifecycle.events {
            self.event(&format!("the event `{name}`"), event);
        }
        for timer in &lifecycle.timers {
            timer.states.iter().for_each(|state| self.state("a timer", state));
            timer.since.iter().for_each(|since| self.value("a timer", since));
            if lifecycle.event_named(&timer.event).is_none() {
                self.report("a timer", "event", &timer.event);
            }
        }
    }

    fn link(&mut self, name: &str, link: &Link) {
        let place = format!("the link `{name}`");
        for to in &link.to {
            self.other(&place, to);
        }
        link.missing.iter().for_each(|refusal| self.refusal(&place, refusal));
        link.by.iter().for_each(|(_, value)| self.value(&place, value));
    }

    fn operation(&mut self, place: &str, rule: &OperationRule) {
        match &rule.act {
            Act::Creates { to, repeat, renews } => {
                self.target(place, to);
                repeat.differs.iter().for_each(|target| self.target(place, target));
                self.from(place, &repeat.by_state);
                renews.iter().for_each(|(_, value)| self.value(place, value));
            }
            Act::Finds { by, missing, from, otherwise } => {
                by.iter().for_each(|(_, value)| self.value(place, value));
                self.refusal(place, missing);
                self.from(place, from);
                otherwise.iter().for_each(|refusal| self.refusal(place, refusal));
            }
            Act::Lists { conditions } => {
                conditions.iter().for_each(|condition| self.condition(place, condition));
            }
            Act::Answers => {}
        }
        for guard in &rule.guards {
            self.condition(place, &guard.condition);
            self.refusal(place, &guard.refuse);
        }
        self.change(place, &rule.change);
        rule.status.iter().for_each(|(state, _)| self.state(place, state));
        rule.answers.iter().for_each(|(_, value)| self.value(place, value));
    }

    fn event(&mut self, place: &str, event: &Event) {
        event.takes.iter().for_each(|(_, value)| self.value(place, value));
        event.creates.iter().for_each(|state| self.state(place, state));
        self.from(place, &event.from);
        for (list, name) in &event.each {
            let Some(part) = self.lifecycle.parts.get(list) else {
                self.report(place, "part", list);
                continue;
            };
            if let Some(of) = self.other(place, &part.of)
                && of.lifecycle.event_named(name).is_none()
            {
                self.report(place, "event", name);
            }
        }
        for guard in &event.guards {
            self.condition(place, &guard.condition);
            self.refusal(place, &guard.refuse);
        }
        self.change(place, &event.change);
    }

    fn change(&mut self, place: &str, change: &Change) {
        change.sets.iter().for_each(|(_, value)| self.value(place, value));
        for effect in &change.effects {
            effect.condition.iter().for_each(|condition| self.condition(place, condition));
            effect.with.iter().for_each(|(_, value)| self.value(place, value));
            self.effect(place, &effect.on, &effect.event);
        }
        if let Some(notification) = &change.notifies {
            notification.condition.iter().for_each(|condition| self.condition(place, condition));
            notification.sends.iter().for_each(|(_, value)| self.value(place, value));
            let values = notification.account.iter().chain(&notification.to);
            values.for_each(|value| self.value(place, value));
        }
        change.records.iter().for_each(|record| self.value(place, &record.amount));
        let registers = change.registers.iter().flat_map(|registration| &registration.to);
        registers.for_each(|value| self.value(place, value));
    }

    fn effect(&mut self, place: &str, on: &str, event: &str) {
        let parts = self.lifecycle.parts.get(on).map(|part| std::slice::from_ref(&part.of));
        let links = self.lifecycle.links.get(on).map(|link| link.to.as_slice());
        let Some(others) = links.or(parts) else {
            return self.report(place, "link", on);
        };
        for to in others {
            if let Some(other) = self.other(place, to)
                && other.lifecycle.event_named(event).is_none()
            {
                self.report(place, "event", event);
            }
        }
    }

    fn from(&mut self, place: &str, from: &[(String, Target)]) {
        for (state, target) in from {
            self.state(place, state);
            self.target(place, target);
        }
    }

    fn target(&mut self, place: &str, target: &Target) {
        match target {
            Target::State(state) => self.state(place, state),
            Target::Refuse(refusal) => self.refusal(place, refusal),
            Target::Choice(choices) => {
                choices.iter().for_each(|choice| self.target(place, choice));
            }
            Target::Case { condition, then, otherwise } => {
                self.condition(place, condition);
                self.target(place, then);
                self.target(place, otherwise);
            }
        }
    }

    fn value(&mut self, place: &str, value: &Value) {
        match value {
            Value::Field(field) => self.scope(place, &field.scope),
            Value::Constant(_) | Value::Generated { .. } | Value::Now(_) => {}
            Value::First(values)
            | Value::Sum(values)
            | Value::Difference(values)
            | Value::Join(values) => values.iter().for_each(|value| self.value(place, value)),
            Value::Share(values) => values.iter().for_each(|value| self.value(place, value)),
            Value::Count(value) | Value::Age(value) => self.value(place, value),
            Value::SumOf { related, .. } | Value::CountOf(related) => self.related(place, related),
            Value::Each { list, sets } => {
                self.value(place, list);
                sets.iter().for_each(|(_, value)| self.value(place, value));
            }
            Value::List(objects) => {
                objects.iter().flatten().for_each(|(_, value)| self.value(place, value));
            }
            Value::Where { list, condition, .. } => {
                self.value(place, list);
                self.condition(place, condition);
            }
            Value::Case { condition, then, otherwise } => {
                self.condition(place, condition);
                self.value(place, then);
                otherwise.iter().for_each(|value| self.value(place, value));
            }
            Value::Function(call) => self.call(place, call),
        }
    }

    fn scope(&mut self, place: &str, scope: &str) {
        if !SCOPES.contains(&scope) && !self.lifecycle.links.contains_key(scope) {
            self.report(place, "scope", scope);
        }
    }

    fn related(&mut self, place: &str, related: &Related) {
        self.other(place, &related.lifecycle);
        related.condition.iter().for_each(|condition| self.condition(place, condition));
    }

    fn condition(&mut self, place: &str, condition: &Condition) {
        match condition {
            Condition::Present(value)
            | Condition::Absent(value)
            | Condition::Distinct(value)
            | Condition::Among { value, .. } => self.value(place, value),
            Condition::Equal(values)
            | Condition::Differ(values)
            | Condition::Less(values)
            | Condition::AtMost(values) => {
                values.iter().for_each(|value| self.value(place, value));
            }
            Condition::ExactlyOne(values) => {
                values.iter().for_each(|value| self.value(place, value));
            }
            Condition::All(inner) | Condition::Any(inner) => {
                inner.iter().for_each(|condition| self.condition(place, condition));
            }
            Condition::Not(inner) => self.condition(place, inner),
            Condition::Function(call) => self.call(place, call),
        }
    }

    fn call(&mut self, place: &str, call: &Call) {
        if !self.functions.has(&call.name) {
            self.report(place, "function", &call.name);
        }
        call.of.iter().for_each(|value| self.value(place, value));
    }

    fn state(&mut self, place: &str, state: &str) {
        if self.lifecycle.state_named(state).is_none() {
            self.report(place, "state", state);
        }
    }

    fn refusal(&mut self, place: &str, refusal: &str) {
        if !self.lifecycle.refusals.contains_key(refusal) {
            self.report(place, "refusal", refusal);
        }
    }

    /// Returns another lifecycle, and reports one that must exist and does not.
    fn other(&mut self, place: &str, name: &str) -> Option<&'a Definition> {
        let definitions = self.definitions;
        let found = definitions.kind(name).and_then(|kind| definitions.get(kind));
        if found.is_none() && self.strict {
            self.report(place, "lifecycle", name);
        }
        found
    }
}

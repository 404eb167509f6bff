//! Operations: what a merchant's request does. It creates a resource, finds one, or lists some.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::arithmetic::same;
use super::scope::{Cause, Scope};
use super::transaction::{Stop, Transaction, first_key};
use crate::sandbox::lifecycle::describe::FoundRule;
use crate::sandbox::lifecycle::describe::model::{
    Act, Binding, OperationRule, Repeat, Target, Value, named,
};
use crate::sandbox::lifecycle::describe::path::KeyPath;
use crate::sandbox::lifecycle::error::LifecycleError;
use crate::sandbox::lifecycle::keep::resource::{Resource, ResourceId, number};
use crate::sandbox::lifecycle::keep::switch::{CREATES, DIFFERS, switch_name};
use crate::sandbox::lifecycle::show::view;

/// What an operation shows of its result. The response has those members that its descriptor has.
pub(in crate::sandbox) enum Shown {
    Object {
        object: Json,
        /// The status, where it is not that of the descriptor.
        status: Option<u16>,
    },
    List {
        /// Members beside the list.
        beside: Json,
        items: Vec<Json>,
    },
}

/// A request, and the account that sent it.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct Demand<'a> {
    /// Body, query and path; the secrets are plain.
    pub(in crate::sandbox) request: &'a Json,
    pub(in crate::sandbox) owner: &'a Arc<str>,
}

/// The parts of a rule that creates.
#[derive(Clone, Copy)]
struct Creation<'a> {
    found: FoundRule<'a>,
    to: &'a Target,
    repeat: &'a Repeat,
    renews: &'a [(KeyPath, Value)],
}

impl<'d> Demand<'d> {
    fn cause(self) -> Cause<'d> {
        Cause { request: self.request, inputs: &Json::Null, caller: self.owner }
    }
}

impl<'a> Transaction<'a> {
    /// Executes an operation by its rules: the one that creates, else the first that finds, else all that list.
    pub(in crate::sandbox) fn operate(
        &mut self,
        method: &str,
        path: &str,
        demand: Demand<'_>,
    ) -> Result<Shown, Stop> {
        let definitions: &'a _ = self.definitions;
        let rules = definitions.rules(method, path);
        let mut missing = None;
        for found in rules.iter().copied() {
            match &found.rule.act {
                Act::Creates { to, repeat, renews } => {
                    let creation = Creation { found, to, repeat, renews };
                    let id = self.create(creation, demand)?;
                    return self.shown(found.rule, id, demand);
                }
                Act::Finds { by, missing: refusal, .. } => {
                    match self.found(found, by, demand) {
                        Some(id) => {
                            self.move_found(found, id, demand)?;
                            return self.shown(found.rule, id, demand);
                        }
                        None => missing = missing.or(Some((found.kind, refusal))),
                    };
                }
                Act::Lists { .. } => {}
            }
        }
        match missing {
            Some((kind, refusal)) => Err(self.refuse(kind, refusal)),
            None => self.list(&rules, demand),
        }
    }

    fn create(&mut self, creation: Creation<'a>, demand: Demand<'_>) -> Result<ResourceId, Stop> {
        let Creation { found, to, renews, .. } = creation;
        let known = self.own_number(found, demand).and_then(|(key, number)| {
            self.find(found.kind, demand.owner, key, &number).map(|held| held.id)
        });
        let id = match known {
            Some(id) => self.repeat(creation, id, demand)?,
            None => {
                let own = self.begin(found.kind, demand.owner, demand.request.clone());
                self.enter_anew(creation, own, to, CREATES, demand)?
            }
        };
        for (path, value) in renews {
            if let Some(value) = self.scope(id, demand.cause()).value(value) {
                path.set(&mut self.edit(id)?.object, &value);
            }
        }
        Ok(id)
    }

    /// Returns the merchant's own number: that of the request, else the one that the rule sets without generating it.
    fn own_number(
        &self,
        found: FoundRule<'a>,
        demand: Demand<'_>,
    ) -> Option<(&'a KeyPath, String)> {
        let definitions: &'a _ = self.definitions;
        let key = definitions.keys(found.kind).first()?;
        if let Some(number) = key.get(demand.request).and_then(|given| number(&given)) {
            return Some((key, number));
        }
        let (_, value) = found.rule.change.sets.iter().find(|(path, _)| path == key)?;
        if matches!(value, Value::Generated { .. }) {
            return None;
        }
        let value = self.scope_without(found.kind, demand.cause()).value(value)?;
        Some((key, number(&value)?))
    }

    /// Gives a new resource, or an old one with a new request, its links, guards, state and change.
    fn enter_anew(
        &mut self,
        creation: Creation<'a>,
        mut own: Resource,
        to: &'a Target,
        place: &str,
        demand: Demand<'_>,
    ) -> Result<ResourceId, Stop> {
        let FoundRule { kind, name, rule, binding } = creation.found;
        own.request = Arc::new(with_constants(demand.request, binding));
        for (path, value) in &binding.sets {
            path.set(&mut own.object, value);
        }
        let cause = demand.cause();
        own.links = self.links(&own, cause)?;
        let scope = self.scope_of(Some(&own), cause);
        let state = self.target(scope, kind, &switch_name(name, place), to)?;
        self.guard(scope, kind, &rule.guards)?;
        let id = own.id;
        self.add(own);
        self.enter(id, state)?;
        self.change(id, &rule.change, &[], cause)?;
        Ok(id)
    }

    /// Decides what happens to a number that exists already.
    fn repeat(
        &mut self,
        creation: Creation<'a>,
        id: ResourceId,
        demand: Demand<'_>,
    ) -> Result<ResourceId, Stop> {
        let own = self.get(id).ok_or(Stop::Failed(LifecycleError::Gone))?;
        let Creation { found, repeat, .. } = creation;
        let request = with_constants(demand.request, found.binding);
        let resolve = |place: &str, target: &'a Target| {
            let switch = switch_name(found.name, place);
            self.target(self.scope_of(Some(own), demand.cause()), found.kind, &switch, target)
        };
        let by_state = repeat.by_state.iter().find(|(state, _)| *state == own.state);
        let by_state = by_state.map(|(state, target)| (state.as_str(), target));
        // A refusal of the state goes before one of the parameters.
        let to = by_state.map(|(state, target)| resolve(state, target)).transpose()?;
        let differs = repeat.differs.as_ref();
        let differs = differs.filter(|_| !is_repetition(&own.request, &request, &repeat.ignores));
        let (place, target) = match (by_state, differs) {
            (Some(by_state), _) if to.is_some_and(|to| to != own.state) => by_state,
            (_, Some(target)) => (DIFFERS, target),
            _ => return Ok(id),
        };
        let mut own = own.clone();
        if let (Json::Object(held), Json::Object(request)) = (&mut own.object, demand.request) {
            held.extend(request.clone());
        }
        self.enter_anew(creation, own, target, place, demand)
    }

    /// Finds the resource of an operation.
    fn found(
        &self,
        found: FoundRule<'_>,
        by: &[(KeyPath, Value)],
        demand: Demand<'_>,
    ) -> Option<ResourceId> {
        let (key, number) = first_key(by, self.scope_without(found.kind, demand.cause()))?;
        self.find(found.kind, demand.owner, key, &number).map(|held| held.id)
    }

    /// Moves and changes the resource that an operation found.
    fn move_found(
        &mut self,
        found: FoundRule<'a>,
        id: ResourceId,
        demand: Demand<'_>,
    ) -> Result<(), Stop> {
        let FoundRule { kind, name, rule, binding } = found;
        let Act::Finds { from, otherwise, .. } = &rule.act else { return Ok(()) };
        let cause = demand.cause();
        let own = self.get(id).ok_or(Stop::Failed(LifecycleError::Gone))?;
        let state = own.state.clone();
        if !from.is_empty() || !changes_nothing(rule, binding) {
            self.edit(id)?.before.clone_from(&state);
        }
        let scope = self.scope(id, cause);
        if from.is_empty() {
            self.guard(scope, kind, &rule.guards)?;
            return match changes_nothing(rule, binding) {
                true => Ok(()),
                false => self.change_bound(found, id, cause),
            };
        }
        let Some(target) = named(from, &state) else {
            return Err(match otherwise {
                Some(refusal) => self.refuse(kind, refusal),
                None => Stop::Failed(LifecycleError::NotPossible {
                    event: name.to_owned(),
                    state,
                    possible: Vec::new(),
                }),
            });
        };
        let target = self.target(scope, kind, &switch_name(name, &state), target)?;
        self.guard(scope, kind, &rule.guards)?;
        self.enter(id, target)?;
        self.change_bound(found, id, cause)
    }

    fn change_bound(
        &mut self,
        found: FoundRule<'a>,
        id: ResourceId,
        cause: Cause<'_>,
    ) -> Result<(), Stop> {
        for (path, value) in &found.binding.sets {
            path.set(&mut self.edit(id)?.object, value);
        }
        self.change(id, &found.rule.change, &[], cause)
    }

    fn shown(
        &self,
        rule: &OperationRule,
        id: ResourceId,
        demand: Demand<'_>,
    ) -> Result<Shown, Stop> {
        let own = self.get(id).ok_or(Stop::Failed(LifecycleError::Gone))?;
        let object = view::shown(self.lifecycle(own.kind)?, own);
        let object = answered(self.scope(id, demand.cause()), rule, object);
        Ok(Shown::Object { object, status: named(&rule.status, &own.state).copied() })
    }

    /// Lists the resources of all rules, the oldest first.
    fn list(&self, rules: &[FoundRule<'_>], demand: Demand<'_>) -> Result<Shown, Stop> {
        let cause = demand.cause();
        let (mut beside, mut items) = (Json::Object(Map::new()), Vec::new());
        for found in rules {
            let Act::Lists { conditions } = &found.rule.act else { continue };
            let lifecycle = self.lifecycle(found.kind)?;
            self.guard(self.scope_without(found.kind, cause), found.kind, &found.rule.guards)?;
            for own in self.store.owned(found.kind, demand.owner) {
                let scope = self.scope_of(Some(own), cause);
                if conditions.iter().all(|condition| scope.holds(condition)) {
                    items.push(view::shown(lifecycle, own));
                }
            }
            beside = answered(self.scope_without(found.kind, cause), found.rule, beside);
        }
        Ok(Shown::List { beside, items })
    }
}

/// Sets the members of one response only, and removes those that it does not have.
fn answered(scope: Scope<'_>, rule: &OperationRule, object: Json) -> Json {
    let mut object = scope.changed(object, &rule.answers);
    rule.leaves_out.iter().for_each(|path| path.remove(&mut object));
    object
}

/// Returns whether an operation that finds a resource only reads it.
pub(in crate::sandbox) fn changes_nothing(rule: &OperationRule, binding: &Binding) -> bool {
    let change = &rule.change;
    binding.sets.is_empty()
        && change.stores.is_empty()
        && change.sets.is_empty()
        && change.removes.is_empty()
        && change.effects.is_empty()
        && change.notifies.is_none()
        && change.records.is_none()
        && change.registers.is_none()
}

/// Adds the constants of an operation to the request's values: another operation has other parameters.
fn with_constants(request: &Json, binding: &Binding) -> Json {
    let mut request = request.clone();
    binding.sets.iter().for_each(|(path, value)| path.set(&mut request, value));
    request
}

/// Returns whether a request repeats another one. Some parameters may differ.
fn is_repetition(first: &Json, second: &Json, ignores: &[KeyPath]) -> bool {
    if ignores.is_empty() {
        return same(first, second);
    }
    let without = |request: &Json| {
        let mut request = request.clone();
        ignores.iter().for_each(|path| path.remove(&mut request));
        request
    };
    same(&without(first), &without(second))
}

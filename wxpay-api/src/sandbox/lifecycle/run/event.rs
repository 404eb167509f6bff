//! Events: what a user or WeChat Pay does to a resource, and what time brings.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::scope::Cause;
use super::transaction::{Stop, Transaction};
use crate::sandbox::lifecycle::describe::model::{Event, Lifecycle, Target, named};
use crate::sandbox::lifecycle::error::LifecycleError;
use crate::sandbox::lifecycle::keep::clock::Moment;
use crate::sandbox::lifecycle::keep::resource::{Kind, Resource, ResourceId};
use crate::sandbox::lifecycle::keep::switch::switch_name;

/// The most events that follow from each other.
const DEEPEST: usize = 32;

impl<'a> Transaction<'a> {
    /// Fires an event of a resource. `inside` stands for effects, parts and timers, which may cause internal events.
    pub(in crate::sandbox) fn fire(
        &mut self,
        id: ResourceId,
        name: &str,
        given: &Json,
        caller: &str,
        inside: bool,
    ) -> Result<(), Stop> {
        let own = self.get(id).ok_or(Stop::Failed(LifecycleError::Gone))?;
        let (kind, from) = (own.kind, own.state.clone());
        let event = self.event(kind, name, inside)?;
        if self.depth >= DEEPEST {
            return Err(self.impossible(own, name));
        }
        let target = named(&event.from, &from).ok_or_else(|| self.impossible(own, name))?;
        self.edit(id)?.before.clone_from(&from);
        let own = self.get(id).ok_or(Stop::Failed(LifecycleError::Gone))?;
        let inputs = self.inputs(Some(own), name, event, given, caller)?;
        let cause = Cause { request: &Json::Null, inputs: &inputs, caller };
        let scope = self.scope(id, cause);
        let state = self.target(scope, kind, &switch_name(name, &from), target)?;
        self.guard(scope, kind, &event.guards)?;
        self.depth += 1;
        self.enter(id, state)?;
        self.change(id, &event.change, &event.each, cause)?;
        self.depth -= 1;
        Ok(())
    }

    /// Creates a resource by an event: the named one, else the first that creates.
    pub(in crate::sandbox) fn create_by_event(
        &mut self,
        kind: Kind,
        name: Option<&str>,
        given: &Json,
        owner: &Arc<str>,
    ) -> Result<ResourceId, Stop> {
        let definition = self.definition(kind)?;
        let creating =
            definition.lifecycle.events.iter().find(|(_, event)| event.creates.is_some());
        let name = match (name, creating) {
            (Some(name), _) => name,
            (None, Some((name, _))) => name,
            (None, None) => return Err(nothing_creates(&definition.name)),
        };
        let event = self.event(kind, name, false)?;
        let state = event.creates.as_ref().ok_or_else(|| nothing_creates(&definition.name))?;
        let mut own = self.begin(kind, owner, Json::Object(Map::new()));
        // Links are found by inputs, and the usual values of inputs may come from links.
        let inputs = self.inputs(Some(&own), name, event, given, owner)?;
        let cause = Cause { request: &Json::Null, inputs: &inputs, caller: owner };
        own.links = self.links(&own, cause)?;
        let inputs = self.inputs(Some(&own), name, event, given, owner)?;
        let cause = Cause { request: &Json::Null, inputs: &inputs, caller: owner };
        self.guard(self.scope_of(Some(&own), cause), kind, &event.guards)?;
        let id = own.id;
        self.add(own);
        self.enter(id, state)?;
        self.change(id, &event.change, &event.each, cause)?;
        if let Some(own) = self.get(id) {
            self.must_be_new(own)?;
        }
        Ok(id)
    }

    /// Fires the timer of a resource that is due at a moment.
    pub(in crate::sandbox) fn fire_timer(
        &mut self,
        id: ResourceId,
        timer: usize,
    ) -> Result<(), Stop> {
        let own = self.get(id).ok_or(Stop::Failed(LifecycleError::Gone))?;
        let (kind, owner) = (own.kind, Arc::clone(&own.owner));
        let timer = self.lifecycle(kind)?.timers.get(timer);
        let timer = timer.ok_or(Stop::Failed(LifecycleError::Gone))?;
        self.fire(id, &timer.event, &Json::Null, &owner, true)
    }

    /// Notes that a timer fired, so that it does not fire again for the same moment.
    pub(in crate::sandbox) fn note_timer(
        &mut self,
        id: ResourceId,
        due: Moment,
        timer: usize,
    ) -> Result<(), Stop> {
        let fired = &mut self.edit(id)?.fired;
        fired.retain(|(_, index)| *index != timer);
        fired.push((due, timer));
        Ok(())
    }

    /// Returns whether an event can happen in the state of a resource.
    pub(super) fn is_possible(&self, own: &Resource, name: &str) -> bool {
        self.lifecycle(own.kind).is_ok_and(|lifecycle| can_happen(lifecycle, own, name))
    }

    /// Returns the inputs that an event takes of those given to another one.
    pub(super) fn inputs_of(&self, own: &Resource, name: &str, given: &Json) -> Json {
        let event = self.lifecycle(own.kind).ok().and_then(|it| it.event_named(name));
        let takes = event.into_iter().flat_map(|event| &event.takes);
        let inputs = takes.filter_map(|(name, _)| Some((name.clone(), given.get(name)?.clone())));
        Json::Object(inputs.collect())
    }

    /// Returns an event of a lifecycle.
    fn event(&self, kind: Kind, name: &str, inside: bool) -> Result<&'a Event, Stop> {
        let definition = self.definition(kind)?;
        let lifecycle = definition.name.clone();
        match definition.lifecycle.event_named(name) {
            Some(event) if event.internal && !inside => {
                let event = name.to_owned();
                Err(Stop::Failed(LifecycleError::InternalEvent { lifecycle, event }))
            }
            Some(event) => Ok(event),
            None => {
                let known = definition.lifecycle.events.iter();
                let known = known.filter(|(_, event)| !event.internal);
                let known = known.map(|(name, _)| name.clone()).collect();
                let event = name.to_owned();
                Err(Stop::Failed(LifecycleError::UnknownEvent { lifecycle, event, known }))
            }
        }
    }

    /// Returns the inputs of an event, those that are not given with their usual value.
    pub(in crate::sandbox) fn inputs(
        &self,
        own: Option<&Resource>,
        name: &str,
        event: &Event,
        given: &Json,
        caller: &str,
    ) -> Result<Json, Stop> {
        let given = match given {
            Json::Object(given) => given.clone(),
            Json::Null => Map::new(),
            _ => return Err(Stop::Failed(LifecycleError::InputsNotObject)),
        };
        if let Some(unknown) = given.keys().find(|it| named(&event.takes, it).is_none()) {
            return Err(Stop::Failed(LifecycleError::UnknownInput {
                event: name.to_owned(),
                input: unknown.clone(),
                known: event.takes.iter().map(|(name, _)| name.clone()).collect(),
            }));
        }
        let mut inputs = Json::Object(given);
        for (name, usual) in &event.takes {
            if inputs.get(name).is_some_and(|given| !given.is_null()) {
                continue;
            }
            let cause = Cause { request: &Json::Null, inputs: &inputs, caller };
            let usual = self.scope_of(own, cause).value(usual);
            if let (Some(usual), Json::Object(inputs)) = (usual, &mut inputs) {
                inputs.insert(name.clone(), usual);
            }
        }
        Ok(inputs)
    }

    fn impossible(&self, own: &Resource, name: &str) -> Stop {
        let possible = self.lifecycle(own.kind).map(|it| possible_events(it, own));
        let possible = possible.into_iter().flatten().map(|(name, _)| name.to_owned());
        Stop::Failed(LifecycleError::NotPossible {
            event: name.to_owned(),
            state: own.state.clone(),
            possible: possible.collect(),
        })
    }
}

/// Returns the events that an outsider can cause in the state of a resource.
pub(in crate::sandbox) fn possible_events<'a>(
    lifecycle: &'a Lifecycle,
    own: &Resource,
) -> Vec<(&'a str, &'a Event)> {
    let outside = lifecycle.events.iter().filter(|(_, event)| {
        let target = named(&event.from, &own.state);
        !event.internal && target.is_some_and(|target| !matches!(target, Target::Refuse(_)))
    });
    outside.map(|(name, event)| (name.as_str(), event)).collect()
}

fn can_happen(lifecycle: &Lifecycle, own: &Resource, name: &str) -> bool {
    lifecycle.event_named(name).is_some_and(|event| named(&event.from, &own.state).is_some())
}

fn nothing_creates(lifecycle: &str) -> Stop {
    Stop::Failed(LifecycleError::NothingCreates { lifecycle: lifecycle.to_owned() })
}

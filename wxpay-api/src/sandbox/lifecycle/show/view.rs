//! Views of resources, and of the events that can happen.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::arrows::{ArrowView, arrows};
use crate::sandbox::lifecycle::describe::model::{Event, Lifecycle, State, Value};
use crate::sandbox::lifecycle::describe::{Definition, Definitions};
use crate::sandbox::lifecycle::keep::resource::{Resource, ResourceId};
use crate::sandbox::lifecycle::keep::store::Store;

/// Returns the object of a resource without the members that its state does not show.
pub(in crate::sandbox) fn shown(lifecycle: &Lifecycle, resource: &Resource) -> Json {
    let mut object = resource.object.clone();
    for (path, states) in &lifecycle.only_in {
        if !states.contains(&resource.state) {
            path.remove(&mut object);
        }
    }
    object
}

/// A lifecycle of the books.
#[derive(Clone, Debug, Serialize)]
pub(in crate::sandbox) struct LifecycleView {
    /// The name, such as `pay/transaction`.
    pub(in crate::sandbox) name: String,
    /// The official name of the resource.
    pub(in crate::sandbox) title: String,
    /// The members that name one resource.
    pub(in crate::sandbox) keys: Vec<String>,
    /// The states with their labels, in the order of the descriptor.
    pub(in crate::sandbox) states: Vec<StateView>,
    /// The events that outsiders cause.
    pub(in crate::sandbox) events: Vec<EventView>,
    /// The ways between the states, for a diagram.
    pub(in crate::sandbox) arrows: Vec<ArrowView>,
}

/// A state of a lifecycle.
#[derive(Clone, Debug, Serialize)]
pub(in crate::sandbox) struct StateView {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) title: String,
}

/// An event that an outsider can cause.
#[derive(Clone, Debug, Serialize)]
pub(in crate::sandbox) struct EventView {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) title: String,
    /// Whether it creates a resource.
    pub(in crate::sandbox) creates: bool,
    /// Its inputs, with the value that each has if it is not given; `null` if there is none.
    pub(in crate::sandbox) inputs: Map<String, Json>,
}

/// A resource as it is now.
#[derive(Clone, Serialize)]
pub(in crate::sandbox) struct ResourceView {
    pub(in crate::sandbox) id: ResourceId,
    /// The name of its lifecycle.
    pub(in crate::sandbox) lifecycle: String,
    /// The official name of the resource.
    pub(in crate::sandbox) title: String,
    /// The merchant number or brand id of the account that has it.
    pub(in crate::sandbox) owner: String,
    /// The keys that it has, by member.
    pub(in crate::sandbox) keys: Map<String, Json>,
    pub(in crate::sandbox) state: String,
    pub(in crate::sandbox) state_title: String,
    /// The object, without the members that the state does not show. Secrets are plain.
    pub(in crate::sandbox) object: Json,
    /// The object with all members, those too that no response shows.
    pub(in crate::sandbox) remembered: Json,
    /// Business times, RFC 3339 in Beijing.
    pub(in crate::sandbox) created: String,
    pub(in crate::sandbox) entered: String,
    /// Resources that it belongs to, by the link's name.
    pub(in crate::sandbox) links: Vec<LinkView>,
    /// The resource that it is a part of.
    pub(in crate::sandbox) whole: Option<ResourceId>,
    pub(in crate::sandbox) parts: Vec<ResourceId>,
    /// The events that can happen now.
    pub(in crate::sandbox) events: Vec<EventView>,
}

/// Another resource that a resource belongs to.
#[derive(Clone, Debug, Serialize)]
pub(in crate::sandbox) struct LinkView {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) id: ResourceId,
    pub(in crate::sandbox) lifecycle: String,
    /// The other resource's own number.
    pub(in crate::sandbox) number: String,
}

impl LifecycleView {
    pub(in crate::sandbox) fn of(definition: &Definition) -> Self {
        let Definition { name, lifecycle } = definition;
        let states = lifecycle.states.iter();
        let events = lifecycle.events.iter().filter(|(_, event)| !event.internal);
        Self {
            name: name.clone(),
            title: lifecycle.title.clone(),
            keys: lifecycle.keys.iter().map(|key| key.as_str().to_owned()).collect(),
            states: states.map(|(name, state)| StateView::of(name, state)).collect(),
            events: events.map(|(name, event)| EventView::of(name, event, usual(event))).collect(),
            arrows: arrows(lifecycle),
        }
    }
}

impl StateView {
    fn of(name: &str, state: &State) -> Self {
        Self { name: name.to_owned(), title: state.title.clone() }
    }
}

impl EventView {
    pub(in crate::sandbox) fn of(name: &str, event: &Event, inputs: Map<String, Json>) -> Self {
        let (name, title) = (name.to_owned(), event.title.clone());
        Self { name, title, creates: event.creates.is_some(), inputs }
    }
}

/// Returns the inputs of an event, of which only constants are known without a resource.
fn usual(event: &Event) -> Map<String, Json> {
    let inputs = event.takes.iter().map(|(name, value)| match value {
        Value::Constant(constant) => (name.clone(), constant.clone()),
        _ => (name.clone(), Json::Null),
    });
    inputs.collect()
}

impl ResourceView {
    /// Returns the view of a resource. `events` are those that can happen now.
    pub(in crate::sandbox) fn of(
        definitions: &Definitions,
        store: &Store,
        resource: &Resource,
        events: Vec<EventView>,
    ) -> Option<Self> {
        let Definition { name, lifecycle } = definitions.get(resource.kind)?;
        let keys = resource.numbers(&lifecycle.keys).filter_map(|(index, number)| {
            Some((lifecycle.keys.get(index)?.as_str().to_owned(), Json::from(number)))
        });
        let state = lifecycle.state_named(&resource.state);
        let links = resource.links.iter();
        Some(Self {
            id: resource.id,
            lifecycle: name.clone(),
            title: lifecycle.title.clone(),
            owner: resource.owner.as_ref().to_owned(),
            keys: keys.collect(),
            state: resource.state.clone(),
            state_title: state.map(|state| state.title.clone()).unwrap_or_default(),
            object: shown(lifecycle, resource),
            remembered: resource.object.clone(),
            created: resource.created.rfc3339(),
            entered: resource.entered.rfc3339(),
            links: links.filter_map(|(name, id)| link(definitions, store, name, *id)).collect(),
            whole: resource.whole.as_ref().map(|whole| whole.id),
            parts: resource.parts.clone(),
            events,
        })
    }
}

fn link(definitions: &Definitions, store: &Store, name: &str, id: ResourceId) -> Option<LinkView> {
    let other = store.get(id)?;
    let definition = definitions.get(other.kind)?;
    let number = other.numbers(&definition.lifecycle.keys).next();
    let number = number.map(|(_, number)| number).unwrap_or_default();
    Some(LinkView { name: name.to_owned(), id, lifecycle: definition.name.clone(), number })
}

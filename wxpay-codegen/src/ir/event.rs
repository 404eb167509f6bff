use super::{Docs, Gate, Ident, TypePath};

/// The enum of everything that a notification may carry, and how to tell.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Events {
    pub(crate) events: Vec<Event>,
}

/// One resource that notifications may carry.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Event {
    pub(crate) name: Ident,
    pub(crate) docs: Docs,
    pub(crate) gate: Gate,
    pub(crate) resource: TypePath,
    pub(crate) shape: NotificationShape,
}

/// What tells a resource from others of the same event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct NotificationShape {
    pub(crate) events: Vec<String>,
    pub(crate) original_type: Option<String>,
    pub(crate) present: Vec<String>,
    pub(crate) absent: Vec<String>,
}

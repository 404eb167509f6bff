//! Lifecycles: the states of a resource, and what moves it from one to another.
//!
//! The sandbox's books hold lifecycles in the form that `serde` gives these types.

mod change;
mod operation;
mod value;
mod walk;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use super::Note;
pub use change::{Change, Effect, Event, Notice, Record, Registration, Timer};
pub use operation::{Act, Binding, Guard, OperationRule, Repeat, Target};
pub use value::{Call, Condition, Related, TimeForm, Value};

/// How one kind of resource lives.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lifecycle {
    /// The path of the file below the descriptor folder, with `/`.
    #[serde(skip)]
    pub source: String,
    /// The family whose operations it plays.
    #[serde(skip)]
    pub family: String,
    /// The official name of the resource.
    pub title: String,
    /// Official pages.
    #[serde(skip)]
    pub docs: Vec<String>,
    /// A remark for the reader.
    #[serde(skip)]
    pub note: Option<Note>,
    /// The members that name one resource. The first is the merchant's own number.
    pub keys: Vec<String>,
    /// The member that holds the state's name.
    pub state: Option<String>,
    /// The states, in the order of the descriptor.
    pub states: Vec<(String, State)>,
    /// Members by key path, and the only states that show them.
    pub only_in: Vec<(String, Vec<String>)>,
    /// Other resources that this one belongs to, by the link's name.
    pub links: BTreeMap<String, Link>,
    /// Lists whose elements have a lifecycle of their own, by the list's name.
    pub parts: BTreeMap<String, Part>,
    /// Limits that each merchant has configured, by name.
    pub settings: Vec<(String, Setting)>,
    /// Refusals by name. A refusal of several choices is a switch; the first is the default.
    pub refusals: BTreeMap<String, Vec<RefusalChoice>>,
    /// What operations do, by a name of the descriptor.
    pub operations: Vec<(String, OperationRule)>,
    /// What a user or WeChat Pay does, by a name of the descriptor.
    pub events: Vec<(String, Event)>,
    /// The events that time brings.
    pub timers: Vec<Timer>,
}

impl Lifecycle {
    /// Returns a state by its name.
    #[must_use]
    pub fn state_named(&self, name: &str) -> Option<&State> {
        self.states.iter().find(|(held, _)| held == name).map(|(_, state)| state)
    }

    /// Returns an event by its name.
    #[must_use]
    pub fn event_named(&self, name: &str) -> Option<&Event> {
        self.events.iter().find(|(held, _)| held == name).map(|(_, event)| event)
    }
}

/// One state of a resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct State {
    /// The official label.
    pub title: String,
    /// A remark for the reader.
    #[serde(skip)]
    pub note: Option<Note>,
    /// Members by key path, with the constant that each has in this state.
    pub shows: Vec<(String, Json)>,
}

/// Another resource that a resource belongs to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    /// The lifecycles in which the other resource is looked for.
    pub to: Vec<String>,
    /// Keys of the other resource, with their value. The first with a value counts.
    pub by: Vec<(String, Value)>,
    /// The states that the other resource must have; any if empty.
    pub states: Vec<String>,
    /// The refusal if there is no such resource. Without it, the link may be missing.
    pub missing: Option<String>,
}

/// The elements of a list that have a lifecycle of their own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// Their lifecycle.
    pub of: String,
    /// The state in which they begin.
    pub state: String,
}

/// A limit that each merchant has configured. Tests change it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Setting {
    /// The official name.
    pub title: String,
    /// The usual value; `null` if there is no limit.
    pub value: Json,
}

/// One way in which WeChat Pay refuses.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RefusalChoice {
    /// The HTTP status.
    pub status: u16,
    /// The code.
    pub code: String,
    /// The message, for people.
    pub message: String,
    /// How certain it is.
    #[serde(skip)]
    pub confidence: Option<Confidence>,
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Confidence {
    /// A page of WeChat Pay.
    Official,
    /// WeChat Pay's repository of texts for assistants.
    Skills,
    /// A comment or an enum of WeChat Pay's own SDKs.
    Sdk,
    /// A response of the live service that a merchant quoted.
    Real,
    /// A third party's copy of a page.
    Copy,
    /// General knowledge.
    Assumed,
    /// Nobody has seen it.
    Unknown,
}

impl Confidence {
    /// All of them, the most certain first.
    pub const ALL: [Self; 7] = [
        Self::Official,
        Self::Skills,
        Self::Sdk,
        Self::Real,
        Self::Copy,
        Self::Assumed,
        Self::Unknown,
    ];

    /// Returns the word in descriptors.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Skills => "skills",
            Self::Sdk => "sdk",
            Self::Real => "real",
            Self::Copy => "copy",
            Self::Assumed => "assumed",
            Self::Unknown => "unknown",
        }
    }
}

//! Changes of a resource, and the events and timers that bring them.

use serde::Serialize;

use super::{Condition, Confidence, Guard, Target, Value};
use crate::model::Note;

/// How an operation or an event changes a resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Change {
    /// Key paths that the resource takes from the request.
    pub stores: Vec<String>,
    /// Members by key path, with their value.
    pub sets: Vec<(String, Value)>,
    /// Key paths that go.
    pub removes: Vec<String>,
    /// Events of other resources.
    pub effects: Vec<Effect>,
    /// The notification that follows.
    pub notifies: Option<Notice>,
    /// Money that moves.
    pub records: Option<Record>,
    /// URLs for notifications that the merchant registers.
    pub registers: Option<Registration>,
}

/// An event of another resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Effect {
    /// The condition without which it does not happen.
    #[serde(rename = "if")]
    pub condition: Option<Condition>,
    /// The link to the other resource, or a list of parts.
    pub on: String,
    /// The event.
    #[serde(rename = "do")]
    pub event: String,
    /// The inputs of the event.
    pub with: Vec<(String, Value)>,
}

/// A notification that follows a change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Notice {
    /// The condition without which it is not sent.
    #[serde(rename = "if")]
    pub condition: Option<Condition>,
    /// Its event type.
    pub event: String,
    /// Members that differ from the resource's, by key path.
    pub sends: Vec<(String, Value)>,
    /// The merchant or brand that is notified. Without it, the owner of the resource.
    pub account: Option<Value>,
    /// Its URL. Without it, the resource's `notify_url`, else the one that the merchant registered.
    pub to: Option<Value>,
}

/// Money that moves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Record {
    /// The kind, such as `payment` or `refund`.
    pub kind: String,
    /// The amount in fen.
    pub amount: Value,
}

/// A URL for notifications that the merchant registers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Registration {
    /// An event type, or the beginning of several.
    pub event: String,
    /// The URL. Without it, the sandbox forgets the URL.
    pub to: Option<Value>,
}

/// What a user or WeChat Pay does to a resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// The title.
    pub title: String,
    /// A remark for the reader.
    #[serde(skip)]
    pub note: Option<Note>,
    /// How certain it is.
    #[serde(skip)]
    pub confidence: Option<Confidence>,
    /// Whether only effects, parts and timers cause it.
    pub internal: bool,
    /// Inputs, with the value that each has if it is not given.
    pub takes: Vec<(String, Value)>,
    /// The state of a new resource, if the event creates one.
    pub creates: Option<String>,
    /// Targets by state. In other states the event cannot happen.
    pub from: Vec<(String, Target)>,
    /// Events of parts, by the list's name.
    pub each: Vec<(String, String)>,
    /// What must hold.
    pub guards: Vec<Guard>,
    /// The change of the resource.
    pub change: Change,
}

/// An event that time brings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Timer {
    /// The states in which it runs.
    #[serde(rename = "in")]
    pub states: Vec<String>,
    /// The duration in seconds.
    pub after: u64,
    /// The time that it counts from; otherwise when the resource entered its state.
    pub since: Option<Value>,
    /// The event.
    #[serde(rename = "do")]
    pub event: String,
    /// How certain it is.
    #[serde(skip)]
    pub confidence: Option<Confidence>,
}

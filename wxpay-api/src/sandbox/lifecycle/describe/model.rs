//! Lifecycles as the books hold them: the mirror of `wxpay_spec::model::lifecycle`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

use super::path::{FieldPath, KeyPath};

/// How one kind of resource lives.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::sandbox) struct Lifecycle {
    pub(in crate::sandbox) title: String,
    /// The first is the merchant's own number.
    pub(in crate::sandbox) keys: Vec<KeyPath>,
    /// The member that holds the state's name.
    #[serde(default)]
    pub(in crate::sandbox) state: Option<KeyPath>,
    pub(in crate::sandbox) states: Vec<(String, State)>,
    #[serde(default)]
    pub(in crate::sandbox) only_in: Vec<(KeyPath, Vec<String>)>,
    #[serde(default)]
    pub(in crate::sandbox) links: BTreeMap<String, Link>,
    #[serde(default)]
    pub(in crate::sandbox) parts: BTreeMap<String, Part>,
    /// Limits that each merchant has configured.
    #[serde(default)]
    pub(in crate::sandbox) settings: Vec<(String, Setting)>,
    #[serde(default)]
    pub(in crate::sandbox) refusals: BTreeMap<String, Vec<RefusalChoice>>,
    #[serde(default)]
    pub(in crate::sandbox) operations: Vec<(String, OperationRule)>,
    #[serde(default)]
    pub(in crate::sandbox) events: Vec<(String, Event)>,
    #[serde(default)]
    pub(in crate::sandbox) timers: Vec<Timer>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in crate::sandbox) struct State {
    pub(in crate::sandbox) title: String,
    #[serde(default)]
    pub(in crate::sandbox) shows: Vec<(KeyPath, Json)>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in crate::sandbox) struct Link {
    pub(in crate::sandbox) to: Vec<String>,
    /// Keys of the other resource. The first with a value counts.
    #[serde(default)]
    pub(in crate::sandbox) by: Vec<(KeyPath, Value)>,
    /// The states that the other resource must have; any if empty.
    #[serde(default)]
    pub(in crate::sandbox) states: Vec<String>,
    /// Without it, the link may be missing.
    #[serde(default)]
    pub(in crate::sandbox) missing: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in crate::sandbox) struct Part {
    pub(in crate::sandbox) of: String,
    pub(in crate::sandbox) state: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(in crate::sandbox) struct Setting {
    pub(in crate::sandbox) title: String,
    pub(in crate::sandbox) value: Json,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(in crate::sandbox) struct RefusalChoice {
    pub(in crate::sandbox) status: u16,
    pub(in crate::sandbox) code: String,
    pub(in crate::sandbox) message: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(in crate::sandbox) struct OperationRule {
    pub(in crate::sandbox) on: Vec<Binding>,
    pub(in crate::sandbox) act: Act,
    #[serde(default)]
    pub(in crate::sandbox) guards: Vec<Guard>,
    #[serde(default)]
    pub(in crate::sandbox) change: Change,
    /// The HTTP status by state, where it is not that of the descriptor.
    #[serde(default)]
    pub(in crate::sandbox) status: Vec<(String, u16)>,
    #[serde(default)]
    pub(in crate::sandbox) answers: Vec<(KeyPath, Value)>,
    #[serde(default)]
    pub(in crate::sandbox) leaves_out: Vec<KeyPath>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in crate::sandbox) struct Binding {
    pub(in crate::sandbox) method: String,
    pub(in crate::sandbox) path: String,
    #[serde(default)]
    pub(in crate::sandbox) sets: Vec<(KeyPath, Json)>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sandbox) enum Act {
    Creates {
        to: Target,
        #[serde(default)]
        repeat: Repeat,
        /// Members that every call sets, a repeated one too.
        #[serde(default)]
        renews: Vec<(KeyPath, Value)>,
    },
    Finds {
        /// The first with a value counts.
        by: Vec<(KeyPath, Value)>,
        missing: String,
        /// Empty if the operation only reads.
        #[serde(default)]
        from: Vec<(String, Target)>,
        #[serde(default)]
        otherwise: Option<String>,
    },
    Lists {
        #[serde(default)]
        conditions: Vec<Condition>,
    },
    /// It needs no resource.
    Answers,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(in crate::sandbox) struct Repeat {
    #[serde(default)]
    pub(in crate::sandbox) differs: Option<Target>,
    #[serde(default)]
    pub(in crate::sandbox) ignores: Vec<KeyPath>,
    #[serde(default, rename = "in")]
    pub(in crate::sandbox) by_state: Vec<(String, Target)>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sandbox) enum Target {
    State(String),
    Refuse(String),
    Choice(Vec<Target>),
    Case { condition: Box<Condition>, then: Box<Target>, otherwise: Box<Target> },
}

#[derive(Clone, Debug, Deserialize)]
pub(in crate::sandbox) struct Guard {
    pub(in crate::sandbox) condition: Condition,
    pub(in crate::sandbox) refuse: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sandbox) struct Change {
    pub(in crate::sandbox) stores: Vec<KeyPath>,
    pub(in crate::sandbox) sets: Vec<(KeyPath, Value)>,
    pub(in crate::sandbox) removes: Vec<KeyPath>,
    pub(in crate::sandbox) effects: Vec<Effect>,
    pub(in crate::sandbox) notifies: Option<NotificationRule>,
    pub(in crate::sandbox) records: Option<Record>,
    pub(in crate::sandbox) registers: Option<Registration>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in crate::sandbox) struct Effect {
    #[serde(default, rename = "if")]
    pub(in crate::sandbox) condition: Option<Condition>,
    pub(in crate::sandbox) on: String,
    #[serde(rename = "do")]
    pub(in crate::sandbox) event: String,
    #[serde(default)]
    pub(in crate::sandbox) with: Vec<(String, Value)>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in crate::sandbox) struct NotificationRule {
    #[serde(default, rename = "if")]
    pub(in crate::sandbox) condition: Option<Condition>,
    pub(in crate::sandbox) event: String,
    #[serde(default)]
    pub(in crate::sandbox) sends: Vec<(KeyPath, Value)>,
    /// The merchant or brand that is notified; the owner of the resource without it.
    #[serde(default)]
    pub(in crate::sandbox) account: Option<Value>,
    #[serde(default)]
    pub(in crate::sandbox) to: Option<Value>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in crate::sandbox) struct Record {
    pub(in crate::sandbox) kind: String,
    pub(in crate::sandbox) amount: Value,
}

#[derive(Clone, Debug, Deserialize)]
pub(in crate::sandbox) struct Registration {
    pub(in crate::sandbox) event: String,
    #[serde(default)]
    pub(in crate::sandbox) to: Option<Value>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in crate::sandbox) struct Event {
    pub(in crate::sandbox) title: String,
    #[serde(default)]
    pub(in crate::sandbox) internal: bool,
    #[serde(default)]
    pub(in crate::sandbox) takes: Vec<(String, Value)>,
    /// The state of a new resource, if the event creates one.
    #[serde(default)]
    pub(in crate::sandbox) creates: Option<String>,
    #[serde(default)]
    pub(in crate::sandbox) from: Vec<(String, Target)>,
    /// Events of parts, by the list's name.
    #[serde(default)]
    pub(in crate::sandbox) each: Vec<(String, String)>,
    #[serde(default)]
    pub(in crate::sandbox) guards: Vec<Guard>,
    #[serde(default)]
    pub(in crate::sandbox) change: Change,
}

#[derive(Clone, Debug, Deserialize)]
pub(in crate::sandbox) struct Timer {
    #[serde(rename = "in")]
    pub(in crate::sandbox) states: Vec<String>,
    /// In seconds.
    pub(in crate::sandbox) after: u64,
    #[serde(default)]
    pub(in crate::sandbox) since: Option<Value>,
    #[serde(rename = "do")]
    pub(in crate::sandbox) event: String,
}

/// A value that is computed when it is needed.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sandbox) enum Value {
    Constant(Json),
    Field(FieldPath),
    Generated { prefix: String, length: u16, digits: bool },
    Now(TimeForm),
    First(Vec<Value>),
    Sum(Vec<Value>),
    Difference(Vec<Value>),
    Share(Box<[Value; 3]>),
    Count(Box<Value>),
    SumOf { field: KeyPath, related: Related },
    CountOf(Related),
    Age(Box<Value>),
    Each { list: Box<Value>, sets: Vec<(KeyPath, Value)> },
    List(Vec<Vec<(KeyPath, Value)>>),
    Join(Vec<Value>),
    Where { list: Box<Value>, condition: Box<Condition>, take: Option<KeyPath> },
    Case { condition: Box<Condition>, then: Box<Value>, otherwise: Option<Box<Value>> },
    Function(Call),
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sandbox) enum TimeForm {
    DateTime,
    CompactTime,
    Date,
    CompactDate,
    Seconds,
}

#[derive(Clone, Debug, Deserialize)]
pub(in crate::sandbox) struct Related {
    #[serde(rename = "in")]
    pub(in crate::sandbox) lifecycle: String,
    /// The link that both have, `own`, or `caller`.
    pub(in crate::sandbox) by: String,
    /// The name of their link; the same as `by` unless given.
    #[serde(default)]
    pub(in crate::sandbox) link: Option<String>,
    #[serde(default)]
    pub(in crate::sandbox) states: Vec<String>,
    #[serde(default, rename = "where")]
    pub(in crate::sandbox) condition: Option<Box<Condition>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in crate::sandbox) struct Call {
    pub(in crate::sandbox) name: String,
    #[serde(default)]
    pub(in crate::sandbox) of: Vec<Value>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sandbox) enum Condition {
    Present(Value),
    Absent(Value),
    Equal(Box<[Value; 2]>),
    Differ(Box<[Value; 2]>),
    Less(Box<[Value; 2]>),
    AtMost(Box<[Value; 2]>),
    Among { value: Value, texts: Vec<String> },
    ExactlyOne(Vec<Value>),
    Distinct(Value),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Function(Call),
}

impl Lifecycle {
    pub(in crate::sandbox) fn state_named(&self, name: &str) -> Option<&State> {
        named(&self.states, name)
    }

    pub(in crate::sandbox) fn event_named(&self, name: &str) -> Option<&Event> {
        named(&self.events, name)
    }
}

/// Finds an entry of a mapping that keeps the descriptor's order.
pub(in crate::sandbox) fn named<'a, T>(entries: &'a [(String, T)], name: &str) -> Option<&'a T> {
    entries.iter().find(|(held, _)| held == name).map(|(_, entry)| entry)
}

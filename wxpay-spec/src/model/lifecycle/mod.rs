//! Lifecycles: the states of a resource, and what moves it from one to another.
//!
//! The sandbox's books hold lifecycles in the form that `serde` gives these types.

mod walk;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use super::{Method, Note};

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
    /// The usual value.
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

/// What some operations do to a resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OperationRule {
    /// The title.
    pub title: String,
    /// How certain it is.
    #[serde(skip)]
    pub confidence: Option<Confidence>,
    /// The operations.
    pub on: Vec<Binding>,
    /// Whether the operations create, find or list.
    pub act: Act,
    /// What must hold.
    pub guards: Vec<Guard>,
    /// The change of the resource.
    pub change: Change,
    /// The HTTP status by state, where it is not the usual one.
    pub status: Vec<(String, u16)>,
    /// Members of this response only, by key path.
    pub answers: Vec<(String, Value)>,
    /// Key paths that the response does not have.
    pub leaves_out: Vec<String>,
}

/// An operation that a rule describes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Binding {
    /// The method.
    #[serde(serialize_with = "method")]
    pub method: Method,
    /// The URL as in its descriptor.
    pub path: String,
    /// Members that the operation sets to a constant.
    pub sets: Vec<(String, Json)>,
}

fn method<S: serde::Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(method.wire())
}

/// The kind of an operation.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// It creates a resource.
    Creates {
        /// Where the new resource goes.
        to: Target,
        /// What happens to a number that exists already.
        repeat: Repeat,
        /// Members that every call sets, a repeated one too.
        renews: Vec<(String, Value)>,
    },
    /// It finds a resource, and may change it.
    Finds {
        /// The keys that find it, with their value. The first with a value counts.
        by: Vec<(String, Value)>,
        /// The refusal if there is none.
        missing: String,
        /// Targets by state; empty if the operation only reads.
        from: Vec<(String, Target)>,
        /// The refusal in other states.
        otherwise: Option<String>,
    },
    /// It lists the resources that fulfil all conditions.
    Lists {
        /// The conditions.
        conditions: Vec<Condition>,
    },
}

/// What happens to a number that exists already.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Repeat {
    /// The target if the parameters differ.
    pub differs: Option<Target>,
    /// The parameters that may differ, by key path.
    pub ignores: Vec<String>,
    /// Targets by the state of the existing resource.
    #[serde(rename = "in")]
    pub by_state: Vec<(String, Target)>,
}

/// Where a resource goes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// Into a state.
    State(String),
    /// Nowhere; the response is a refusal.
    Refuse(String),
    /// A switch. The first choice is the default.
    Choice(Vec<Target>),
    /// One of two, as a condition says.
    Case {
        /// The condition.
        condition: Box<Condition>,
        /// The target if it holds.
        then: Box<Target>,
        /// The target if it does not hold.
        otherwise: Box<Target>,
    },
}

/// A condition, and the refusal if it does not hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Guard {
    /// The condition.
    pub condition: Condition,
    /// The refusal's name.
    pub refuse: String,
    /// How certain it is.
    #[serde(skip)]
    pub confidence: Option<Confidence>,
}

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

/// A value that is computed when it is needed. One that does not exist sets nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// The constant.
    Constant(Json),
    /// A member by its scope and key path: `own.amount.total`, `request.receivers[].amount`, `payment.@state`.
    Field(String),
    /// A new number that no resource has yet.
    Generated {
        /// What it begins with.
        prefix: String,
        /// How many characters follow the prefix.
        length: u16,
        /// Whether these are digits only; otherwise letters and digits.
        digits: bool,
    },
    /// The time of the business clock.
    Now(TimeForm),
    /// The first that exists.
    First(Vec<Value>),
    /// The sum of all.
    Sum(Vec<Value>),
    /// The first without the others.
    Difference(Vec<Value>),
    /// `amount × part ÷ whole`, rounded.
    Share(Box<[Value; 3]>),
    /// How many there are.
    Count(Box<Value>),
    /// The sum of a member of related resources.
    SumOf {
        /// The member's key path.
        field: String,
        /// The resources.
        related: Related,
    },
    /// How many related resources there are.
    CountOf(Related),
    /// The seconds since a time.
    Age(Box<Value>),
    /// A list with the same elements, changed.
    Each {
        /// The list.
        list: Box<Value>,
        /// Members of each element, with their value.
        sets: Vec<(String, Value)>,
    },
    /// A list of objects.
    List(Vec<Vec<(String, Value)>>),
    /// One list after another. One that does not exist is empty.
    Join(Vec<Value>),
    /// The elements of a list that fulfil a condition, or a member of each.
    Where {
        /// The list.
        list: Box<Value>,
        /// The condition on each `item`.
        condition: Box<Condition>,
        /// The member's key path; the whole element without it.
        take: Option<String>,
    },
    /// One of two values, as a condition says.
    Case {
        /// The condition.
        condition: Box<Condition>,
        /// The value if it holds.
        then: Box<Value>,
        /// The value if it does not hold; none without it.
        otherwise: Option<Box<Value>>,
    },
    /// What a Rust function returns.
    Function(Call),
}

/// How a time is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeForm {
    /// RFC 3339 with the offset of Beijing.
    DateTime,
    /// `yyyyMMddHHmmss` in Beijing.
    CompactTime,
    /// `yyyy-MM-dd` in Beijing.
    Date,
    /// `yyyyMMdd` in Beijing.
    CompactDate,
    /// Seconds since 1970.
    Seconds,
}

/// Resources of a lifecycle that belong to the same resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Related {
    /// Their lifecycle.
    #[serde(rename = "in")]
    pub lifecycle: String,
    /// The link that both have, or `own`: they are linked to this resource.
    pub by: String,
    /// The name of their link; the same as `by` unless given.
    pub link: Option<String>,
    /// Their states; any if empty.
    pub states: Vec<String>,
    /// The condition on each, whose members are `item`.
    #[serde(rename = "where")]
    pub condition: Option<Box<Condition>>,
}

/// A call of a Rust function.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Call {
    /// The function's name.
    pub name: String,
    /// The arguments.
    pub of: Vec<Value>,
}

/// A condition on values.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// There is such a value.
    Present(Value),
    /// There is no such value.
    Absent(Value),
    /// Both exist and are equal.
    Equal(Box<[Value; 2]>),
    /// Both exist and are not equal.
    Differ(Box<[Value; 2]>),
    /// Both exist, and the first number, time or text is less.
    Less(Box<[Value; 2]>),
    /// Both exist, and the first is not greater.
    AtMost(Box<[Value; 2]>),
    /// The value is one of these texts.
    Among {
        /// The value.
        value: Value,
        /// The texts.
        texts: Vec<String>,
    },
    /// Exactly one of them exists.
    ExactlyOne(Vec<Value>),
    /// No two are equal.
    Distinct(Value),
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// The Rust function returns `true`.
    Function(Call),
}

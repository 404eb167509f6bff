//! Values and conditions.

use serde::Serialize;
use serde_json::Value as Json;

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

/// Resources of a lifecycle that belong to the same resource, or to the same merchant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Related {
    /// Their lifecycle.
    #[serde(rename = "in")]
    pub lifecycle: String,
    /// The link that both have; `own`: they are linked to this resource; `caller`: the merchant has them.
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

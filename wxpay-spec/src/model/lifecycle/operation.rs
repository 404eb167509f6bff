//! What operations do: they create, find or list, and decide where a resource goes.

use serde::Serialize;
use serde_json::Value as Json;

use super::{Change, Condition, Confidence, Value};
use crate::model::Method;

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
    /// Whether the operations create, find, list, or only answer.
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
    /// It needs no resource, and only answers.
    Answers,
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

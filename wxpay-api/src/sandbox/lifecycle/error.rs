//! Why the sandbox could not do something with a resource.

use thiserror::Error;

use crate::protocol::excerpt::excerpt;
use crate::sandbox::suggestion::{hint, listed};

/// Why the sandbox could not do something with a resource, an event or a switch.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum LifecycleError {
    /// No book has a lifecycle of this name.
    #[error("no lifecycle is called `{}`{}", excerpt(name), offer(name, known))]
    UnknownLifecycle {
        /// The name.
        name: String,
        /// The names of all lifecycles.
        known: Vec<String>,
    },
    /// No resource has this number.
    #[error("no {lifecycle} has the number `{}`{}", excerpt(number), offer(number, known))]
    UnknownResource {
        /// The lifecycle, or `resource` for any.
        lifecycle: String,
        /// The number.
        number: String,
        /// The newest numbers that exist.
        known: Vec<String>,
    },
    /// The resource exists no more: the sandbox was reset, or the resource was the oldest of too many.
    #[error("the resource exists no more; the sandbox was reset, or it holds only newer ones")]
    Gone,
    /// The lifecycle has no event of this name.
    #[error("{lifecycle} has no event `{}`{}", excerpt(event), offer(event, known))]
    UnknownEvent {
        /// The lifecycle.
        lifecycle: String,
        /// The event.
        event: String,
        /// The names of its events.
        known: Vec<String>,
    },
    /// Only effects, parts and timers cause the event.
    #[error("only other resources and timers cause the event `{event}` of {lifecycle}")]
    InternalEvent {
        /// The lifecycle.
        lifecycle: String,
        /// The event.
        event: String,
    },
    /// The event has no input of this name.
    #[error("the event `{event}` takes no `{}`{}", excerpt(input), offer(input, known))]
    UnknownInput {
        /// The event.
        event: String,
        /// The input.
        input: String,
        /// The names of its inputs.
        known: Vec<String>,
    },
    /// The inputs of an event are not a JSON object.
    #[error("the inputs of an event are a JSON object, such as {{\"payer_total\": 1}}")]
    InputsNotObject,
    /// Another resource has the number already.
    #[error("another {lifecycle} has the number `{number}` already")]
    NumberExists {
        /// The lifecycle.
        lifecycle: String,
        /// The number.
        number: String,
    },
    /// The event cannot happen in the state of the resource.
    #[error(
        "the event `{event}` cannot happen in the state {state}; possible are: {}",
        list(possible)
    )]
    NotPossible {
        /// The event.
        event: String,
        /// The state of the resource.
        state: String,
        /// The events that can happen.
        possible: Vec<String>,
    },
    /// WeChat Pay refuses.
    #[error("WeChat Pay refuses this with {status} {code}: {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The code.
        code: String,
        /// The message.
        message: String,
    },
    /// No event of the lifecycle creates a resource.
    #[error("no event creates a {lifecycle}; only operations do")]
    NothingCreates {
        /// The lifecycle.
        lifecycle: String,
    },
    /// No operation queries a resource of the lifecycle by its numbers.
    #[error("no operation queries a {lifecycle} by its numbers")]
    NothingQueries {
        /// The lifecycle.
        lifecycle: String,
    },
    /// The lifecycle has no switch of this name.
    #[error("{lifecycle} has no switch `{}`{}", excerpt(switch), offer(switch, known))]
    UnknownSwitch {
        /// The lifecycle.
        lifecycle: String,
        /// The switch.
        switch: String,
        /// The names of its switches.
        known: Vec<String>,
    },
    /// The switch has no such choice.
    #[error("the switch `{switch}` has no choice `{}`{}", excerpt(choice), offer(choice, known))]
    UnknownChoice {
        /// The switch.
        switch: String,
        /// The choice.
        choice: String,
        /// Its choices, the default first.
        known: Vec<String>,
    },
    /// The lifecycle has no setting of this name.
    #[error("{lifecycle} has no setting `{}`{}", excerpt(setting), offer(setting, known))]
    UnknownSetting {
        /// The lifecycle.
        lifecycle: String,
        /// The setting.
        setting: String,
        /// The names of its settings.
        known: Vec<String>,
    },
    /// The sandbox has no account of this merchant number or brand id.
    #[error("the sandbox has no account of `{}`{}", excerpt(id), offer(id, known))]
    UnknownAccount {
        /// The merchant number or brand id.
        id: String,
        /// All accounts.
        known: Vec<String>,
    },
}

fn offer(wanted: &str, known: &[String]) -> String {
    hint(wanted, known.iter().map(String::as_str))
}

/// Lists the events that can happen.
fn list(events: &[String]) -> String {
    match events {
        [] => "none".to_owned(),
        events => listed(events.iter().map(String::as_str)),
    }
}

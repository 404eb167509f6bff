//! Why the sandbox could not do something with a resource.

use thiserror::Error;

/// The most names that an error lists.
const LISTED: usize = 30;

/// Why the sandbox could not do something with a resource, an event or a switch.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum LifecycleError {
    /// No book has a lifecycle of this name.
    #[error("no lifecycle is called `{name}`{}", offer(name, known))]
    UnknownLifecycle {
        /// The name.
        name: String,
        /// The names of all lifecycles.
        known: Vec<String>,
    },
    /// No resource has this number.
    #[error("no {lifecycle} has the number `{number}`{}", offer(number, known))]
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
    #[error("{lifecycle} has no event `{event}`{}", offer(event, known))]
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
    #[error("the event `{event}` takes no `{input}`{}", offer(input, known))]
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
    /// The lifecycle has no switch of this name.
    #[error("{lifecycle} has no switch `{switch}`{}", offer(switch, known))]
    UnknownSwitch {
        /// The lifecycle.
        lifecycle: String,
        /// The switch.
        switch: String,
        /// The names of its switches.
        known: Vec<String>,
    },
    /// The switch has no such choice.
    #[error("the switch `{switch}` has no choice `{choice}`{}", offer(choice, known))]
    UnknownChoice {
        /// The switch.
        switch: String,
        /// The choice.
        choice: String,
        /// Its choices, the default first.
        known: Vec<String>,
    },
    /// The lifecycle has no setting of this name.
    #[error("{lifecycle} has no setting `{setting}`{}", offer(setting, known))]
    UnknownSetting {
        /// The lifecycle.
        lifecycle: String,
        /// The setting.
        setting: String,
        /// The names of its settings.
        known: Vec<String>,
    },
    /// The sandbox has no account of this merchant number or brand id.
    #[error("the sandbox has no account of `{id}`{}", offer(id, known))]
    UnknownAccount {
        /// The merchant number or brand id.
        id: String,
        /// All accounts.
        known: Vec<String>,
    },
}

/// Writes the name that was probably meant, and all known ones.
fn offer(wanted: &str, known: &[String]) -> String {
    let close = known.iter().map(|name| (distance(wanted, name), name)).min();
    let longest = (wanted.chars().count() / 3).max(2);
    let close = close.filter(|(distance, _)| *distance <= longest);
    let close = close.map_or_else(String::new, |(_, name)| format!("; did you mean `{name}`?"));
    match known {
        [] => format!("{close}; there is none at all"),
        known => format!("{close}; there is: {}", list(known)),
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    let mut text = names.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > LISTED {
        text.push_str(", …");
    }
    text
}

/// The edit distance of two texts, ignoring case.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, from) in one.to_lowercase().chars().enumerate() {
        let mut next = vec![index + 1];
        let mut left = index + 1;
        for (to, above) in other.iter().zip(row.windows(2)) {
            let (diagonal, up) = match above {
                [diagonal, up] => (*diagonal, *up),
                _ => continue,
            };
            left = (diagonal + usize::from(from != *to)).min(up + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

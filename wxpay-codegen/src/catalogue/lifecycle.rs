//! Describes a lifecycle for people: its states, and what leads from one to another.

use serde::Serialize;
use wxpay_spec::model::lifecycle::{Act, Binding, Change, Event, OperationRule, Target};
use wxpay_spec::model::{Lifecycle, lifecycle};

use super::format::CatalogueNote;
use super::schema::note;

#[derive(Serialize)]
pub(super) struct CatalogueLifecycle<'a> {
    title: &'a str,
    keys: &'a [String],
    docs: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<CatalogueNote<'a>>,
    states: Vec<CatalogueState<'a>>,
    operations: Vec<CatalogueRule<'a>>,
    events: Vec<CatalogueRule<'a>>,
    timers: Vec<CatalogueTimer<'a>>,
}

#[derive(Serialize)]
struct CatalogueState<'a> {
    name: &'a str,
    title: &'a str,
}

/// What an operation or an event does.
#[derive(Serialize)]
struct CatalogueRule<'a> {
    name: &'a str,
    title: &'a str,
    /// `creates`, `changes`, `reads`, `lists` or `event`.
    does: &'static str,
    /// The operations, such as `POST /v3/refund/domestic/refunds`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    on: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    arrows: Vec<Arrow<'a>>,
    /// The event type of the notification that follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    notifies: Option<&'a str>,
}

/// Where a resource goes: to one of some states, or nowhere with one of some refusals.
#[derive(Serialize)]
struct Arrow<'a> {
    /// `None` for a new resource.
    from: Option<&'a str>,
    to: Vec<&'a str>,
    /// The error codes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refuses: Vec<&'a str>,
}

#[derive(Serialize)]
struct CatalogueTimer<'a> {
    states: &'a [String],
    /// In seconds.
    after: u64,
    event: &'a str,
}

pub(super) fn facts(described: &Lifecycle) -> CatalogueLifecycle<'_> {
    let states = described.states.iter();
    let rules = described.operations.iter();
    let events = described.events.iter();
    let timers = described.timers.iter();
    CatalogueLifecycle {
        title: &described.title,
        keys: &described.keys,
        docs: &described.docs,
        note: note(described.note.as_ref()),
        states: states.map(|(name, state)| CatalogueState { name, title: &state.title }).collect(),
        operations: rules.map(|(name, rule)| operation_rule(described, name, rule)).collect(),
        events: events.map(|(name, event)| event_rule(described, name, event)).collect(),
        timers: timers
            .map(|timer| CatalogueTimer {
                states: &timer.states,
                after: timer.after,
                event: &timer.event,
            })
            .collect(),
    }
}

/// Names the operation of a binding.
pub(super) fn operation(binding: &Binding) -> String {
    format!("{} {}", binding.method.wire(), binding.path)
}

fn operation_rule<'a>(
    described: &'a Lifecycle,
    name: &'a str,
    rule: &'a OperationRule,
) -> CatalogueRule<'a> {
    let (does, arrows) = match &rule.act {
        Act::Creates { to, .. } => ("creates", vec![arrow(described, None, to)]),
        Act::Finds { from, .. } if from.is_empty() => ("reads", Vec::new()),
        Act::Finds { from, .. } => ("changes", arrows(described, from)),
        Act::Lists { .. } => ("lists", Vec::new()),
        Act::Answers => ("answers", Vec::new()),
    };
    let on = rule.on.iter().map(operation).collect();
    CatalogueRule { name, title: &rule.title, does, on, arrows, notifies: notifies(&rule.change) }
}

fn event_rule<'a>(described: &'a Lifecycle, name: &'a str, event: &'a Event) -> CatalogueRule<'a> {
    let new = event.creates.as_deref();
    let new = new.map(|state| Arrow { from: None, to: vec![state], refuses: Vec::new() });
    let mut arrows = arrows(described, &event.from);
    arrows.extend(new);
    let notifies = notifies(&event.change);
    CatalogueRule { name, title: &event.title, does: "event", on: Vec::new(), arrows, notifies }
}

fn notifies(change: &Change) -> Option<&str> {
    change.notifies.as_ref().map(|notice| notice.event.as_str())
}

fn arrows<'a>(described: &'a Lifecycle, from: &'a [(String, Target)]) -> Vec<Arrow<'a>> {
    from.iter().map(|(state, target)| arrow(described, Some(state), target)).collect()
}

fn arrow<'a>(described: &'a Lifecycle, from: Option<&'a str>, target: &'a Target) -> Arrow<'a> {
    let mut arrow = Arrow { from, to: Vec::new(), refuses: Vec::new() };
    collect(described, target, &mut arrow);
    arrow
}

/// Collects all states and refusals that a target may have. Conditions are left to the reference.
fn collect<'a>(described: &'a Lifecycle, target: &'a Target, arrow: &mut Arrow<'a>) {
    match target {
        Target::State(state) if !arrow.to.contains(&state.as_str()) => arrow.to.push(state),
        Target::State(_) => {}
        Target::Refuse(name) => {
            let choices = described.refusals.get(name).map(Vec::as_slice).unwrap_or_default();
            let codes =
                choices.iter().map(|choice: &lifecycle::RefusalChoice| choice.code.as_str());
            for code in codes {
                if !arrow.refuses.contains(&code) {
                    arrow.refuses.push(code);
                }
            }
        }
        Target::Choice(choices) => {
            choices.iter().for_each(|choice| collect(described, choice, arrow));
        }
        Target::Case { then, otherwise, .. } => {
            collect(described, then, arrow);
            collect(described, otherwise, arrow);
        }
    }
}

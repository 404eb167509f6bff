//! The arrows of a lifecycle's diagram: which operations and events lead from one state to another.

use serde::Serialize;

use crate::sandbox::lifecycle::describe::model::{Act, Lifecycle, Target};

/// A way from a state to another, or to the same one.
#[derive(Clone, Debug, Serialize)]
pub(in crate::sandbox) struct ArrowView {
    /// The state before it; `None` for a new resource.
    pub(in crate::sandbox) from: Option<String>,
    pub(in crate::sandbox) to: String,
    /// What leads along it: operations, and events with those that happen by themselves.
    pub(in crate::sandbox) by: Vec<CauseView>,
}

/// What moves a resource along an arrow.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(in crate::sandbox) struct CauseView {
    pub(in crate::sandbox) name: String,
    /// The official name of an event. Operations have none in the books.
    pub(in crate::sandbox) title: String,
    pub(in crate::sandbox) kind: CauseKind,
}

/// Who moves it: the merchant by a call, an outsider, or the sandbox itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sandbox) enum CauseKind {
    Operation,
    Event,
    Internal,
}

/// Returns the arrows in the order of the descriptor, each pair of states once.
pub(super) fn arrows(lifecycle: &Lifecycle) -> Vec<ArrowView> {
    let mut arrows = Vec::new();
    for (name, rule) in &lifecycle.operations {
        let cause = (name.as_str(), "", CauseKind::Operation);
        match &rule.act {
            Act::Creates { to, repeat, .. } => {
                Step { from: None, to, cause }.add(&mut arrows);
                for (state, to) in &repeat.by_state {
                    Step { from: Some(state), to, cause }.add(&mut arrows);
                }
            }
            Act::Finds { from, .. } => {
                for (state, to) in from {
                    Step { from: Some(state), to, cause }.add(&mut arrows);
                }
            }
            Act::Lists { .. } | Act::Answers => {}
        }
    }
    for (name, event) in &lifecycle.events {
        let kind = if event.internal { CauseKind::Internal } else { CauseKind::Event };
        let cause = (name.as_str(), event.title.as_str(), kind);
        if let Some(state) = &event.creates {
            add_one(&mut arrows, None, state, cause);
        }
        for (state, to) in &event.from {
            Step { from: Some(state), to, cause }.add(&mut arrows);
        }
    }
    arrows
}

type Cause<'a> = (&'a str, &'a str, CauseKind);

/// One rule of a lifecycle.
#[derive(Clone, Copy)]
struct Step<'a> {
    from: Option<&'a str>,
    to: &'a Target,
    cause: Cause<'a>,
}

impl Step<'_> {
    /// Adds an arrow for each state that the target may be. A refusal is none.
    fn add(self, arrows: &mut Vec<ArrowView>) {
        match self.to {
            Target::State(state) => add_one(arrows, self.from, state, self.cause),
            Target::Refuse(_) => {}
            Target::Choice(choices) => {
                choices.iter().for_each(|to| Step { to, ..self }.add(arrows));
            }
            Target::Case { then, otherwise, .. } => {
                [then, otherwise].into_iter().for_each(|to| Step { to, ..self }.add(arrows));
            }
        }
    }
}

fn add_one(arrows: &mut Vec<ArrowView>, from: Option<&str>, to: &str, cause: Cause<'_>) {
    let (name, title, kind) = cause;
    let cause = CauseView { name: name.to_owned(), title: title.to_owned(), kind };
    let same = arrows.iter_mut().find(|arrow| arrow.from.as_deref() == from && arrow.to == to);
    match same {
        Some(arrow) if arrow.by.contains(&cause) => {}
        Some(arrow) => arrow.by.push(cause),
        None => {
            let from = from.map(str::to_owned);
            arrows.push(ArrowView { from, to: to.to_owned(), by: vec![cause] });
        }
    }
}

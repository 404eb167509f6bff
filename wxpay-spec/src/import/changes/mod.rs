//! What an import changes, operation by operation and field by field, and what descriptors lack.

mod facts;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::merge::merge;
use super::{Imported, Remark};
use crate::model::Spec;
use facts::Facts;

/// The changes of one operation, notification or named type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Change {
    /// `POST /v3/…`, `notification pay/transaction` or `type pay/Transaction`.
    pub place: String,
    /// Whether the whole entry is new.
    pub is_new: bool,
    /// What changes in the entry; everything in it if it is new.
    pub lines: Vec<Line>,
}

/// A change of one field, or of a fact about the entry.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Line {
    /// A new field.
    Added {
        /// The keys that lead to it.
        key: String,
        /// What is known about it.
        facts: String,
    },
    /// A removed field.
    Removed {
        /// The keys that lead to it.
        key: String,
    },
    /// A changed fact about a field.
    Changed {
        /// The keys that lead to it.
        key: String,
        /// Which of its facts, for example `title`.
        fact: &'static str,
        /// The fact before; empty if there was none.
        before: String,
        /// The fact now; empty if there is none.
        after: String,
    },
}

/// Lists everything that differs between two states of the descriptors, in the order of the places.
#[must_use]
pub fn changes(before: &Spec, after: &Spec) -> Vec<Change> {
    let before = facts::entries(before);
    let after = facts::entries(after);
    let mut changes = Vec::new();
    for (place, fields) in &after {
        let known = before.get(place);
        let lines = lines(known.map_or(&[], Vec::as_slice), fields);
        if !lines.is_empty() {
            changes.push(Change { place: place.clone(), is_new: known.is_none(), lines });
        }
    }
    changes
}

fn lines(before: &[(String, Facts)], after: &[(String, Facts)]) -> Vec<Line> {
    let known: BTreeMap<&str, &Facts> = before.iter().map(|(key, facts)| (&**key, facts)).collect();
    let kept: BTreeSet<&str> = after.iter().map(|(key, _)| &**key).collect();
    let mut lines = Vec::new();
    for (key, facts) in after {
        match known.get(key.as_str()) {
            Some(known) => lines.extend(known.differences(facts).map(|(fact, before, after)| {
                Line::Changed { key: key.clone(), fact, before, after }
            })),
            None => lines.push(Line::Added { key: key.clone(), facts: facts.to_string() }),
        }
    }
    let gone = before.iter().filter(|(key, _)| !kept.contains(key.as_str()));
    lines.extend(gone.map(|(key, _)| Line::Removed { key: key.clone() }));
    lines
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let new = if self.is_new { " (new)" } else { "" };
        write!(f, "{}{new}", self.place)?;
        self.lines.iter().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added { key, facts } => write!(f, "+ {key}: {facts}"),
            Self::Removed { key } => write!(f, "- {key}"),
            Self::Changed { key, fact, before, after } if before.is_empty() => {
                write!(f, "~ {key}: {fact} {after}")
            }
            Self::Changed { key, fact, before, after } if after.is_empty() => {
                write!(f, "~ {key}: {fact} removed, was {before}")
            }
            Self::Changed { key, fact, before, after } => {
                write!(f, "~ {key}: {fact} {before} → {after}")
            }
        }
    }
}

/// What an import has and the descriptors lack.
#[derive(Clone, Debug, Default)]
pub struct Missing {
    /// Operations, notifications, fields and enum values that are not described.
    pub missing: Vec<Change>,
    /// Event types that no notification and no family names.
    pub events: Vec<String>,
    /// How many other facts differ.
    pub differing: usize,
    /// Fields whose `corrects` the import agrees with.
    pub outdated: Vec<Remark>,
}

/// Compares descriptors with an import without merging it.
#[must_use]
pub fn missing(spec: &Spec, imported: &Imported) -> Missing {
    let merged = merge(spec, imported);
    let mut result = Missing { outdated: merged.outdated, ..Missing::default() };
    for mut change in changes(spec, &merged.spec) {
        let before = change.lines.len();
        change.lines.retain(is_missing);
        result.differing += before - change.lines.len();
        if !change.lines.is_empty() {
            result.missing.push(change);
        }
    }
    result.events = unknown_events(spec, imported);
    result
}

/// Lists the event types of an import that neither a notification nor a family names.
#[must_use]
pub fn unknown_events(spec: &Spec, imported: &Imported) -> Vec<String> {
    let is_known = |event: &String| {
        spec.notifications.values().any(|notification| notification.events.contains(event))
            || spec.families.by_name.values().any(|family| family.events.contains(event))
    };
    imported.events.iter().filter(|event| !is_known(event)).cloned().collect()
}

/// Whether a line shows something new, and not only a known fact in other words.
fn is_missing(line: &Line) -> bool {
    match line {
        Line::Added { .. } => true,
        Line::Changed { fact: "values" | "events", before, after, .. } => {
            let known: Vec<&str> = before.split(", ").collect();
            after.split(", ").any(|entry| !known.contains(&entry))
        }
        Line::Removed { .. } | Line::Changed { .. } => false,
    }
}

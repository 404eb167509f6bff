use super::changes::{Change, Line, changes};
use super::merge::merge;
use super::{Imported, Remark};
use crate::model::Spec;

/// What an import knows and the descriptors lack.
#[derive(Clone, Debug, Default)]
pub struct Missing {
    /// Operations, notifications, fields and enum values that are not described.
    pub missing: Vec<Change>,
    /// Event types that no notification and no family names.
    pub events: Vec<String>,
    /// How many other facts are told differently.
    pub differing: usize,
    /// Fields whose `corrects` the import agrees with.
    pub outdated: Vec<Remark>,
}

/// Compares descriptors with an import that is not brought in.
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

/// The event types that an import names, and neither a notification nor a family does.
#[must_use]
pub fn unknown_events(spec: &Spec, imported: &Imported) -> Vec<String> {
    let is_known = |event: &String| {
        spec.notifications.values().any(|notification| notification.events.contains(event))
            || spec.families.by_name.values().any(|family| family.events.contains(event))
    };
    imported.events.iter().filter(|event| !is_known(event)).cloned().collect()
}

/// Whether a line tells of something new, and not of something known in other words.
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

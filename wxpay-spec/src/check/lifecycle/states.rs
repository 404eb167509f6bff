//! Checks the states and the refusals of a lifecycle: they exist, are reached, and are used.

use std::collections::BTreeSet;

use super::collect::Names;
use crate::cursor::Cursor;
use crate::model::lifecycle::{Act, Lifecycle, Target};
use crate::suggestion::suggest;

pub(super) fn check(lifecycle: &Lifecycle, names: &Names<'_>, file: &Cursor<'_>) {
    let known: Vec<&str> = lifecycle.states.iter().map(|(name, _)| name.as_str()).collect();
    for at in &names.states {
        check_state(at, &known);
    }
    for at in &names.by_state {
        check_key(at, &known);
    }
    check_refusals(lifecycle, names, file);
    check_completeness(lifecycle, &known, file);
    check_reached(lifecycle, file);
}

/// Checks a state that a value names.
fn check_state(at: &Cursor<'_>, known: &[&str]) {
    if let Some(text) = at.text().filter(|text| !known.contains(text)) {
        at.error(
            &format!("the state `{text}` does not exist"),
            suggest(text, known.iter().copied()),
        );
    }
}

/// Checks a state that is a key.
fn check_key(at: &Cursor<'_>, known: &[&str]) {
    if let Some(key) = at.key().filter(|key| !known.contains(key)) {
        at.key_error(
            &format!("the state `{key}` does not exist"),
            suggest(key, known.iter().copied()),
        );
    }
}

fn check_refusals(lifecycle: &Lifecycle, names: &Names<'_>, file: &Cursor<'_>) {
    let known = lifecycle.refusals.keys().map(String::as_str);
    for (at, name) in &names.refusals {
        if !lifecycle.refusals.contains_key(*name) {
            at.error(&format!("the refusal `{name}` does not exist"), suggest(name, known.clone()));
        }
    }
    let used: BTreeSet<&str> = names.refusals.iter().map(|(_, name)| *name).collect();
    let entries = file.get("refusals").into_iter().flat_map(|map| map.entries());
    for (name, entry) in entries.filter(|(name, _)| !used.contains(name)) {
        entry.key_error(&format!("nothing refuses with `{name}`"), Some("remove it".to_owned()));
    }
}

/// Checks that an operation with `from` says what happens in every state.
fn check_completeness(lifecycle: &Lifecycle, known: &[&str], file: &Cursor<'_>) {
    for (name, rule) in &lifecycle.operations {
        let Act::Finds { from, otherwise: None, .. } = &rule.act else { continue };
        let missing: Vec<String> = known
            .iter()
            .filter(|state| !from.iter().any(|(held, _)| held == *state))
            .map(|state| format!("`{state}`"))
            .collect();
        let at = file.get("operations").and_then(|operations| operations.get(name)?.get("from"));
        if let Some(at) = at.filter(|_| !from.is_empty() && !missing.is_empty()) {
            let help = "list them, or add `otherwise` with a refusal";
            let message = format!("nothing says what happens in {}", missing.join(", "));
            at.key_error(&message, Some(help.to_owned()));
        }
    }
}

/// Checks that every state is reached from the ones in which a resource begins.
fn check_reached(lifecycle: &Lifecycle, file: &Cursor<'_>) {
    let mut arrows: Vec<(Option<&str>, &str)> = Vec::new();
    for (_, rule) in &lifecycle.operations {
        match &rule.act {
            Act::Creates { to, repeat, .. } => {
                states_of(to, &mut |state| arrows.push((None, state)));
                from(&repeat.by_state, &mut arrows);
            }
            Act::Finds { from: targets, .. } => from(targets, &mut arrows),
            Act::Lists { .. } => {}
        }
    }
    for (_, event) in &lifecycle.events {
        arrows.extend(event.creates.as_deref().map(|state| (None, state)));
        from(&event.from, &mut arrows);
    }
    let begins_elsewhere = arrows.iter().all(|(from, _)| from.is_some());
    let mut reached = BTreeSet::new();
    if begins_elsewhere {
        // The resources are parts of others; the first state is where they begin.
        reached.extend(lifecycle.states.first().map(|(name, _)| name.as_str()));
    }
    loop {
        let before = reached.len();
        for (from, to) in &arrows {
            if from.is_none_or(|from| reached.contains(from)) {
                reached.insert(*to);
            }
        }
        if reached.len() == before {
            break;
        }
    }
    let states = file.get("states").into_iter().flat_map(|map| map.entries());
    for (name, entry) in states.filter(|(name, _)| !reached.contains(name)) {
        let help = "add a target that leads to it, or remove it";
        entry.key_error(&format!("nothing leads to the state `{name}`"), Some(help.to_owned()));
    }
}

fn from<'s>(targets: &'s [(String, Target)], arrows: &mut Vec<(Option<&'s str>, &'s str)>) {
    for (state, target) in targets {
        states_of(target, &mut |to| arrows.push((Some(state), to)));
    }
}

fn states_of<'s>(target: &'s Target, found: &mut impl FnMut(&'s str)) {
    match target {
        Target::State(state) => found(state),
        Target::Refuse(_) => {}
        Target::Choice(targets) => targets.iter().for_each(|target| states_of(target, found)),
        Target::Case { then, otherwise, .. } => {
            states_of(then, found);
            states_of(otherwise, found);
        }
    }
}

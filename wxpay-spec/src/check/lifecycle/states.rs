//! Checks the states and the refusals of a lifecycle: they exist, are reached, and are used.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::collect::Names;
use super::members::Facts;
use crate::cursor::Cursor;
use crate::model::lifecycle::{Act, Lifecycle, Target};
use crate::suggestion::suggest;

pub(super) fn check(facts: &Facts<'_>, names: &Names<'_>, file: &Cursor<'_>) {
    for at in &names.states {
        check_state(at, facts);
    }
    for at in &names.by_state {
        check_key(at, facts);
    }
    check_refusals(facts.lifecycle, names, file);
    check_completeness(facts, file);
    check_reached(facts.lifecycle, file);
}

/// Checks a state that a value names.
fn check_state(at: &Cursor<'_>, facts: &Facts<'_>) {
    if let Some(text) = at.text().filter(|text| !facts.states.contains(text)) {
        at.error(&format!("the state `{text}` does not exist"), suggest(text, facts.state_names()));
    }
}

/// Checks a state that is a key.
fn check_key(at: &Cursor<'_>, facts: &Facts<'_>) {
    if let Some(key) = at.key().filter(|key| !facts.states.contains(key)) {
        at.key_error(
            &format!("the state `{key}` does not exist"),
            suggest(key, facts.state_names()),
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
fn check_completeness(facts: &Facts<'_>, file: &Cursor<'_>) {
    let operations = file.get("operations");
    for (name, rule) in &facts.lifecycle.operations {
        let Act::Finds { from, otherwise: None, .. } = &rule.act else { continue };
        if from.is_empty() {
            continue;
        }
        let known = from.iter().map(|(state, _)| state.as_str());
        let named: HashSet<&str> = known.filter(|state| facts.states.contains(state)).collect();
        let count = facts.states.len().saturating_sub(named.len());
        let missing = listed(facts.state_names().filter(|state| !named.contains(state)), count);
        let at = operations.as_ref().and_then(|operations| operations.get(name)?.get("from"));
        if let Some(at) = at.filter(|_| count > 0) {
            let help = "list them, or add `otherwise` with a refusal";
            at.key_error(&format!("nothing says what happens in {missing}"), Some(help.to_owned()));
        }
    }
}

/// Writes the first of so many names.
fn listed<'n>(names: impl Iterator<Item = &'n str>, count: usize) -> String {
    const SHOWN: usize = 30;
    let mut shown: Vec<String> = names.take(SHOWN).map(|name| format!("`{name}`")).collect();
    if count > SHOWN {
        shown.push(format!("and {} more", count - SHOWN));
    }
    shown.join(", ")
}

/// Checks that every state is reached from the ones in which a resource begins.
fn check_reached(lifecycle: &Lifecycle, file: &Cursor<'_>) {
    let mut arrows = Arrows::default();
    for (_, rule) in &lifecycle.operations {
        match &rule.act {
            Act::Creates { to, repeat, .. } => {
                states_of(to, &mut |state| arrows.beginnings.push(state));
                arrows.add(&repeat.by_state);
            }
            Act::Finds { from: targets, .. } => arrows.add(targets),
            Act::Lists { .. } | Act::Answers => {}
        }
    }
    for (_, event) in &lifecycle.events {
        arrows.beginnings.extend(event.creates.as_deref());
        arrows.add(&event.from);
    }
    if arrows.beginnings.is_empty() {
        // The resources are parts of others; the first state is where they begin.
        arrows.beginnings.extend(lifecycle.states.first().map(|(name, _)| name.as_str()));
    }
    let reached = arrows.reached();
    let states = file.get("states").into_iter().flat_map(|map| map.entries());
    for (name, entry) in states.filter(|(name, _)| !reached.contains(name)) {
        let help = "add a target that leads to it, or remove it";
        entry.key_error(&format!("nothing leads to the state `{name}`"), Some(help.to_owned()));
    }
}

/// The arrows between states.
#[derive(Default)]
struct Arrows<'s> {
    /// The states in which resources begin.
    beginnings: Vec<&'s str>,
    by_state: HashMap<&'s str, Vec<&'s str>>,
}

impl<'s> Arrows<'s> {
    fn add(&mut self, targets: &'s [(String, Target)]) {
        for (from, target) in targets {
            let from = self.by_state.entry(from).or_default();
            states_of(target, &mut |to| from.push(to));
        }
    }

    /// Follows the arrows, each once.
    fn reached(mut self) -> HashSet<&'s str> {
        let mut reached = HashSet::new();
        while let Some(state) = self.beginnings.pop() {
            if reached.insert(state) {
                self.beginnings.extend(self.by_state.remove(state).into_iter().flatten());
            }
        }
        reached
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

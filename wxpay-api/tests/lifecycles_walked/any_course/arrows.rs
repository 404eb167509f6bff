//! The arrows between states, as the descriptors draw them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use wxpay_spec::model::lifecycle::{Act, Lifecycle, Target};

use super::seen::Held;

#[derive(Default)]
pub(super) struct Arrows {
    /// The states in which resources begin, by lifecycle.
    beginnings: BTreeSet<(String, String)>,
    /// Lifecycle, from, to.
    all: BTreeSet<(String, String, String)>,
    /// Those of timers and of what follows from them.
    of_events: BTreeMap<(String, String), BTreeSet<String>>,
}

impl Arrows {
    pub(super) fn described() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wxpay-spec");
        let spec = wxpay_spec::load(&folder).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let mut arrows = Self::default();
        for (name, lifecycle) in &spec.lifecycles {
            arrows.add(name, lifecycle);
        }
        arrows
    }

    fn add(&mut self, name: &str, lifecycle: &Lifecycle) {
        for part in lifecycle.parts.values() {
            self.begin(&part.of, &part.state);
        }
        for (_, rule) in &lifecycle.operations {
            match &rule.act {
                Act::Creates { to, repeat, .. } => {
                    states(to).for_each(|state| self.begin(name, state));
                    self.lead(name, &repeat.by_state);
                }
                Act::Finds { from, .. } => self.lead(name, from),
                Act::Lists { .. } | Act::Answers => {}
            }
        }
        for (_, event) in &lifecycle.events {
            event.creates.iter().for_each(|state| self.begin(name, state));
            self.lead(name, &event.from);
            for (from, target) in &event.from {
                let place = self.of_events.entry((name.to_owned(), from.clone())).or_default();
                place.extend(states(target).map(str::to_owned));
            }
        }
    }

    fn begin(&mut self, name: &str, state: &str) {
        self.beginnings.insert((name.to_owned(), state.to_owned()));
    }

    fn lead(&mut self, name: &str, targets: &[(String, Target)]) {
        for (from, target) in targets {
            let to = states(target);
            self.all.extend(to.map(|to| (name.to_owned(), from.clone(), to.to_owned())));
        }
    }

    pub(super) fn begins(&self, held: &Held) -> bool {
        self.beginnings.contains(&(held.lifecycle.clone(), held.state.clone()))
    }

    /// Returns whether one operation or event leads from a state to another.
    pub(super) fn leads(&self, lifecycle: &str, from: &str, to: &str) -> bool {
        self.all.contains(&(lifecycle.to_owned(), from.to_owned(), to.to_owned()))
    }

    /// Returns whether events lead there, one after another, as in a time that passed.
    pub(super) fn time_leads(&self, lifecycle: &str, from: &str, to: &str) -> bool {
        let (mut reached, mut open) = (BTreeSet::new(), vec![from.to_owned()]);
        while let Some(state) = open.pop() {
            let next = self.of_events.get(&(lifecycle.to_owned(), state)).into_iter().flatten();
            open.extend(next.filter(|state| reached.insert((*state).clone())).cloned());
        }
        reached.contains(to)
    }
}

/// Returns every state into which a target may lead, whatever switches and conditions say.
fn states(target: &Target) -> Box<dyn Iterator<Item = &str> + '_> {
    match target {
        Target::State(state) => Box::new(std::iter::once(state.as_str())),
        Target::Refuse(_) => Box::new(std::iter::empty()),
        Target::Choice(choices) => Box::new(choices.iter().flat_map(states)),
        Target::Case { then, otherwise, .. } => Box::new(states(then).chain(states(otherwise))),
    }
}

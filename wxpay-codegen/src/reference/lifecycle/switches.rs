//! Lists the switches of a lifecycle: what nobody knows of WeChat Pay for certain, with its choices.

use std::collections::BTreeMap;

use wxpay_spec::model::lifecycle::{Act, Lifecycle, RefusalChoice, Target};

use super::table;
use crate::reference::table::code;

/// Writes the table of switches, named as a test names them.
pub(super) fn of(lifecycle: &Lifecycle) -> String {
    let rows = switches(lifecycle).into_iter().map(|(name, choices)| {
        let mut choices = choices.iter().map(|choice| code(choice));
        let default = choices.next().unwrap_or_default();
        vec![code(&name), default, choices.collect::<Vec<_>>().join("<br>")]
    });
    let titles = ["Switch · 开关", "Default · 默认", "Other choices · 其他选择"];
    table("Switches · 开关", &titles, &rows.collect::<Vec<_>>())
}

fn switches(lifecycle: &Lifecycle) -> BTreeMap<String, Vec<String>> {
    let mut switches = BTreeMap::new();
    for (name, choices) in lifecycle.refusals.iter().filter(|(_, choices)| choices.len() > 1) {
        switches.insert(name.clone(), choices.iter().map(refusal).collect());
    }
    let mut add = |owner: &str, place: &str, target: &Target| {
        collect(&format!("{owner}.{place}"), target, &mut switches);
    };
    for (name, rule) in &lifecycle.operations {
        match &rule.act {
            Act::Creates { to, repeat, .. } => {
                add(name, "creates", to);
                repeat.differs.iter().for_each(|to| add(name, "differs", to));
                repeat.by_state.iter().for_each(|(state, to)| add(name, state, to));
            }
            Act::Finds { from, .. } => from.iter().for_each(|(state, to)| add(name, state, to)),
            Act::Lists { .. } | Act::Answers => {}
        }
    }
    for (name, event) in &lifecycle.events {
        event.from.iter().for_each(|(state, to)| add(name, state, to));
    }
    switches
}

fn refusal(choice: &RefusalChoice) -> String {
    format!("{} {}", choice.status, choice.code)
}

fn collect(name: &str, target: &Target, switches: &mut BTreeMap<String, Vec<String>>) {
    match target {
        Target::Choice(choices) => {
            let known = switches.entry(name.to_owned()).or_default();
            for choice in choices.iter().map(target_name) {
                // Two conditions may have the same choice.
                if !known.contains(&choice) {
                    known.push(choice);
                }
            }
            choices.iter().for_each(|choice| collect(name, choice, switches));
        }
        Target::Case { then, otherwise, .. } => {
            collect(name, then, switches);
            collect(name, otherwise, switches);
        }
        Target::State(_) | Target::Refuse(_) => {}
    }
}

fn target_name(target: &Target) -> String {
    match target {
        Target::State(state) => state.clone(),
        Target::Refuse(refusal) => format!("refuse {refusal}"),
        Target::Choice(choices) => choices.first().map(target_name).unwrap_or_default(),
        Target::Case { then, otherwise, .. } => {
            format!("{} or {}", target_name(then), target_name(otherwise))
        }
    }
}

//! Lists what operations and events of a lifecycle need, and the members that only some states show.

use wxpay_spec::model::lifecycle::{Guard, Lifecycle};

use super::words::condition;
use super::{codes, confidence, table};
use crate::reference::table::{code, text};

/// Writes the table of conditions, in the order in which they are checked.
pub(super) fn of(lifecycle: &Lifecycle) -> String {
    let operations = lifecycle.operations.iter();
    let operations = operations.flat_map(|(_, rule)| rows(&rule.title, &rule.guards));
    let events = lifecycle.events.iter();
    let events = events.flat_map(|(_, event)| rows(&event.title, &event.guards));
    let titles =
        ["For · 适用", "Condition · 条件", "Otherwise refuses · 否则拒绝", "Source · 依据"];
    table("Conditions · 条件", &titles, &operations.chain(events).collect::<Vec<_>>())
}

fn rows(title: &str, guards: &[Guard]) -> Vec<Vec<String>> {
    let one = |guard: &Guard| {
        let given = code(&condition(&guard.condition));
        vec![text(title), given, code(&guard.refuse), confidence(guard.confidence)]
    };
    guards.iter().map(one).collect()
}

/// Writes the table of members that only some states show.
pub(super) fn fields(lifecycle: &Lifecycle) -> String {
    let rows = lifecycle.only_in.iter().map(|(path, states)| {
        let states =
            if states.is_empty() { "never · 不返回".to_owned() } else { codes(states) };
        vec![code(path), states]
    });
    let titles = ["Field · 字段", "Only in · 仅在这些状态返回"];
    table("Fields by state · 各状态的字段", &titles, &rows.collect::<Vec<_>>())
}

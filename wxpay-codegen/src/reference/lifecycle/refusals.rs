//! Lists what refuses: the conditions of operations and events, the refusals, and the limits that tests can change.

use wxpay_spec::model::lifecycle::{Guard, Lifecycle};

use super::words::condition;
use super::{confidence, table};
use crate::reference::table::{code, text};

/// Writes the table of conditions, in the order in which they are checked.
pub(super) fn conditions(lifecycle: &Lifecycle) -> String {
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

/// Writes the table of refusals, with the choices of each.
pub(super) fn refusals(lifecycle: &Lifecycle) -> String {
    let rows = lifecycle.refusals.iter().flat_map(|(name, choices)| {
        choices.iter().enumerate().map(move |(index, choice)| {
            let switch = match (choices.len(), index) {
                (1, _) => "",
                (_, 0) => "default · 默认",
                _ => "by switch · 可切换",
            };
            vec![
                code(name),
                choice.status.to_string(),
                code(&choice.code),
                text(&choice.message),
                confidence(choice.confidence),
                switch.to_owned(),
            ]
        })
    });
    let titles = [
        "Refusal · 拒绝",
        "Status · 状态码",
        "Code · 错误码",
        "Message · 描述",
        "Source · 依据",
        "Choice · 选择",
    ];
    table("Refusals · 错误", &titles, &rows.collect::<Vec<_>>())
}

/// Writes the table of limits that each merchant has configured.
pub(super) fn settings(lifecycle: &Lifecycle) -> String {
    let rows: Vec<_> = lifecycle
        .settings
        .iter()
        .map(|(name, setting)| {
            let usual = match &setting.value {
                serde_json::Value::Null => "no limit · 不限".to_owned(),
                usual => code(&usual.to_string()),
            };
            vec![code(name), text(&setting.title), usual]
        })
        .collect();
    table("Settings · 配置", &["Setting · 配置", "Name · 名称", "Usual value · 默认值"], &rows)
}

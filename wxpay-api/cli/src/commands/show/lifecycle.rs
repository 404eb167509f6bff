//! Shows a lifecycle: its states, and what leads from one to another.

use crate::catalogue::Catalogue;
use crate::catalogue::model::{Arrow, Deed, Lifecycle, Rule};
use crate::language::Language;
use crate::terminal::{DIM, FACT, HEADING, NAME, Page, styled};

pub(super) fn write(
    page: &mut Page,
    language: Language,
    catalogue: &Catalogue,
    name: &str,
    lifecycle: &Lifecycle,
) {
    page.line(styled(HEADING, &lifecycle.title));
    page.line(format!("{} {}", language.pick("生命周期", "Lifecycle"), styled(NAME, name)));
    page.line("");
    page.fact(language.pick("单号", "Numbers"), &lifecycle.keys.join(", "));
    for docs in &lifecycle.docs {
        page.fact(language.pick("官方文档", "Docs"), docs);
    }
    let note = language.note(lifecycle.note.as_ref());
    if !note.is_empty() {
        page.line("");
        page.text(0, note);
    }
    states(page, language, lifecycle);
    page.heading(language.pick("接口", "Operations"));
    for rule in &lifecycle.operations {
        write_rule(page, language, rule);
        for operation in &rule.on {
            page.text(4, &format!("{operation}  {}", title(catalogue, operation)));
        }
    }
    if !lifecycle.events.is_empty() {
        page.heading(language.pick("外部事件", "Events"));
        lifecycle.events.iter().for_each(|event| write_rule(page, language, event));
    }
    if !lifecycle.timers.is_empty() {
        page.heading(language.pick("定时", "Timers"));
    }
    for timer in &lifecycle.timers {
        let after = language.pick("后", "after");
        let text = format!(
            "{}: {after} {} → {}",
            timer.states.join(", "),
            duration(timer.after),
            timer.event
        );
        page.text(0, &text);
    }
    let has_notification =
        catalogue.index.notifications.iter().any(|notification| notification.name == name);
    if has_notification {
        page.line("");
        let also = language.pick("同名通知", "There is also a notification of this name");
        page.text(0, &format!("{also}: wxpay show notification:{name}"));
    }
}

/// Writes the part of a lifecycle that one operation plays: its arrows, and what ends it.
pub(super) fn of_operation(
    page: &mut Page,
    language: Language,
    catalogue: &Catalogue,
    name: &str,
    lifecycle: &Lifecycle,
    operation: &str,
) {
    let heading = language.pick("生命周期", "Lifecycle");
    page.heading(&format!("{heading} {name} {}", lifecycle.title));
    states(page, language, lifecycle);
    for rule in &lifecycle.operations {
        if rule.on.iter().any(|one| one == operation) {
            write_rule(page, language, rule);
        }
    }
    let mut events: Vec<&str> =
        lifecycle.events.iter().filter_map(|event| event.notifies.as_deref()).collect();
    events.extend(lifecycle.operations.iter().filter_map(|rule| rule.notifies.as_deref()));
    events.sort_unstable();
    events.dedup();
    if !events.is_empty() {
        page.fact(language.pick("结果通知", "Notified"), &events.join(", "));
    }
    let queries = lifecycle.operations.iter().filter(|rule| rule.does == Deed::Reads);
    for query in queries.flat_map(|rule| &rule.on).filter(|one| *one != operation) {
        let text = format!("{query}  {}", title(catalogue, query));
        page.fact(language.pick("查询", "Query"), &text);
    }
}

fn states(page: &mut Page, language: Language, lifecycle: &Lifecycle) {
    let states = lifecycle.states.iter();
    let states: Vec<_> = states
        .map(|state| format!("{} {}", state.name, state.title).trim_end().to_owned())
        .collect();
    page.fact(language.pick("状态", "States"), &states.join(" · "));
}

fn write_rule(page: &mut Page, language: Language, rule: &Rule) {
    let does = match rule.does {
        Deed::Creates => language.pick("创建", "creates"),
        Deed::Changes => language.pick("改变", "changes"),
        Deed::Reads => language.pick("查询", "reads"),
        Deed::Lists => language.pick("列表", "lists"),
        Deed::Answers => language.pick("应答", "responds"),
        Deed::Event => language.pick("事件", "event"),
    };
    let head = format!("{}  {}  ", styled(NAME, &rule.name), styled(FACT, does));
    page.hanging(0, &head, &rule.title);
    for arrow in &rule.arrows {
        page.text(4, &arrow_text(language, arrow));
    }
    if let Some(event) = &rule.notifies {
        page.text(4, &format!("{} {event}", styled(DIM, language.pick("通知", "notifies"))));
    }
}

fn arrow_text(language: Language, arrow: &Arrow) -> String {
    let from = arrow.from.as_deref().unwrap_or(language.pick("新建", "new"));
    let or = language.pick(" 或 ", " or ");
    let mut ends = Vec::new();
    if !arrow.to.is_empty() {
        ends.push(arrow.to.join(or));
    }
    if !arrow.refuses.is_empty() {
        let refuses = language.pick("拒绝", "refused");
        ends.push(format!("{refuses} {}", arrow.refuses.join(or)));
    }
    format!("{from} → {}", ends.join(", "))
}

fn title<'a>(catalogue: &'a Catalogue, operation: &str) -> &'a str {
    let is_it = |method: &str, path: &str| operation.split_once(' ') == Some((method, path));
    let mut entries = catalogue.index.operations.iter();
    entries.find(|entry| is_it(&entry.method, &entry.path)).map_or("", |entry| &entry.title)
}

/// Writes seconds in the greatest unit that divides them.
fn duration(seconds: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(86_400, "d"), (3600, "h"), (60, "min")];
    let unit = UNITS.into_iter().find(|(length, _)| seconds > 0 && seconds.is_multiple_of(*length));
    match unit {
        Some((length, unit)) => format!("{} {unit}", seconds / length),
        None => format!("{seconds} s"),
    }
}

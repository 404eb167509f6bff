//! Writes the page of a lifecycle: its diagram, and tables of what moves a resource and what refuses.

mod diagram;
mod refusals;
mod switches;
mod words;

use wxpay_spec::model::Spec;
use wxpay_spec::model::lifecycle::{
    Act, Change, Confidence, Event, Lifecycle, OperationRule, Target, Timer,
};

use super::page::{fact, footer, link, mark, of_lifecycle, of_operation, official, remark};
use super::table::{head, row, text};
use crate::ir::{Layout, Source};
use crate::lower;
use crate::markdown::{code, inline};
use words::{condition, value};

/// Writes the page of one lifecycle.
pub(super) fn page(spec: &Spec, place: &str, lifecycle: &Lifecycle) -> String {
    let path = of_lifecycle(place);
    [
        mark(&Source::One(lifecycle.source.clone())),
        format!("# {}\n\nLifecycle · 生命周期 {}\n\n", inline(&lifecycle.title), code(place)),
        fact("Numbers · 单号", &codes(&lifecycle.keys)),
        fact("Product · 产品", &lower::product(spec, &lifecycle.family, Layout::Library)),
        fact("Belongs to · 所属", &links(&path, lifecycle)),
        fact("Consists of · 组成", &parts(&path, lifecycle)),
        official(&lifecycle.docs),
        remark(lifecycle.note.as_ref()),
        diagram::of(lifecycle),
        states(lifecycle),
        fields(lifecycle),
        operations(lifecycle),
        events(lifecycle),
        timers(lifecycle),
        refusals::conditions(lifecycle),
        refusals::refusals(lifecycle),
        switches::of(lifecycle),
        refusals::settings(lifecycle),
        urls(spec, &path, lifecycle),
        footer(&path),
    ]
    .concat()
}

fn codes(texts: &[String]) -> String {
    texts.iter().map(|text| code(text)).collect::<Vec<_>>().join(", ")
}

fn to_lifecycle(from: &str, place: &str) -> String {
    format!("[{}]({})", code(place), link(from, &of_lifecycle(place)))
}

fn links(path: &str, lifecycle: &Lifecycle) -> String {
    let one = |(name, link): (&String, &wxpay_spec::model::lifecycle::Link)| {
        let to: Vec<_> = link.to.iter().map(|place| to_lifecycle(path, place)).collect();
        format!("{} ({})", code(name), to.join(", "))
    };
    lifecycle.links.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn parts(path: &str, lifecycle: &Lifecycle) -> String {
    let parts = lifecycle.parts.iter();
    let one = |(name, part): (&String, &wxpay_spec::model::lifecycle::Part)| {
        format!("{} ({})", code(name), to_lifecycle(path, &part.of))
    };
    parts.map(one).collect::<Vec<_>>().join(", ")
}

/// A table with a heading; nothing without rows.
fn table(heading: &str, titles: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let rows = rows.iter().map(|cells| row(&cells.iter().map(String::as_str).collect::<Vec<_>>()));
    format!("\n## {heading}\n\n{}{}", head(titles), rows.collect::<String>())
}

fn states(lifecycle: &Lifecycle) -> String {
    let rows: Vec<_> = lifecycle
        .states
        .iter()
        .map(|(name, state)| {
            let shows = state.shows.iter().map(|(path, constant)| member(path, constant));
            let note = state.note.as_ref().map(super::table::note).unwrap_or_default();
            let shows = shows.collect::<Vec<_>>().join("<br>");
            vec![code(name), text(&state.title), shows, note]
        })
        .collect();
    table("States · 状态", &["State · 状态", "Label · 名称", "Shows · 字段", "Note · 说明"], &rows)
}

/// Writes the table of members that only some states show.
fn fields(lifecycle: &Lifecycle) -> String {
    let rows = lifecycle.only_in.iter().map(|(path, states)| {
        let states =
            if states.is_empty() { "never · 不返回".to_owned() } else { codes(states) };
        vec![code(path), states]
    });
    let titles = ["Field · 字段", "Only in · 仅在这些状态返回"];
    table("Fields by state · 各状态的字段", &titles, &rows.collect::<Vec<_>>())
}

fn operations(lifecycle: &Lifecycle) -> String {
    let rows = lifecycle.operations.iter().map(|(name, rule)| {
        let source = confidence(rule.confidence);
        vec![text(&rule.title), code(name), act(rule), follows(&rule.change), source]
    });
    let titles = [
        "Operation · 操作",
        "Name · 名称",
        "From → to · 状态变化",
        "Follows · 结果",
        "Source · 依据",
    ];
    table("Operations · 接口", &titles, &rows.collect::<Vec<_>>())
}

/// The URLs of each operation, with the members that a URL sets.
fn urls(spec: &Spec, path: &str, lifecycle: &Lifecycle) -> String {
    let rules = lifecycle.operations.iter();
    let rows = rules.flat_map(|(_, rule)| {
        rule.on.iter().map(|binding| {
            let sets = binding.sets.iter().map(|(path, constant)| member(path, constant));
            let sets = sets.collect::<Vec<_>>().join("<br>");
            vec![text(&rule.title), call(spec, path, binding), sets]
        })
    });
    let titles = ["Operation · 操作", "URL · 接口地址", "Sets · 字段"];
    table("URLs · 接口地址", &titles, &rows.collect::<Vec<_>>())
}

/// A member with its constant.
fn member(path: &str, constant: &serde_json::Value) -> String {
    let text = constant.as_str().map_or_else(|| constant.to_string(), str::to_owned);
    format!("{} = {}", code(path), code(&text))
}

fn call(spec: &Spec, path: &str, binding: &wxpay_spec::model::lifecycle::Binding) -> String {
    let text = code(&format!("{} {}", binding.method.wire(), binding.path));
    match spec.endpoints.get(&binding.path) {
        Some(endpoint) => {
            format!("[{text}]({})", link(path, &of_operation(endpoint, binding.method)))
        }
        None => text,
    }
}

fn act(rule: &OperationRule) -> String {
    match &rule.act {
        Act::Creates { to, repeat, .. } => {
            let mut lines = vec![format!("new · 新建 → {}", target(to))];
            lines.extend(repeat.by_state.iter().map(|(state, to)| {
                format!("same number, {} · 同单号 → {}", code(state), target(to))
            }));
            lines.extend(
                repeat
                    .differs
                    .as_ref()
                    .map(|to| format!("other parameters · 同单号而参数不同 → {}", target(to))),
            );
            lines.join("<br>")
        }
        Act::Finds { from, missing, otherwise, .. } => {
            let mut lines: Vec<_> = from.iter().map(arrow).collect();
            lines.extend(
                otherwise
                    .as_ref()
                    .map(|refusal| format!("other states · 其他状态 → {}", refuse(refusal))),
            );
            lines.push(format!("unknown number · 单号不存在 → {}", refuse(missing)));
            lines.join("<br>")
        }
        Act::Lists { conditions } => {
            let conditions: Vec<_> = conditions.iter().map(|it| code(&condition(it))).collect();
            format!("lists · 列表 {}", conditions.join(" and · 且 "))
        }
        Act::Answers => {
            let answers = rule.answers.iter();
            let answers = answers.map(|(path, given)| code(&format!("{path} = {}", value(given))));
            format!("answers · 返回 {}", answers.collect::<Vec<_>>().join(", "))
        }
    }
}

fn arrow((state, to): &(String, Target)) -> String {
    format!("{} → {}", code(state), target(to))
}

fn refuse(refusal: &str) -> String {
    format!("refuses · 拒绝 {}", code(refusal))
}

fn target(to: &Target) -> String {
    match to {
        Target::State(state) => code(state),
        Target::Refuse(refusal) => refuse(refusal),
        Target::Choice(choices) => {
            let choices: Vec<_> = choices.iter().map(target).collect();
            choices.join(" *or · 或* ")
        }
        Target::Case { condition: given, then, otherwise } => format!(
            "{} if · 若 {}, else · 否则 {}",
            target(then),
            code(&condition(given)),
            target(otherwise)
        ),
    }
}

fn follows(change: &Change) -> String {
    let mut lines = Vec::new();
    if let Some(notice) = &change.notifies {
        let account = notice.account.as_ref();
        let account = account.map(|account| format!(" to · 发给 {}", code(&value(account))));
        lines.push(format!(
            "notification · 通知 {}{}{}",
            code(&notice.event),
            account.unwrap_or_default(),
            only(notice.condition.as_ref())
        ));
    }
    lines.extend(change.effects.iter().map(|effect| {
        format!(
            "{} of · 于 {}{}",
            code(&effect.event),
            code(&effect.on),
            only(effect.condition.as_ref())
        )
    }));
    lines.extend(
        change
            .records
            .iter()
            .map(|record| format!("{} {}", code(&record.kind), code(&value(&record.amount)))),
    );
    lines.join("<br>")
}

fn only(given: Option<&wxpay_spec::model::lifecycle::Condition>) -> String {
    given.map(|given| format!(" if · 若 {}", code(&condition(given)))).unwrap_or_default()
}

fn confidence(given: Option<Confidence>) -> String {
    match given {
        None => String::new(),
        Some(Confidence::Official) => "official page · 官方文档".to_owned(),
        Some(Confidence::Skills) => "official repository · 官方资料库".to_owned(),
        Some(Confidence::Sdk) => "official SDK · 官方 SDK".to_owned(),
        Some(Confidence::Real) => "real response · 真实应答".to_owned(),
        Some(Confidence::Copy) => "third party · 第三方资料".to_owned(),
        Some(Confidence::Assumed) => "assumed · 推断".to_owned(),
        Some(Confidence::Unknown) => "unknown · 未知".to_owned(),
    }
}

fn events(lifecycle: &Lifecycle) -> String {
    let rows: Vec<_> =
        lifecycle.events.iter().map(|(name, event)| event_row(name, event)).collect();
    let titles = [
        "Event · 事件",
        "Name · 名称",
        "From → to · 状态变化",
        "Inputs · 输入",
        "Follows · 结果",
        "Source · 依据",
    ];
    table("Events · 外部事件", &titles, &rows)
}

fn event_row(name: &str, event: &Event) -> Vec<String> {
    let mut arrows: Vec<_> = event.from.iter().map(arrow).collect();
    arrows.extend(event.creates.as_ref().map(|state| format!("new · 新建 → {}", code(state))));
    let inputs = event.takes.iter().map(|(input, usual)| match value(usual).as_str() {
        "" => code(input),
        usual => format!("{} = {}", code(input), code(usual)),
    });
    let title = if event.internal {
        format!("{} (internal · 内部)", text(&event.title))
    } else {
        text(&event.title)
    };
    vec![
        title,
        code(name),
        arrows.join("<br>"),
        inputs.collect::<Vec<_>>().join("<br>"),
        follows(&event.change),
        confidence(event.confidence),
    ]
}

fn timers(lifecycle: &Lifecycle) -> String {
    let one = |timer: &Timer| {
        let since = timer.since.as_ref().map(value);
        vec![
            codes(&timer.states),
            since.map_or_else(|| "entering the state · 进入状态".to_owned(), |since| code(&since)),
            duration(timer.after),
            code(&timer.event),
            confidence(timer.confidence),
        ]
    };
    let rows: Vec<_> = lifecycle.timers.iter().map(one).collect();
    let titles = ["State · 状态", "Since · 起点", "After · 时长", "Event · 事件", "Source · 依据"];
    table("Timers · 定时", &titles, &rows)
}

/// Writes seconds in the greatest unit that divides them.
fn duration(seconds: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(86_400, "d"), (3600, "h"), (60, "min")];
    let unit = UNITS.into_iter().find(|(length, _)| seconds.is_multiple_of(*length) && seconds > 0);
    match unit {
        Some((length, unit)) => format!("{} {unit}", seconds / length),
        None => format!("{seconds} s"),
    }
}

//! Reads lifecycles.

use super::{flag, note};
use crate::cursor::Cursor;
use crate::model::Method;
use crate::model::lifecycle::{
    Act, Binding, Change, Confidence, Effect, Event, Guard, Lifecycle, Link, Notice, OperationRule,
    Part, Record, RefusalChoice, Registration, Repeat, Setting, State, Target, Timer, Value,
};

use super::operation::number;
use super::value::{condition, texts, value, values};

/// Reads a file below `lifecycles/`.
pub(crate) fn lifecycle(at: &Cursor<'_>) -> Lifecycle {
    Lifecycle {
        source: at.file().to_owned(),
        family: at.text_of("family").unwrap_or_default(),
        title: at.text_of("title").unwrap_or_default(),
        docs: at.texts_of("docs"),
        note: note(at),
        keys: at.texts_of("keys"),
        state: at.text_of("state"),
        states: named(at, "states", state),
        only_in: named(at, "only_in", texts),
        links: named(at, "links", link).into_iter().collect(),
        parts: named(at, "parts", part).into_iter().collect(),
        settings: named(at, "settings", setting),
        refusals: named(at, "refusals", refusals).into_iter().collect(),
        operations: named(at, "operations", operation),
        events: named(at, "events", event),
        timers: items(at, "timers", timer),
    }
}

/// Reads the entries of a mapping, in their order.
fn named<T>(at: &Cursor<'_>, key: &str, read: impl Fn(&Cursor<'_>) -> T) -> Vec<(String, T)> {
    let entries = at.get(key).into_iter().flat_map(|map| map.entries());
    entries.map(|(name, entry)| (name.to_owned(), read(&entry))).collect()
}

/// Reads the elements of a list.
fn items<T>(at: &Cursor<'_>, key: &str, read: impl Fn(&Cursor<'_>) -> T) -> Vec<T> {
    let items = at.get(key).into_iter().flat_map(|list| list.items());
    items.map(|item| read(&item)).collect()
}

fn state(at: &Cursor<'_>) -> State {
    State {
        title: at.text_of("title").unwrap_or_default(),
        note: note(at),
        shows: constants(at, "shows"),
    }
}

fn constants(at: &Cursor<'_>, key: &str) -> Vec<(String, serde_json::Value)> {
    named(at, key, |entry| entry.json().unwrap_or_default())
}

fn link(at: &Cursor<'_>) -> Link {
    Link {
        to: at.texts_of("to"),
        by: values(at, "by"),
        states: at.texts_of("states"),
        missing: at.text_of("missing"),
    }
}

fn part(at: &Cursor<'_>) -> Part {
    Part {
        of: at.text_of("of").unwrap_or_default(),
        state: at.text_of("state").unwrap_or_default(),
    }
}

/// The usual value of a setting that does not limit.
const NO_LIMIT: &str = "none";

fn setting(at: &Cursor<'_>) -> Setting {
    let limit = at.get("value").and_then(|value| value.json());
    Setting {
        title: at.text_of("title").unwrap_or_default(),
        value: limit.filter(|limit| limit != NO_LIMIT).unwrap_or_default(),
    }
}

/// Reads a refusal, or the choices of one.
fn refusals(at: &Cursor<'_>) -> Vec<RefusalChoice> {
    let choices: Vec<_> = at.items().map(|item| refusal(&item)).collect();
    if choices.is_empty() { vec![refusal(at)] } else { choices }
}

fn refusal(at: &Cursor<'_>) -> RefusalChoice {
    RefusalChoice {
        status: at.get("status").and_then(|status| number(&status)).unwrap_or_default(),
        code: at.text_of("code").unwrap_or_default(),
        message: at.text_of("message").unwrap_or_default(),
        confidence: confidence(at),
    }
}

fn confidence(at: &Cursor<'_>) -> Option<Confidence> {
    let word = at.text_of("confidence")?;
    Confidence::ALL.into_iter().find(|confidence| confidence.word() == word)
}

fn operation(at: &Cursor<'_>) -> OperationRule {
    OperationRule {
        title: at.text_of("title").unwrap_or_default(),
        confidence: confidence(at),
        on: at.get("on").map(|on| bindings(&on)).unwrap_or_default(),
        act: act(at),
        guards: items(at, "guards", guard),
        change: change(at),
        status: named(at, "status", |entry| number(entry).unwrap_or_default()),
        answers: values(at, "answers"),
        leaves_out: at.texts_of("leaves_out"),
    }
}

fn bindings(at: &Cursor<'_>) -> Vec<Binding> {
    let listed = at.items().filter_map(|item| binding(item.text()?, Vec::new()));
    let mapped = at.entries().filter_map(|(operation, entry)| {
        let sets = entry.entries();
        let sets = sets.map(|(path, value)| (path.to_owned(), value.json().unwrap_or_default()));
        binding(operation, sets.collect())
    });
    listed.chain(mapped).collect()
}

fn binding(operation: &str, sets: Vec<(String, serde_json::Value)>) -> Option<Binding> {
    let (method, path) = operation.split_once(' ')?;
    let method = Method::ALL.into_iter().find(|known| known.wire() == method)?;
    Some(Binding { method, path: path.to_owned(), sets })
}

fn act(at: &Cursor<'_>) -> Act {
    if let Some(to) = at.get("creates") {
        let repeat = at.get("repeat").map(|repeat| self::repeat(&repeat));
        return Act::Creates {
            to: target(&to),
            repeat: repeat.unwrap_or_default(),
            renews: values(at, "renews"),
        };
    }
    if let Some(lists) = at.get("lists") {
        return Act::Lists { conditions: lists.items().map(|item| condition(&item)).collect() };
    }
    if at.get("finds").is_none() && at.get("missing").is_none() {
        return Act::Answers;
    }
    Act::Finds {
        by: finds(at),
        missing: at.text_of("missing").unwrap_or_default(),
        from: named(at, "from", target),
        otherwise: at.text_of("otherwise"),
    }
}

/// Reads `finds`. A listed key has the request's value.
fn finds(at: &Cursor<'_>) -> Vec<(String, Value)> {
    let listed = at.texts_of("finds").into_iter();
    let listed = listed.map(|key| (key.clone(), Value::Field(format!("request.{key}"))));
    listed.chain(values(at, "finds")).collect()
}

fn repeat(at: &Cursor<'_>) -> Repeat {
    Repeat {
        differs: at.get("differs").map(|differs| target(&differs)),
        ignores: at.texts_of("ignores"),
        by_state: named(at, "in", target),
    }
}

fn target(at: &Cursor<'_>) -> Target {
    if let Some(text) = at.text() {
        return match text.strip_prefix("refuse ") {
            Some(refusal) => Target::Refuse(refusal.to_owned()),
            None => Target::State(text.to_owned()),
        };
    }
    if let Some(case) = at.get("if") {
        let branch = |key| at.get(key).map(|branch| Box::new(target(&branch)));
        let nowhere = || Box::new(Target::State(String::new()));
        return Target::Case {
            condition: Box::new(condition(&case)),
            then: branch("then").unwrap_or_else(nowhere),
            otherwise: branch("else").unwrap_or_else(nowhere),
        };
    }
    Target::Choice(at.items().map(|item| target(&item)).collect())
}

fn guard(at: &Cursor<'_>) -> Guard {
    Guard {
        condition: condition(at),
        refuse: at.text_of("refuse").unwrap_or_default(),
        confidence: confidence(at),
    }
}

fn change(at: &Cursor<'_>) -> Change {
    Change {
        stores: at.texts_of("stores"),
        sets: values(at, "sets"),
        removes: at.texts_of("removes"),
        effects: items(at, "effects", effect),
        notifies: at.get("notifies").map(|notice| self::notice(&notice)),
        records: at.get("records").map(|record| self::record(&record)),
        registers: at.get("registers").map(|registration| self::registration(&registration)),
    }
}

fn effect(at: &Cursor<'_>) -> Effect {
    Effect {
        condition: at.get("if").map(|given| condition(&given)),
        on: at.text_of("on").unwrap_or_default(),
        event: at.text_of("do").unwrap_or_default(),
        with: values(at, "with"),
    }
}

fn notice(at: &Cursor<'_>) -> Notice {
    Notice {
        condition: at.get("if").map(|given| condition(&given)),
        event: at.text_of("event").unwrap_or_default(),
        sends: values(at, "sends"),
        account: at.get("account").map(|account| value(&account)),
        to: at.get("to").map(|to| value(&to)),
    }
}

fn record(at: &Cursor<'_>) -> Record {
    Record { kind: at.text_of("kind").unwrap_or_default(), amount: value_of(at, "amount") }
}

fn registration(at: &Cursor<'_>) -> Registration {
    Registration {
        event: at.text_of("event").unwrap_or_default(),
        to: at.get("to").map(|to| value(&to)),
    }
}

fn value_of(at: &Cursor<'_>, key: &str) -> Value {
    at.get(key).map_or(Value::Constant(serde_json::Value::Null), |given| value(&given))
}

fn event(at: &Cursor<'_>) -> Event {
    Event {
        title: at.text_of("title").unwrap_or_default(),
        note: note(at),
        confidence: confidence(at),
        internal: flag(at, "internal"),
        takes: values(at, "takes"),
        creates: at.text_of("creates"),
        from: named(at, "from", target),
        each: named(at, "each", |entry| entry.text().unwrap_or_default().to_owned()),
        guards: items(at, "guards", guard),
        change: change(at),
    }
}

fn timer(at: &Cursor<'_>) -> Timer {
    Timer {
        states: at.texts_of("in"),
        after: at.text_of("after").map(|text| seconds(&text)).unwrap_or_default(),
        since: at.get("since").map(|since| value(&since)),
        event: at.text_of("do").unwrap_or_default(),
        confidence: confidence(at),
    }
}

/// Reads a duration such as `7d`, in seconds.
fn seconds(text: &str) -> u64 {
    const UNITS: [(&str, u64); 4] = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)];
    let read = |(unit, seconds): (&str, u64)| {
        Some(text.strip_suffix(unit)?.parse::<u64>().ok()? * seconds)
    };
    UNITS.into_iter().find_map(read).unwrap_or_default()
}

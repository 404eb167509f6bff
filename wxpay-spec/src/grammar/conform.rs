use super::{Map, NodeKind, Table, TextRule, Value, rule};
use crate::cursor::Cursor;
use crate::suggestion::suggest;

/// Reports everything in a tree that the tables do not allow.
pub(crate) fn conform(at: &Cursor<'_>, value: &Value) {
    let Some(kind) = at.kind() else { return };
    if !value.accepts(kind) {
        return unexpected(at, kind, value);
    }
    match value {
        Value::Text(rule) => text(at, rule),
        Value::Integer { least, most } => integer(at, *least..=*most, value),
        Value::Flag if at.flag().is_none() => at.error("not a boolean", expected(value)),
        Value::Flag | Value::Null | Value::Any => {}
        Value::List(rule) => list(at, rule, value),
        Value::Map(map) => free_keys(at, map),
        Value::Table(table, rules) => {
            fixed_keys(at, table);
            rule::check(at, table, table.rules.iter().chain(*rules));
        }
        Value::Either(values) => {
            if let Some(value) = values.iter().find(|value| value.accepts(kind)) {
                conform(at, value);
            }
        }
    }
}

fn expected(value: &Value) -> Option<String> {
    Some(format!("expected {}", value.noun()))
}

fn unexpected(at: &Cursor<'_>, kind: NodeKind, value: &Value) {
    let message = match kind {
        NodeKind::Null => "nothing is given",
        NodeKind::Scalar => "a single value is given",
        NodeKind::List => "a list is given",
        NodeKind::Mapping => "a mapping is given",
    };
    at.error(message, expected(value));
}

fn text(at: &Cursor<'_>, rule: &TextRule) {
    let Some(text) = at.text() else { return };
    if !rule.accepts(text) {
        wrong_text(at, text, rule);
    }
}

pub(super) fn wrong_text(at: &Cursor<'_>, text: &str, rule: &TextRule) {
    let close = crate::suggestion::closest(text, rule.words.iter().copied());
    let help = match close {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("expected {}", rule.expected),
    };
    at.error(&format!("`{text}` does not fit"), Some(help));
}

fn integer(at: &Cursor<'_>, range: std::ops::RangeInclusive<u16>, value: &Value) {
    let number = at.json().and_then(|json| json.as_u64()).and_then(|n| u16::try_from(n).ok());
    if !number.is_some_and(|number| range.contains(&number)) {
        let text = at.text().unwrap_or_default();
        at.error(&format!("`{text}` does not fit"), expected(value));
    }
}

fn list(at: &Cursor<'_>, rule: &'static TextRule, value: &Value) {
    let mut seen = Vec::new();
    for item in at.items() {
        conform(&item, &Value::Text(rule));
        let Some(text) = item.text() else { continue };
        if seen.contains(&text) {
            item.error(&format!("`{text}` is given twice"), None);
        }
        seen.push(text);
    }
    if at.items().next().is_none() {
        at.error("an empty list", expected(value));
    }
}

fn free_keys(at: &Cursor<'_>, map: &Map) {
    for (key, value) in at.entries() {
        if !map.key.accepts(key) {
            let help = format!("expected {}", map.key.expected);
            value.key_error(&format!("`{key}` cannot be a key here"), Some(help));
        }
        conform(&value, &map.value);
    }
    if at.entries().next().is_none() {
        at.error("an empty mapping", Some(format!("expected {}", map.noun)));
    }
}

fn fixed_keys(at: &Cursor<'_>, table: &Table) {
    let free: Vec<&str> =
        table.keys.iter().map(|key| key.name).filter(|key| at.get(key).is_none()).collect();
    for (name, value) in at.entries() {
        match table.key(name) {
            Some(key) => conform(&value, &key.value),
            None => {
                let help = suggest(name, free.iter().copied());
                value.key_error(&format!("unknown key `{name}`"), help);
            }
        }
    }
    for key in table.keys {
        if key.required && at.get(key.name).is_none() {
            let help = format!("expected {}", key.value.noun());
            at.key_error(&format!("`{}` is missing", key.name), Some(help));
        }
    }
}

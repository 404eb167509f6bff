//! Checks the structure of a file against the grammar.

use std::cell::LazyCell;
use std::collections::HashSet;

use super::rule::known_type;
use super::{Key, Map, Rule, Table, TextRule, Value, rule};
use crate::cursor::Cursor;
use crate::suggestion::{closest, one_of};
use crate::yaml::NodeKind;

/// Reports everything in a tree that the grammar does not allow.
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
        Value::List(rule) => list(at, &Value::Text(rule), value),
        Value::Each(element) => elements(at, element, value),
        Value::Integers { least, most } => {
            list(at, &Value::Integer { least: *least, most: *most }, value);
        }
        Value::Map(map) => free_keys(at, map),
        Value::Table(table, rules) => {
            let rules: Vec<&Rule> = table.rules.iter().chain(*rules).collect();
            fixed_keys(at, table, &rules);
            rule::check(at, table, &rules);
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
        NodeKind::Null => "no value is given",
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

fn wrong_text(at: &Cursor<'_>, text: &str, rule: &TextRule) {
    let help = match (rule.hint(text), closest(text, rule.words.iter().copied())) {
        (Some(hint), _) => hint.to_owned(),
        (None, Some(close)) => format!("did you mean `{close}`?"),
        (None, None) => format!("expected {}", rule.expected),
    };
    at.error(&format!("`{text}` is not a valid value"), Some(help));
}

fn integer(at: &Cursor<'_>, range: std::ops::RangeInclusive<u16>, value: &Value) {
    let number = at.json().and_then(|json| json.as_u64()).and_then(|n| u16::try_from(n).ok());
    if !number.is_some_and(|number| range.contains(&number)) {
        let text = at.text().unwrap_or_default();
        at.error(&format!("`{text}` is not a valid value"), expected(value));
    }
}

fn list(at: &Cursor<'_>, element: &Value, value: &Value) {
    let mut seen = HashSet::new();
    for item in at.items() {
        conform(&item, element);
        let Some(text) = item.text() else { continue };
        if !seen.insert(text) {
            item.error(&format!("`{text}` is given twice"), None);
        }
    }
    if at.items().next().is_none() {
        at.error("the list is empty", expected(value));
    }
}

/// Checks a list whose elements may repeat.
fn elements(at: &Cursor<'_>, element: &Value, value: &Value) {
    at.items().for_each(|item| conform(&item, element));
    if at.items().next().is_none() {
        at.error("the list is empty", expected(value));
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
    map.rules.iter().for_each(|rule| rule::check_member(at, rule));
    if at.entries().next().is_none() {
        at.error("the mapping is empty", Some(format!("expected {}", map.noun)));
    }
}

fn fixed_keys(at: &Cursor<'_>, table: &Table, rules: &[&Rule]) {
    let offer = LazyCell::new(|| Offer::new(at, table, rules));
    for (name, value) in at.entries() {
        match (table.key(name), name.strip_suffix('?').and_then(|name| table.key(name))) {
            (Some(key), _) => conform(&value, &key.value),
            (None, Some(key)) => {
                misplaced_mark(at, key, &value);
                conform(&value, &key.value);
            }
            (None, None) => {
                value.key_error(&format!("unknown key `{name}`"), offer.instead_of(name));
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

/// Reports a `?` after a key that is not a member.
fn misplaced_mark(at: &Cursor<'_>, key: &Key, value: &Cursor<'_>) {
    let help = match at.entries().any(|(name, _)| name == key.name) {
        true => "the key is also given without `?`: remove one of them",
        false => "remove the `?`: only members can be optional",
    };
    value.key_error(&format!("`{}` cannot be optional", key.name), Some(help.to_owned()));
}

/// The keys that an unknown key of a mapping may mean.
///
/// They are the same for all unknown keys of a mapping, so they are collected once.
pub(super) struct Offer {
    /// The keys of the table that the file does not give.
    free: Vec<&'static str>,
    /// The keys among `free` that the rules allow beside the given ones.
    fitting: Vec<&'static str>,
}

impl Offer {
    pub(super) fn new(at: &Cursor<'_>, table: &Table, rules: &[&Rule]) -> Self {
        let keys = table.keys.iter().map(|key| key.name);
        let free: Vec<&str> = keys.filter(|key| at.get(key).is_none()).collect();
        let fitting = free.iter().copied().filter(|key| fits(at, key, rules)).collect();
        Self { free, fitting }
    }

    /// Writes a help text: the key that looks like the unknown one, else those that may be added.
    pub(super) fn instead_of(&self, name: &str) -> Option<String> {
        match closest(name, self.free.iter().copied()) {
            Some(close) => Some(format!("did you mean `{close}`?")),
            None => one_of(self.fitting.iter().copied()),
        }
    }
}

/// Whether a key may be added to the given keys.
fn fits(at: &Cursor<'_>, key: &str, rules: &[&Rule]) -> bool {
    let lacks_what_it_needs = rules.iter().any(|rule| match rule {
        Rule::Needs { key: needing, beside } => {
            *needing == key && at.get(beside).is_none() && is_barred(at, beside, rules)
        }
        Rule::NeedsOneOf { key: needing, beside } => {
            let is_out = |other: &&str| at.get(other).is_none() && is_barred(at, other, rules);
            *needing == key && beside.iter().all(is_out)
        }
        _ => false,
    });
    !lacks_what_it_needs && !is_barred(at, key, rules)
}

fn is_barred(at: &Cursor<'_>, key: &str, rules: &[&Rule]) -> bool {
    let given = |other: &str| other != key && at.get(other).is_some();
    rules.iter().any(|rule| match rule {
        Rule::AtMostOne(keys) => keys.contains(&key) && keys.iter().any(|other| given(other)),
        Rule::Excludes { key: one, beside } => {
            (*one == key && beside.iter().any(|other| given(other)))
                || (beside.contains(&key) && given(one))
        }
        Rule::OnlyFor { key: one, types } => {
            *one == key && known_type(at).is_some_and(|ty| !types.contains(&ty))
        }
        Rule::Without { key: one, .. } => *one == key,
        _ => false,
    })
}

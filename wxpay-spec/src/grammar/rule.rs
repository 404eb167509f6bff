//! Checks the rules between the keys of one mapping.

use super::words::TYPE;
use super::{MemberRule, Rule, Table, TextRule};
use crate::cursor::Cursor;
use crate::yaml::NodeKind;

/// Reports a member that lacks the key that it needs.
pub(super) fn check_member(at: &Cursor<'_>, rule: &MemberRule) {
    let member = at.member(rule.member).filter(|member| member.kind() == Some(NodeKind::Mapping));
    if let Some(member) = member.filter(|member| member.get(rule.key).is_none()) {
        member.key_error(
            &format!("`{}` is missing; the member `{}` needs it", rule.key, rule.member),
            Some(format!("expected `{}: {}`", rule.key, rule.value)),
        );
    }
}

/// Reports every broken rule of a mapping.
pub(super) fn check(at: &Cursor<'_>, table: &Table, rules: &[&Rule]) {
    for rule in rules {
        check_one(at, table, rule);
    }
}

fn check_one(at: &Cursor<'_>, table: &Table, rule: &Rule) {
    match rule {
        Rule::AtLeastOne(keys) => at_least_one(at, keys),
        Rule::AtMostOne(keys) => at_most_one(at, keys),
        Rule::Needs { key, beside } => needs(at, table, key, beside),
        Rule::NeedsOneOf { key, beside } => needs_one_of(at, key, beside),
        Rule::Excludes { key, beside } => excludes(at, key, beside),
        Rule::OnlyFor { key, types } => only_for(at, key, types),
        Rule::Brings { ty, key } => brings(at, table, ty, key),
        Rule::Without { key, why } => {
            if let Some(given) = at.get(key) {
                given.key_error(&format!("`{key}` is not allowed here"), Some((*why).to_owned()));
            }
        }
        Rule::Not { key, text, why } => {
            if let Some(given) = at.get(key).filter(|given| given.text() == Some(text)) {
                given.error(&format!("`{text}` is not allowed here"), Some((*why).to_owned()));
            }
        }
        Rule::Type(rule) => place_type(at, rule),
        Rule::ElementType(rule) => {
            if let Some(items) = at.get("items") {
                place_type(&items, rule);
            }
        }
    }
}

fn quoted(keys: &[&str]) -> String {
    let quoted: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    quoted.join(", ")
}

fn at_least_one(at: &Cursor<'_>, keys: &[&str]) {
    if keys.iter().all(|key| at.get(key).is_none()) {
        at.key_error(&format!("one of {} is missing", quoted(keys)), None);
    }
}

fn at_most_one(at: &Cursor<'_>, keys: &[&str]) {
    let mut given = keys.iter().filter_map(|key| at.get(key).map(|value| (key, value)));
    let Some((first, _)) = given.next() else {
        return;
    };
    for (key, value) in given {
        value.key_error(
            &format!("`{key}` cannot be given with `{first}`"),
            Some("remove one of them".to_owned()),
        );
    }
}

fn needs(at: &Cursor<'_>, table: &Table, key: &str, beside: &str) {
    let Some(given) = at.get(key) else { return };
    if at.get(beside).is_none() {
        let help =
            table.key(beside).map(|other| format!("add it: expected {}", other.value.noun()));
        given.key_error(&format!("`{key}` is given without `{beside}`"), help);
    }
}

fn needs_one_of(at: &Cursor<'_>, key: &str, beside: &[&str]) {
    let Some(given) = at.get(key) else { return };
    if beside.iter().all(|other| at.get(other).is_none()) {
        given.key_error(&format!("`{key}` is given without one of {}", quoted(beside)), None);
    }
}

fn excludes(at: &Cursor<'_>, key: &str, beside: &[&str]) {
    if at.get(key).is_none() {
        return;
    }
    for other in beside {
        if let Some(given) = at.get(other) {
            given.key_error(
                &format!("`{other}` cannot be given with `{key}`"),
                Some("remove one of them".to_owned()),
            );
        }
    }
}

/// Returns the type. A missing or wrong type is `None`; `conform` reports it.
pub(super) fn known_type<'a>(at: &Cursor<'a>) -> Option<&'a str> {
    at.get("type")?.text().filter(|text| TYPE.accepts(text))
}

fn only_for(at: &Cursor<'_>, key: &str, types: &[&str]) {
    let (Some(given), Some(ty)) = (at.get(key), known_type(at)) else {
        return;
    };
    if !types.contains(&ty) {
        let noun = if types.len() == 1 { "type" } else { "types" };
        let help = format!("`{key}` is only for the {noun} {}", quoted(types));
        given.key_error(&format!("`{key}` cannot be given for the type `{ty}`"), Some(help));
    }
}

fn brings(at: &Cursor<'_>, table: &Table, ty: &str, key: &str) {
    if known_type(at) == Some(ty) && at.get(key).is_none() {
        let noun = table.key(key).map(|key| key.value.noun()).unwrap_or_default();
        let open = if ty == "object" { "; the type `json` is JSON of any shape" } else { "" };
        at.key_error(
            &format!("`{key}` is missing; the type `{ty}` needs it"),
            Some(format!("expected {noun}{open}")),
        );
    }
}

fn place_type(at: &Cursor<'_>, rule: &TextRule) {
    let Some(ty) = known_type(at) else { return };
    if let Some(given) = at.get("type").filter(|_| !rule.accepts(ty)) {
        given.error(
            &format!("the type `{ty}` is not allowed here"),
            Some(format!("expected {}", rule.expected)),
        );
    }
}

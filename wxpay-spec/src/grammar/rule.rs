use super::type_word::TYPE;
use super::{NodeKind, Table, TextRule};
use crate::cursor::Cursor;

/// What the keys of one mapping have to do with each other.
#[derive(Debug)]
pub(crate) enum Rule {
    /// At least one of the keys is given.
    AtLeastOne(&'static [&'static str]),
    /// At most one of the keys is given.
    AtMostOne(&'static [&'static str]),
    /// A key is given only beside another.
    Needs { key: &'static str, beside: &'static str },
    /// A key is given only beside at least one of the others.
    NeedsOneOf { key: &'static str, beside: &'static [&'static str] },
    /// A key is never given beside another.
    Excludes { key: &'static str, beside: &'static [&'static str] },
    /// A key is given only where `type` is one of these.
    OnlyFor { key: &'static str, types: &'static [&'static str] },
    /// A key is always given where `type` is this.
    Brings { ty: &'static str, key: &'static str },
    /// A key is not given at this place.
    Without { key: &'static str, why: &'static str },
    /// A key has not this text at this place.
    Not { key: &'static str, text: &'static str, why: &'static str },
    /// `type` is one of these at this place.
    Type(&'static TextRule),
    /// The `type` of `items` is one of these at this place.
    ElementType(&'static TextRule),
}

/// What a key of a mapping with free keys always says about itself.
#[derive(Debug)]
pub(crate) struct MemberRule {
    /// The member, optional or not.
    pub(crate) member: &'static str,
    /// The key that it needs.
    pub(crate) key: &'static str,
    /// What the key usually holds.
    pub(crate) value: &'static str,
}

impl MemberRule {
    pub(super) fn check(&self, at: &Cursor<'_>) {
        let member =
            at.member(self.member).filter(|member| member.kind() == Some(NodeKind::Mapping));
        if let Some(member) = member.filter(|member| member.get(self.key).is_none()) {
            member.key_error(
                &format!("`{}` is missing, which the member `{}` needs", self.key, self.member),
                Some(format!("expected `{}: {}`", self.key, self.value)),
            );
        }
    }
}

/// Reports every rule that a mapping breaks.
pub(super) fn check(at: &Cursor<'_>, table: &Table, rules: &[&Rule]) {
    for rule in rules {
        rule.check(at, table);
    }
}

impl Rule {
    fn check(&self, at: &Cursor<'_>, table: &Table) {
        match self {
            Self::AtLeastOne(keys) => at_least_one(at, keys),
            Self::AtMostOne(keys) => at_most_one(at, keys),
            Self::Needs { key, beside } => needs(at, table, key, beside),
            Self::NeedsOneOf { key, beside } => needs_one_of(at, key, beside),
            Self::Excludes { key, beside } => excludes(at, key, beside),
            Self::OnlyFor { key, types } => only_for(at, key, types),
            Self::Brings { ty, key } => brings(at, table, ty, key),
            Self::Without { key, why } => {
                if let Some(given) = at.get(key) {
                    given.key_error(
                        &format!("`{key}` is not allowed here"),
                        Some((*why).to_owned()),
                    );
                }
            }
            Self::Not { key, text, why } => {
                if let Some(given) = at.get(key).filter(|given| given.text() == Some(text)) {
                    given.error(&format!("`{text}` is not allowed here"), Some((*why).to_owned()));
                }
            }
            Self::Type(rule) => place_type(at, rule),
            Self::ElementType(rule) => {
                if let Some(items) = at.get("items") {
                    place_type(&items, rule);
                }
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
            &format!("`{key}` beside `{first}`"),
            Some("expected only one of them".to_owned()),
        );
    }
}

fn needs(at: &Cursor<'_>, table: &Table, key: &str, beside: &str) {
    let Some(given) = at.get(key) else { return };
    if at.get(beside).is_none() {
        let help = table.key(beside).map(|other| format!("expected {} there", other.value.noun()));
        given.key_error(&format!("`{key}` without `{beside}`"), help);
    }
}

fn needs_one_of(at: &Cursor<'_>, key: &str, beside: &[&str]) {
    let Some(given) = at.get(key) else { return };
    if beside.iter().all(|other| at.get(other).is_none()) {
        given.key_error(&format!("`{key}` without one of {}", quoted(beside)), None);
    }
}

fn excludes(at: &Cursor<'_>, key: &str, beside: &[&str]) {
    if at.get(key).is_none() {
        return;
    }
    for other in beside {
        if let Some(given) = at.get(other) {
            given.key_error(
                &format!("`{other}` beside `{key}`"),
                Some("expected only one of them".to_owned()),
            );
        }
    }
}

/// The type, unless it is missing or wrong, which is reported by itself.
pub(super) fn known_type<'a>(at: &Cursor<'a>) -> Option<&'a str> {
    at.get("type")?.text().filter(|text| TYPE.accepts(text))
}

fn only_for(at: &Cursor<'_>, key: &str, types: &[&str]) {
    let (Some(given), Some(ty)) = (at.get(key), known_type(at)) else {
        return;
    };
    if !types.contains(&ty) {
        let help = format!("`{key}` goes only with the type {}", quoted(types));
        given.key_error(&format!("`{key}` beside the type `{ty}`"), Some(help));
    }
}

fn brings(at: &Cursor<'_>, table: &Table, ty: &str, key: &str) {
    if known_type(at) == Some(ty) && at.get(key).is_none() {
        let noun = table.key(key).map(|key| key.value.noun()).unwrap_or_default();
        let open = if ty == "object" { "; the type `json` is JSON of any shape" } else { "" };
        at.key_error(
            &format!("`{key}` is missing, which the type `{ty}` needs"),
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

//! Key paths such as `amount.total` and `receivers[].amount`, in JSON objects.

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// A path of member names. A list is entered, and its elements are taken together.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(from = "String")]
pub(in crate::sandbox) struct KeyPath {
    text: String,
    steps: Vec<String>,
    /// Whether the path goes through a list, and stands for all its elements.
    is_plural: bool,
}

/// A member that a descriptor reads: its scope, and its path there.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(from = "String")]
pub(in crate::sandbox) struct FieldPath {
    /// `own`, `request`, `input`, `item`, `whole`, `caller`, `setting`, or a link's name.
    pub(in crate::sandbox) scope: String,
    pub(in crate::sandbox) place: FieldPlace,
}

/// What a descriptor reads of a scope.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::sandbox) enum FieldPlace {
    /// `@state`: the name of the state.
    State,
    /// `@before`: the state before this operation or event.
    Before,
    /// `@created`: when the resource began.
    Created,
    /// `@entered`: when it entered its state.
    Entered,
    Member(KeyPath),
}

impl From<String> for KeyPath {
    fn from(text: String) -> Self {
        let is_plural = text.contains("[]");
        let steps = text.split('.').map(|step| step.trim_end_matches("[]").to_owned());
        let steps = steps.filter(|step| !step.is_empty()).collect();
        Self { steps, is_plural, text }
    }
}

impl From<String> for FieldPath {
    fn from(text: String) -> Self {
        let (scope, path) = text.split_once('.').unwrap_or((&text, ""));
        let place = match path {
            "@state" => FieldPlace::State,
            "@before" => FieldPlace::Before,
            "@created" => FieldPlace::Created,
            "@entered" => FieldPlace::Entered,
            path => {
                let list = if scope.ends_with("[]") { "[]" } else { "" };
                FieldPlace::Member(KeyPath::from(format!("{path}{list}")))
            }
        };
        Self { scope: scope.trim_end_matches("[]").to_owned(), place }
    }
}

impl KeyPath {
    pub(in crate::sandbox) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the value: of a path with `[]`, the list of all such members. `null` counts as none.
    pub(in crate::sandbox) fn get(&self, object: &Json) -> Option<Json> {
        let mut found = Vec::new();
        collect(&self.steps, object, &mut found);
        if self.is_plural {
            let all = found.into_iter().flat_map(|value| match value {
                Json::Array(items) => items.iter().collect(),
                value => vec![value],
            });
            let all: Vec<_> = all.cloned().collect();
            return (!all.is_empty()).then_some(Json::Array(all));
        }
        match found.as_slice() {
            [] => None,
            [one] => Some((*one).clone()),
            several => Some(several.iter().map(|value| (*value).clone()).collect()),
        }
    }

    /// Sets the value. Objects that are missing on the way are made; in a list, every element is changed.
    pub(in crate::sandbox) fn set(&self, object: &mut Json, value: &Json) {
        set(&self.steps, object, value);
    }

    /// Replaces the values that exist, those in JSON inside a text too.
    pub(in crate::sandbox) fn replace(&self, object: &mut Json, by: &Json) {
        replace(&self.steps, object, by);
    }

    /// Removes the member, and objects that it leaves empty.
    pub(in crate::sandbox) fn remove(&self, object: &mut Json) {
        remove(&self.steps, object);
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

fn collect<'v>(steps: &[String], value: &'v Json, found: &mut Vec<&'v Json>) {
    match (steps.split_first(), value) {
        (_, Json::Null) => {}
        (None, value) => found.push(value),
        (Some(_), Json::Array(items)) => {
            items.iter().for_each(|item| collect(steps, item, found));
        }
        (Some((first, rest)), Json::Object(members)) => {
            if let Some(member) = members.get(first) {
                collect(rest, member, found);
            }
        }
        (Some(_), _) => {}
    }
}

fn set(steps: &[String], at: &mut Json, value: &Json) {
    let Some((first, rest)) = steps.split_first() else {
        *at = value.clone();
        return;
    };
    match at {
        Json::Array(items) => items.iter_mut().for_each(|item| set(steps, item, value)),
        Json::Object(members) => {
            set(rest, members.entry(first.clone()).or_insert(Json::Null), value);
        }
        other => {
            let mut members = Map::new();
            set(rest, members.entry(first.clone()).or_insert(Json::Null), value);
            *other = Json::Object(members);
        }
    }
}

fn replace(steps: &[String], at: &mut Json, by: &Json) {
    match (steps.split_first(), at) {
        (_, Json::Null) => {}
        (_, Json::Array(items)) => items.iter_mut().for_each(|item| replace(steps, item, by)),
        (None, at) => *at = by.clone(),
        (Some((first, rest)), Json::Object(members)) => {
            if let Some(member) = members.get_mut(first) {
                replace(rest, member, by);
            }
        }
        (Some(_), Json::String(text)) => {
            if let Ok(mut inside @ (Json::Object(_) | Json::Array(_))) = serde_json::from_str(text)
            {
                replace(steps, &mut inside, by);
                *text = inside.to_string();
            }
        }
        (Some(_), _) => {}
    }
}

fn remove(steps: &[String], at: &mut Json) {
    let Some((first, rest)) = steps.split_first() else { return };
    match at {
        Json::Array(items) => items.iter_mut().for_each(|item| remove(steps, item)),
        Json::Object(members) => {
            if rest.is_empty() {
                members.remove(first);
                return;
            }
            let Some(inner) = members.get_mut(first) else { return };
            remove(rest, inner);
            if inner.as_object().is_some_and(Map::is_empty) {
                members.remove(first);
            }
        }
        _ => {}
    }
}

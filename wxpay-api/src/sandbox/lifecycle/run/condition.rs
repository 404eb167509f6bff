//! Decides conditions.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::arithmetic::{compare, equal};
use super::scope::Scope;
use crate::sandbox::lifecycle::describe::model::{Condition, Value};

impl Scope<'_> {
    /// Returns whether a condition holds.
    pub(in crate::sandbox) fn holds(self, condition: &Condition) -> bool {
        match condition {
            Condition::Present(value) => self.value(value).is_some(),
            Condition::Absent(value) => self.value(value).is_none(),
            Condition::Equal(values) => self.both(values).is_some_and(|(a, b)| equal(&a, &b)),
            Condition::Differ(values) => self.both(values).is_some_and(|(a, b)| !equal(&a, &b)),
            Condition::Less(values) => self.order(values).is_some_and(Ordering::is_lt),
            Condition::AtMost(values) => self.order(values).is_some_and(Ordering::is_le),
            Condition::Among { value, texts } => self.value(value).is_some_and(|value| {
                texts.iter().any(|text| equal(&value, &Json::from(text.as_str())))
            }),
            Condition::ExactlyOne(values) => {
                values.iter().filter(|value| self.value(value).is_some()).count() == 1
            }
            Condition::Distinct(list) => are_distinct(self.value(list)),
            Condition::All(inner) => inner.iter().all(|condition| self.holds(condition)),
            Condition::Any(inner) => inner.iter().any(|condition| self.holds(condition)),
            Condition::Not(inner) => !self.holds(inner),
            Condition::Function(call) => self.call(call) == Some(Json::Bool(true)),
        }
    }

    fn both(self, values: &[Value; 2]) -> Option<(Json, Json)> {
        let [one, other] = values;
        Some((self.value(one)?, self.value(other)?))
    }

    fn order(self, values: &[Value; 2]) -> Option<Ordering> {
        let (one, other) = self.both(values)?;
        compare(&one, &other)
    }
}

fn are_distinct(list: Option<Json>) -> bool {
    let Some(Json::Array(items)) = list else { return true };
    let mut rest = items.as_slice();
    while let Some((first, others)) = rest.split_first() {
        if others.iter().any(|other| equal(first, other)) {
            return false;
        }
        rest = others;
    }
    true
}

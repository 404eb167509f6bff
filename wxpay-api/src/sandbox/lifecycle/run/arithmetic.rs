//! Numbers, and the comparison of values.

use std::cmp::Ordering;

use serde_json::{Number, Value as Json};

use crate::sandbox::lifecycle::keep::clock::Moment;

/// A number of JSON. Amounts are integers, and stay exact.
#[derive(Clone, Copy, Debug)]
pub(in crate::sandbox) enum Amount {
    Integer(i128),
    Real(f64),
}

impl Amount {
    pub(in crate::sandbox) const ZERO: Self = Self::Integer(0);

    /// Reads a number, or a text that is one.
    pub(in crate::sandbox) fn read(value: &Json) -> Option<Self> {
        match value {
            Json::Number(number) => match number.as_i64() {
                Some(integer) => Some(Self::Integer(integer.into())),
                None => Some(Self::Real(number.as_f64()?)),
            },
            Json::String(text) => match text.parse::<i64>() {
                Ok(integer) => Some(Self::Integer(integer.into())),
                Err(_) => text.parse().ok().filter(|real: &f64| real.is_finite()).map(Self::Real),
            },
            _ => None,
        }
    }

    pub(in crate::sandbox) fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Integer(one), Self::Integer(other)) => Self::Integer(one.saturating_add(other)),
            (one, other) => Self::Real(one.real() + other.real()),
        }
    }

    pub(in crate::sandbox) fn minus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Integer(one), Self::Integer(other)) => Self::Integer(one.saturating_sub(other)),
            (one, other) => Self::Real(one.real() - other.real()),
        }
    }

    /// Computes `self × part ÷ whole`, rounded to the nearest integer; `None` if the whole is zero.
    pub(in crate::sandbox) fn share(self, part: Self, whole: Self) -> Option<Self> {
        match (self, part, whole) {
            (Self::Integer(amount), Self::Integer(part), Self::Integer(whole)) => {
                let product = amount.checked_mul(part)?;
                let twice = product.checked_mul(2)?.checked_add(whole)?;
                Some(Self::Integer(twice.checked_div_euclid(whole.checked_mul(2)?)?))
            }
            (amount, part, whole) => {
                let share = (amount.real() * part.real() / whole.real()).round();
                share.is_finite().then_some(Self::Real(share))
            }
        }
    }

    pub(in crate::sandbox) fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(one), Self::Integer(other)) => Some(one.cmp(&other)),
            (one, other) => one.real().partial_cmp(&other.real()),
        }
    }

    pub(in crate::sandbox) fn to_json(self) -> Option<Json> {
        match self {
            Self::Integer(integer) => i64::try_from(integer).ok().map(Json::from),
            Self::Real(real) => Number::from_f64(real).map(Json::Number),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "only numbers beside a real one")]
    fn real(self) -> f64 {
        match self {
            Self::Integer(integer) => integer as f64,
            Self::Real(real) => real,
        }
    }
}

/// Compares numbers, times or texts; `None` if they cannot be compared.
pub(in crate::sandbox) fn compare(one: &Json, other: &Json) -> Option<Ordering> {
    if !one.is_number() || !other.is_number() {
        // A compact time compares with one of RFC 3339.
        if let (Some(one), Some(other)) = (Moment::read(one), Moment::read(other)) {
            return Some(one.cmp(&other));
        }
    }
    match (Amount::read(one), Amount::read(other)) {
        (Some(one), Some(other)) => one.compare(other),
        _ => Some(one.as_str()?.cmp(other.as_str()?)),
    }
}

/// Returns whether two values are the same. A number is the same as its text, and lists may have any order.
pub(in crate::sandbox) fn equal(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(number), Json::String(text)) | (Json::String(text), Json::Number(number)) => {
            number.to_string() == *text
        }
        (Json::Array(one), Json::Array(other)) => {
            let mut rest: Vec<_> = other.iter().collect();
            one.len() == rest.len()
                && one.iter().all(|item| {
                    let found = rest.iter().position(|other| equal(item, other));
                    found.map(|index| rest.swap_remove(index)).is_some()
                })
        }
        (one, other) => same(one, other),
    }
}

/// Returns whether two values are the same in JSON: `1` is `1.0`, and the order of members does not count.
pub(in crate::sandbox) fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(_), Json::Number(_)) => {
            let (one, other) = (Amount::read(one), Amount::read(other));
            one.zip(other).is_some_and(|(one, other)| one.compare(other) == Some(Ordering::Equal))
        }
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, one)| other.get(name).is_some_and(|other| same(one, other)))
        }
        (one, other) => one == other,
    }
}

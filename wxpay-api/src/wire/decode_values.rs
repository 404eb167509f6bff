//! How each type of value is read from a response, absent or of another JSON type.

use std::borrow::Cow;

use super::{Decode, Incoming, Json, OpenEnum, Timestamp};
use crate::protocol::lossy_json::JsonKind;
use crate::protocol::{Secret, SecretBytes};

/// A field of a response. Each type decides its value where the member is absent or unreadable.
///
/// An absent text, open enum or list is empty. Integers, numbers, booleans and objects are
/// `Option`, because 0 fen and `false` are values.
pub trait Member: Sized {
    /// Reads a member that may be absent.
    fn take(value: Option<Incoming<'_>>) -> Self;
}

impl<T: Decode> Member for Option<T> {
    fn take(value: Option<Incoming<'_>>) -> Self {
        value.and_then(T::decode)
    }
}

impl<T: Decode> Member for Vec<T> {
    fn take(value: Option<Incoming<'_>>) -> Self {
        let Some(value) = value else {
            return Self::new();
        };
        let Some(elements) = value.elements() else {
            if is_nothing(value) {
                value.note("list", super::CorrectionKind::Converted);
                return Self::new();
            }
            let single = T::decode(value);
            if single.is_some() {
                value.note("list", super::CorrectionKind::Converted);
            }
            return single.into_iter().collect();
        };
        let read = |element: Incoming<'_>| match element.kind() {
            JsonKind::Null => element.absent("a value"),
            _ => T::decode(element),
        };
        elements.filter_map(read).collect()
    }
}

/// Whether the value is what some languages write for an empty list: an empty object or text.
fn is_nothing(value: Incoming<'_>) -> bool {
    match value.kind() {
        JsonKind::Object => value.is_empty(),
        JsonKind::Text(text) => text.is_empty(),
        _ => false,
    }
}

macro_rules! plain {
    ($($type:ty),*) => {$(
        impl Member for $type {
            fn take(value: Option<Incoming<'_>>) -> Self {
                value.and_then(<$type as Decode>::decode).unwrap_or_default()
            }
        }
    )*};
}

plain!(String, Timestamp, Secret, SecretBytes, Json);

impl<T: OpenEnum> Member for T {
    fn take(value: Option<Incoming<'_>>) -> Self {
        value.and_then(read_enum).unwrap_or_else(|| T::from(""))
    }
}

/// Reads the value of an open enum.
pub fn read_enum<T: OpenEnum>(value: Incoming<'_>) -> Option<T> {
    let text = if T::INTEGER { digits(value) } else { text(value) };
    text.map(|text| T::from(&text))
}

impl Decode for String {
    fn decode(value: Incoming<'_>) -> Option<Self> {
        text(value).map(Cow::into_owned)
    }
}

impl Decode for Timestamp {
    fn decode(value: Incoming<'_>) -> Option<Self> {
        text(value).map(|text| Self::from(text.into_owned()))
    }
}

impl Decode for Json {
    fn decode(value: Incoming<'_>) -> Option<Self> {
        value.note_untyped();
        Some(value.to_json())
    }
}

impl Decode for i64 {
    fn decode(value: Incoming<'_>) -> Option<Self> {
        match value.kind() {
            JsonKind::Number(number) => match number.as_i64() {
                Some(integer) => Some(integer),
                None => match integer(number) {
                    Some(integer) => value.converted("integer", integer),
                    None => value.absent("integer"),
                },
            },
            JsonKind::Text(text) => match text.trim().parse() {
                Ok(integer) => value.converted("integer", integer),
                Err(_) => value.absent("integer"),
            },
            _ => value.absent("integer"),
        }
    }
}

impl Decode for f64 {
    fn decode(value: Incoming<'_>) -> Option<Self> {
        match value.kind() {
            JsonKind::Number(number) => number.as_f64(),
            JsonKind::Text(text) => match text.trim().parse::<Self>() {
                Ok(number) if number.is_finite() => value.converted("number", number),
                _ => value.absent("number"),
            },
            _ => value.absent("number"),
        }
    }
}

impl Decode for bool {
    fn decode(value: Incoming<'_>) -> Option<Self> {
        match value.kind() {
            JsonKind::Bool(boolean) => Some(boolean),
            JsonKind::Text(text) => match text.trim() {
                "true" | "TRUE" | "True" | "1" => value.converted("boolean", true),
                "false" | "FALSE" | "False" | "0" => value.converted("boolean", false),
                _ => value.absent("boolean"),
            },
            JsonKind::Number(number) => match integer(number) {
                Some(1) => value.converted("boolean", true),
                Some(0) => value.converted("boolean", false),
                _ => value.absent("boolean"),
            },
            _ => value.absent("boolean"),
        }
    }
}

impl Decode for Secret {
    fn decode(value: Incoming<'_>) -> Option<Self> {
        value.note_secret();
        let mut secret = Self::encrypted(text(value)?.into_owned());
        if let Some(merchant) = value.merchant()
            && secret.decrypt_lossily(merchant)
        {
            value.repaired();
        }
        Some(secret)
    }
}

impl Decode for SecretBytes {
    fn decode(value: Incoming<'_>) -> Option<Self> {
        value.note_secret();
        let mut secret = Self::encrypted(text(value)?.into_owned());
        if let Some(merchant) = value.merchant() {
            secret.decrypt_with(merchant);
        }
        Some(secret)
    }
}

fn text(value: Incoming<'_>) -> Option<Cow<'_, str>> {
    match value.kind() {
        JsonKind::Text(text) => Some(text.into()),
        JsonKind::Number(number) => value.converted("string", value.digits(number).into()),
        JsonKind::Bool(boolean) => value.converted("string", boolean.to_string().into()),
        _ => value.absent("string"),
    }
}

/// Reads an enum whose values are integers on the wire, as digits.
fn digits(value: Incoming<'_>) -> Option<Cow<'_, str>> {
    match value.kind() {
        JsonKind::Number(number) if number.is_f64() => match integer(number) {
            Some(integer) => value.converted("integer", integer.to_string().into()),
            None => Some(value.digits(number).into()),
        },
        JsonKind::Number(number) => Some(number.to_string().into()),
        JsonKind::Text(text) => value.converted("integer", text.into()),
        _ => value.absent("integer"),
    }
}

/// Returns a number as an integer, if that is exact.
fn integer(number: &serde_json::Number) -> Option<i64> {
    number.as_i64().or_else(|| number.as_f64().and_then(whole))
}

/// Returns a float as an integer, if it has no fraction and is exact.
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    // The bound keeps the cast within the integers that a float holds exactly.
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

//! JSON whose texts or numbers may be broken, read lossily: only for what was verified before.
//!
//! A user's text that was cut in the middle of a character, a raw control character or a number beyond every range
//! makes a document invalid, and a verified response must be readable all the same. Strict JSON costs nothing more:
//! repairing begins where `serde_json` fails. A document that is broken in its structure stays an error.

mod repair;
mod scanner;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;

use serde_json::{Number, Value};

use self::scanner::Scanner;

/// A document that was read, and how.
pub(crate) struct Document<'a> {
    /// The value.
    pub(crate) json: Value,
    /// What was repaired, in the document's order; empty for strict JSON.
    pub(crate) repairs: Vec<Repair>,
    text: Cow<'a, [u8]>,
    /// The numbers that are no 64-bit integers, as they were written; found when first needed.
    numbers: OnceCell<HashMap<String, String>>,
}

/// A member whose text or number was broken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Repair {
    /// The key path, as of a [`Correction`](crate::Correction); empty for the whole document.
    pub(crate) path: String,
    /// What a strict document has there.
    pub(crate) expected: &'static str,
    /// What was there.
    pub(crate) found: &'static str,
}

/// Reads JSON, and repairs it where it is not strict.
///
/// # Errors
/// The error of the strict reading, where repairing does not help.
pub(crate) fn read(text: &[u8]) -> Result<Document<'_>, serde_json::Error> {
    let error = match serde_json::from_slice(text) {
        Ok(json) => return Ok(Document::new(json, Cow::Borrowed(text), Vec::new())),
        Err(error) => error,
    };
    let Some((text, repairs)) = repair::repair(text) else {
        return Err(error);
    };
    match serde_json::from_slice(&text) {
        Ok(json) => Ok(Document::new(json, Cow::Owned(text), repairs)),
        Err(_) => Err(error),
    }
}

impl<'a> Document<'a> {
    /// The document that is `null`.
    pub(crate) fn null() -> Self {
        Self::new(Value::Null, Cow::Borrowed(b"null"), Vec::new())
    }

    fn new(json: Value, text: Cow<'a, [u8]>, repairs: Vec<Repair>) -> Self {
        Self { json, repairs, text, numbers: OnceCell::new() }
    }

    /// The digits of a number as they were written, where the value's own ones may be rounded.
    ///
    /// `place` is made of [`key_step`]s and [`index_step`]s, and asked for only where it matters.
    pub(crate) fn digits(&self, number: &Number, place: impl FnOnce() -> String) -> String {
        if number.is_i64() || number.is_u64() {
            return number.to_string();
        }
        let numbers = self.numbers.get_or_init(|| Scanner::numbers(&self.text));
        numbers.get(&place()).cloned().unwrap_or_else(|| number.to_string())
    }
}

/// Adds a member's key to a place. Unlike in a key path, no name looks like two steps.
pub(crate) fn key_step(place: &mut String, key: &str) {
    place.push('\u{1}');
    place.push_str(key);
}

/// Adds an element's index to a place.
pub(crate) fn index_step(place: &mut String, index: usize) {
    place.push('\u{2}');
    place.push_str(&index.to_string());
}

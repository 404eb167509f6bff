//! JSON whose texts or numbers may be broken, read lossily: only for what was verified before.
//!
//! A user's text that was cut in the middle of a character, a raw control character or a number beyond every range
//! makes a document invalid, and a verified response must be readable all the same. Strict JSON costs nothing more:
//! repairing begins where `serde_json` fails. A document that is broken in its structure stays an error.

mod numbers;
mod repair;
mod scanner;

use std::borrow::Cow;
use std::cell::OnceCell;

use serde_json::{Number, Value};

pub(crate) use self::numbers::Numbers;
use self::scanner::Scanner;

/// A document that was read, and how.
pub(crate) struct Document<'a> {
    /// The value.
    pub(crate) json: Value,
    /// What was repaired, in the document's order; empty for strict JSON.
    pub(crate) repairs: Vec<Repair>,
    text: Cow<'a, [u8]>,
    /// The numbers that are no 64-bit integers, as they were written; found when first needed.
    numbers: OnceCell<Option<Numbers>>,
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
    /// `find` goes from the whole document to the number, and is called only where it matters.
    pub(crate) fn digits(
        &self,
        number: &Number,
        find: impl for<'n> FnOnce(&'n Numbers) -> Option<&'n Numbers>,
    ) -> String {
        self.written(number, find).map_or_else(|| number.to_string(), str::to_owned)
    }

    fn written(
        &self,
        number: &Number,
        find: impl for<'n> FnOnce(&'n Numbers) -> Option<&'n Numbers>,
    ) -> Option<&str> {
        if !number.is_f64() {
            return None;
        }
        let numbers = self.numbers.get_or_init(|| Scanner::numbers(&self.text));
        match find(numbers.as_ref()?)? {
            Numbers::Written(digits) => str::from_utf8(self.text.get(digits.clone())?).ok(),
            _ => None,
        }
    }
}

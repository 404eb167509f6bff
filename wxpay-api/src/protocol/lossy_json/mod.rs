//! Reads verified JSON whose texts or numbers may be broken.
//!
//! A text that was cut in the middle of a character makes a document invalid. So do a raw control character and a
//! number beyond every range. A verified response must be readable all the same.
//!
//! Strict JSON costs nothing more, because the repair starts only after `serde_json` fails. A document with a broken
//! structure stays an error.

mod numbers;
mod repair;
mod scanner;
mod text;

use std::borrow::Cow;
use std::cell::OnceCell;

use serde_json::{Number, Value};

pub(crate) use self::numbers::Numbers;
use self::scanner::Scanner;

/// A document, with the repairs that reading it took.
pub(crate) struct Document<'a> {
    /// The value of the document.
    pub(crate) json: Value,
    /// The repairs in the document's order. Strict JSON has none.
    pub(crate) repairs: Vec<Repair>,
    text: Cow<'a, [u8]>,
    /// The numbers that are not 64-bit integers, as written. They are collected when first needed.
    numbers: OnceCell<Option<Numbers>>,
}

/// A member whose text or number was broken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Repair {
    /// The key path, as in a [`Correction`](crate::Correction). It is empty for the whole document.
    pub(crate) path: String,
    /// The kind of value that a strict document has in this place.
    pub(crate) expected: &'static str,
    /// The broken value that was found.
    pub(crate) found: &'static str,
}

/// Reads JSON, and repairs texts and numbers where the JSON is not strict.
///
/// # Errors
/// The error of the strict parser, where the repair does not help.
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
    /// Makes the document `null`.
    pub(crate) fn null() -> Self {
        Self::new(Value::Null, Cow::Borrowed(b"null"), Vec::new())
    }

    fn new(json: Value, text: Cow<'a, [u8]>, repairs: Vec<Repair>) -> Self {
        Self { json, repairs, text, numbers: OnceCell::new() }
    }

    /// Returns the digits of a number as written. The value itself may be rounded.
    ///
    /// `find` goes from the whole document to the number. It is called only for numbers that may be rounded.
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

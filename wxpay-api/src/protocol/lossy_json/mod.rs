//! Reads verified JSON whose texts or numbers may be broken.
//!
//! A text that was cut in the middle of a character makes a document invalid. So do a raw control character and a
//! number beyond every range. A verified response must be readable all the same.
//!
//! Strict JSON costs nothing more, because the repair starts only after `serde_json` fails. A document with a broken
//! structure stays an error.
//!
//! `serde_json` passes over the text once. What it reads goes into a flat list that borrows from the text, and which
//! the readers of types search. A tree of owned values would allocate each name and each text.

mod document;
mod numbers;
mod repair;
mod scanner;
mod tape;
mod text;

use serde::de::Error;
use serde_json::Value;

pub(crate) use self::document::{Document, JsonElements, JsonKind, JsonRef};

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

/// Reads JSON, and repairs texts and numbers where the JSON is not strict. `repaired` holds the text of the repaired
/// JSON.
///
/// # Errors
/// The error of the strict parser, where the repair does not help.
pub(crate) fn read<'t>(
    text: &'t [u8],
    repaired: &'t mut String,
) -> Result<Document<'t>, serde_json::Error> {
    let error = match str::from_utf8(text) {
        Ok(text) => match tape::read(text) {
            Ok(document) => return Ok(document),
            Err(error) => error,
        },
        Err(_) => not_utf8(text),
    };
    let Some((strict, repairs)) = repair::repair(text) else {
        return Err(error);
    };
    let Ok(strict) = String::from_utf8(strict) else {
        return Err(error);
    };
    *repaired = strict;
    let mut document = tape::read(repaired).map_err(|_| error)?;
    document.repairs = repairs;
    Ok(document)
}

/// Whether [`read`] can read a text.
pub(crate) fn is_readable(text: &[u8]) -> bool {
    read(text, &mut String::new()).is_ok()
}

/// The strict parser's error for JSON that is not UTF-8.
fn not_utf8(text: &[u8]) -> serde_json::Error {
    let error = serde_json::from_slice::<Value>(text).err();
    error.unwrap_or_else(|| serde_json::Error::custom("not UTF-8"))
}

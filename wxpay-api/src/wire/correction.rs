//! Where a response deviates from its documentation, and why a body cannot be read.

use std::fmt;

use crate::protocol::excerpt::excerpt_of;

/// A place where a response deviates from its documentation, and how it was read.
///
/// The client read the value as well as possible. [`Reply::body`](crate::Reply::body) has the
/// received bytes. A member that no type has is listed too, if it would have made the body
/// unreadable.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Correction {
    /// The key path, for example `amount.total` or `goods_detail[2].quantity`; empty for the body itself.
    pub path: String,
    /// The documented kind of value, for example `integer`.
    pub expected: &'static str,
    /// The received kind of value, for example `string`.
    pub found: &'static str,
    /// How the value was read.
    pub kind: CorrectionKind,
}

/// How a deviating value was read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CorrectionKind {
    /// It was converted, without loss.
    Converted,
    /// It could not be converted and counts as absent.
    Absent,
    /// Its text or number was broken, and was repaired. Unreadable characters are U+FFFD. A number
    /// that JSON does not have is a text with its digits.
    Repaired,
}

/// A repaired member that no descriptor has may have any name.
const LONGEST_PATH: usize = 200;

impl fmt::Display for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            CorrectionKind::Converted => "converted",
            CorrectionKind::Absent => "left absent",
            CorrectionKind::Repaired => "repaired",
        };
        let path =
            if self.path.is_empty() { "the body" } else { &*excerpt_of(&self.path, LONGEST_PATH) };
        write!(f, "{path}: expected {}, found {}, {kind}", self.expected, self.found)
    }
}

/// Why a body cannot be read at all. A deviation inside an object is no error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// It has no bytes.
    #[error("empty, JSON was announced")]
    Empty,
    /// It is not JSON.
    #[error("not JSON: {0}")]
    NotJson(serde_json::Error),
    /// It is JSON, but a list, a number or a text instead of the documented object.
    #[error("JSON, but not an object")]
    NotAnObject,
}

impl From<serde_json::Error> for DecodeError {
    fn from(why: serde_json::Error) -> Self {
        Self::NotJson(why)
    }
}

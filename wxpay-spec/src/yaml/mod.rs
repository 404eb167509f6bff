//! YAML with the position and the exact text of every scalar.

mod parse;

use std::collections::HashMap;

use serde_json::Value;

pub(crate) use parse::parse;

/// A place in a file; line and column in characters, counted from 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Position {
    pub(crate) const START: Self = Self { line: 1, column: 1 };
}

/// A value and its position.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) at: Position,
    pub(crate) content: Content,
}

/// The content of a [`Node`].
#[derive(Debug)]
pub(crate) enum Content {
    Scalar(Scalar),
    List(Vec<Node>),
    Mapping(NodeMapping),
    /// A value whose mistake has been reported. It is accepted everywhere.
    Broken,
}

/// The entries of a mapping in the order of the file, without duplicate keys.
#[derive(Debug, Default)]
pub(crate) struct NodeMapping {
    entries: Vec<MappingEntry>,
    /// The place of each key. A short mapping is faster without.
    places: HashMap<String, usize>,
}

/// A mapping with more entries finds its keys by their hash.
const LONG: usize = 16;

impl NodeMapping {
    pub(crate) fn entries(&self) -> &[MappingEntry] {
        &self.entries
    }

    /// Finds an entry, and how many are before it.
    pub(crate) fn find(&self, key: &str) -> Option<(usize, &MappingEntry)> {
        let at = match self.entries.len() {
            0..=LONG => self.entries.iter().position(|entry| entry.key == key)?,
            _ => *self.places.get(key)?,
        };
        self.entries.get(at).map(|entry| (at, entry))
    }

    /// Appends an entry; its key must be new.
    fn push(&mut self, entry: MappingEntry) {
        self.entries.push(entry);
        match self.entries.len() {
            0..=LONG => {}
            length if length == LONG + 1 => {
                let keys = self.entries.iter().enumerate();
                self.places = keys.map(|(at, entry)| (entry.key.clone(), at)).collect();
            }
            length => {
                let key = self.entries.last().map(|entry| entry.key.clone());
                self.places.extend(key.map(|key| (key, length - 1)));
            }
        }
    }
}

/// The kinds of [`Content`] that a descriptor's grammar tells apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum NodeKind {
    Null,
    Scalar,
    List,
    Mapping,
}

/// A scalar as it was written.
#[derive(Debug)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    /// Whether it is written without quotes, so that its text may mean a number, a boolean or null.
    pub(crate) plain: bool,
}

/// One key of a mapping and its value.
#[derive(Debug)]
pub(crate) struct MappingEntry {
    pub(crate) key: String,
    pub(crate) key_at: Position,
    pub(crate) value: Node,
}

impl Scalar {
    /// The value that the scalar means: quoted text is a text, and YAML decides about plain text.
    ///
    /// `None` for a plain number that JSON cannot hold, such as `.nan` or more than 64 bits.
    pub(crate) fn json(&self) -> Option<Value> {
        let as_text = || Some(Value::String(self.text.clone()));
        if !self.plain {
            return as_text();
        }
        match serde_yaml::from_str(&self.text) {
            Ok(serde_yaml::Value::Null) => Some(Value::Null),
            Ok(serde_yaml::Value::Bool(flag)) => Some(Value::Bool(flag)),
            Ok(serde_yaml::Value::Number(number)) => json_number(&number),
            _ if is_integer(&self.text) => None,
            _ => as_text(),
        }
    }

    /// Whether no value is given: no text at all, `~` or `null`.
    pub(crate) fn is_null(&self) -> bool {
        self.plain && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }
}

fn json_number(number: &serde_yaml::Number) -> Option<Value> {
    match number.as_i64() {
        Some(integer) => Some(Value::from(integer)),
        None if number.is_u64() => None,
        None => number.as_f64().and_then(serde_json::Number::from_f64).map(Value::Number),
    }
}

/// Whether the text is an integer, which as a float would lose digits.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.starts_with('0')
        && !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Scalar;

    fn plain(text: &str) -> Option<Value> {
        Scalar { text: text.to_owned(), plain: true }.json()
    }

    #[test]
    fn yaml_decides_about_plain_text() {
        assert_eq!(plain("100"), Some(json!(100)));
        assert_eq!(plain("-1.5"), Some(json!(-1.5)));
        assert_eq!(plain("true"), Some(json!(true)));
        assert_eq!(plain(""), Some(json!(null)));
        assert_eq!(plain("~"), Some(json!(null)));
        assert_eq!(plain("0123"), Some(json!("0123")));
        assert_eq!(plain("用户投诉"), Some(json!("用户投诉")));
        assert_eq!(plain("a\nb"), Some(json!("a\nb")));
    }

    #[test]
    fn a_number_that_json_cannot_hold_is_none() {
        assert_eq!(plain(".nan"), None);
        assert_eq!(plain("1000320306201511078440737890"), None);
        assert_eq!(plain("12345678901234567890"), None);
    }

    #[test]
    fn quoted_text_is_text() {
        assert_eq!(Scalar { text: "1".to_owned(), plain: false }.json(), Some(json!("1")));
    }
}

//! Parses JSON and YAML into a tree of a bounded size.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_yaml::{Mapping, Value};

use crate::import::ImportError;
use crate::import::budget::check_size;

/// The largest document, in bytes. The export of all descriptors has 4 MiB, and ten times as many must fit.
const SIZE: usize = 64 * 1024 * 1024;

/// How many values a document may have at least. Aliases of YAML repeat values without text.
const VALUES: usize = 2_000_000;

/// A long document may have one value for so many of its bytes. The export has one for 19.
const BYTES_OF_VALUE: usize = 16;

/// Parses JSON if the text begins with `{`, else YAML. Members keep the document's order.
///
/// # Errors
///
/// [`ImportError`] with the place if the text is neither, or if it is too large.
pub(super) fn parse(text: &str) -> Result<Value, ImportError> {
    check_size(text, SIZE, "a document")?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let most = most_values(text.len());
    let left = Cell::new(most);
    let seed = Counted { most, left: &left };
    if text.trim_start().starts_with('{') { json(text, seed) } else { yaml(text, seed) }
}

/// How many values a document with so many bytes may have.
fn most_values(length: usize) -> usize {
    VALUES.max(length / BYTES_OF_VALUE)
}

fn json(text: &str, seed: Counted<'_>) -> Result<Value, ImportError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = seed.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| {
        ImportError::at(error.line(), error.column(), format!("not JSON: {error}"))
    })
}

fn yaml(text: &str, seed: Counted<'_>) -> Result<Value, ImportError> {
    seed.deserialize(serde_yaml::Deserializer::from_str(text)).map_err(|error| {
        let message = format!("not YAML: {error}");
        match error.location() {
            Some(at) => ImportError::at(at.line(), at.column(), message),
            None => ImportError::new(message),
        }
    })
}

/// Builds a value, and counts every value in it.
#[derive(Clone, Copy)]
struct Counted<'c> {
    most: usize,
    left: &'c Cell<usize>,
}

impl Counted<'_> {
    fn count<E: Error>(self) -> Result<(), E> {
        let left = self.left.get().checked_sub(1);
        let most = self.most;
        let too_many =
            || E::custom(format!("too large: a document of this length may have {most} values"));
        self.left.set(left.ok_or_else(too_many)?);
        Ok(())
    }

    fn scalar<E: Error>(self, value: impl Into<Value>) -> Result<Value, E> {
        self.count()?;
        Ok(value.into())
    }
}

impl<'de> DeserializeSeed<'de> for Counted<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Counted<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping, a list or a single value without a tag")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.scalar(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.scalar(Value::Null)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Value, E> {
        self.scalar(truth)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        self.scalar(number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        self.scalar(number)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        self.scalar(number)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.scalar(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        self.count()?;
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Sequence(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        self.count()?;
        let mut mapping = Mapping::new();
        while let Some(key) = entries.next_key_seed(self)? {
            let key = as_text(key);
            if mapping.contains_key(&key) {
                let shown = key.as_str().unwrap_or_default();
                return Err(A::Error::custom(format!("the key `{shown}` is given twice")));
            }
            mapping.insert(key, entries.next_value_seed(self)?);
        }
        Ok(Value::Mapping(mapping))
    }
}

/// Converts a key to a text. YAML reads a status such as `200` as a number, which OpenAPI means as
/// text.
fn as_text(key: Value) -> Value {
    match key {
        Value::Number(number) => number.to_string().into(),
        Value::Bool(truth) => truth.to_string().into(),
        key => key,
    }
}

#[cfg(test)]
mod tests {
    use super::{SIZE, most_values, parse};

    #[test]
    fn ten_times_the_export_has_room() {
        let (bytes, values) = (10 * 4_268_625, 10 * 226_194);
        assert!(bytes < SIZE && values < most_values(bytes));
    }

    #[test]
    fn values_that_aliases_repeat_are_counted() {
        let (list, repeated) = (vec!["1"; 30_000].join(","), vec!["*list"; 100].join(","));
        let text = format!("once: &list [{list}]\nagain: [{repeated}]\n");
        let error = parse(&text).unwrap_err().to_string();
        assert!(error.contains("may have 2000000 values"), "{error}");
    }
}

//! Writes a document's nodes while `serde_json` reads its text.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Deserializer, Number};

use super::Document;
use super::document::JsonNode;

/// Reads strict JSON in one pass.
///
/// # Errors
/// The text is not strict JSON.
pub(super) fn read(text: &str) -> Result<Document<'_>, serde_json::Error> {
    let mut document = Document::new(text);
    // Names and values take about sixteen bytes each, so that most lists of nodes never grow.
    document.nodes.reserve(text.len() / 12 + 4);
    let mut reader = Deserializer::from_str(text);
    NodeWriter(&mut document).deserialize(&mut reader)?;
    reader.end()?;
    Ok(document)
}

/// Appends the nodes of one value.
struct NodeWriter<'w, 't>(&'w mut Document<'t>);

/// Appends the node of a member's name, and returns whether the text has it.
struct NameWriter<'w, 't>(&'w mut Document<'t>);

impl<'t> Document<'t> {
    fn push(&mut self, node: JsonNode<'t>) {
        self.nodes.push(node);
    }

    fn push_unescaped(&mut self, text: &str) {
        let start = self.unescaped.len();
        self.unescaped.push_str(text);
        self.push(JsonNode::Unescaped(start..self.unescaped.len()));
    }

    /// Whether a text is a part of the document, and none that `serde_json` made.
    fn holds(&self, text: &str) -> bool {
        self.text.as_bytes().as_ptr_range().contains(&text.as_ptr())
    }
}

impl<'t> DeserializeSeed<'t> for NodeWriter<'_, 't> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'t>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for NodeWriter<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.push(JsonNode::Null);
        Ok(())
    }

    fn visit_bool<E>(self, boolean: bool) -> Result<(), E> {
        self.0.push(JsonNode::Bool(boolean));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.0.push(JsonNode::Number(number.into()));
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.0.push(JsonNode::Number(number.into()));
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.0.push(Number::from_f64(number).map_or(JsonNode::Null, JsonNode::Number));
        Ok(())
    }

    fn visit_borrowed_str<E>(self, text: &'t str) -> Result<(), E> {
        self.0.push(JsonNode::Plain(text));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.push_unescaped(text);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut elements: A) -> Result<(), A::Error> {
        let list = self.0.nodes.len();
        self.0.push(JsonNode::List { end: 0 });
        while elements.next_element_seed(NodeWriter(self.0))?.is_some() {}
        let all = self.0.nodes.len();
        if let Some(JsonNode::List { end }) = self.0.nodes.get_mut(list) {
            *end = all;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'t>>(self, mut members: A) -> Result<(), A::Error> {
        let object = self.0.nodes.len();
        self.0.push(JsonNode::Object { end: 0, next: Cell::new(object + 1) });
        let mut names = Names::default();
        while let Some(is_there) = members.next_key_seed(NameWriter(self.0))? {
            if !is_there {
                // With its feature `arbitrary_precision`, which another crate may enable, `serde_json` passes a
                // number as an object of one member.
                self.0.nodes.truncate(object);
                let number = members.next_value::<String>()?.parse().map_err(A::Error::custom)?;
                self.0.push(JsonNode::Number(number));
                return Ok(());
            }
            names.add(self.0, object + 1);
            members.next_value_seed(NodeWriter(self.0))?;
        }
        let all = self.0.nodes.len();
        if let Some(JsonNode::Object { end, .. }) = self.0.nodes.get_mut(object) {
            *end = all;
        }
        if names.count > FEW {
            replace_among_many(self.0, object + 1..all);
        }
        Ok(())
    }
}

impl<'t> DeserializeSeed<'t> for NameWriter<'_, 't> {
    type Value = bool;

    fn deserialize<D: serde::Deserializer<'t>>(self, reader: D) -> Result<bool, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'t> Visitor<'t> for NameWriter<'_, 't> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'t str) -> Result<bool, E> {
        let is_there = self.0.holds(name);
        self.0.push(JsonNode::Plain(name));
        Ok(is_there)
    }

    fn visit_str<E>(self, name: &str) -> Result<bool, E> {
        self.0.push_unescaped(name);
        Ok(true)
    }
}

/// The most members among which a name is searched one by one.
const FEW: usize = 32;

/// The names of an object so far.
#[derive(Default)]
struct Names {
    count: usize,
    /// A bit for each name. Two names may have the same one.
    bits: u64,
}

impl Names {
    /// Adds the last node, a name in the object whose first name is at `first`. The last member of a name counts.
    fn add(&mut self, document: &mut Document<'_>, first: usize) {
        let at = document.nodes.len().saturating_sub(1);
        let name = document.text_at(at).unwrap_or_default();
        let bit = bit(name.as_bytes());
        self.count += 1;
        if self.bits & bit != 0 && self.count <= FEW {
            let earlier = document.search(name, first..at).map(|value| value - 1);
            earlier.into_iter().for_each(|earlier| replace(document, earlier));
        }
        self.bits |= bit;
    }
}

fn bit(name: &[u8]) -> u64 {
    let byte = |at: usize| name.get(at).copied().map_or(0, usize::from);
    let last = name.len().saturating_sub(1);
    1 << ((name.len() * 5 + byte(0) + byte(last) * 3 + byte(name.len() / 2) * 7) & 63)
}

fn replace(document: &mut Document<'_>, name: usize) {
    if let Some(node) = document.nodes.get_mut(name) {
        *node = JsonNode::Replaced;
    }
}

/// Replaces all but the last member of each name in an object with these nodes.
fn replace_among_many(document: &mut Document<'_>, nodes: Range<usize>) {
    let (mut seen, mut earlier) = (HashMap::new(), Vec::new());
    let mut at = nodes.start;
    while at < nodes.end {
        if let Some(name) = document.text_at(at) {
            earlier.extend(seen.insert(name, at));
        }
        at = document.after(at + 1);
    }
    drop(seen);
    earlier.into_iter().for_each(|earlier| replace(document, earlier));
}

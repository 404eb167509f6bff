//! A parsed OpenAPI document and its nodes, with references resolved.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::Deserialize;
use serde_yaml::Value;

use super::extension;
use crate::import::{ImportError, Remark};

/// A parsed document, and the remarks about it.
#[derive(Debug)]
pub(super) struct Document {
    root: Value,
    remarks: RefCell<BTreeSet<Remark>>,
    is_exported: bool,
}

impl Document {
    /// Parses a document. Members keep its order, which is the official order of fields.
    pub(super) fn parse(text: &str) -> Result<Self, ImportError> {
        let root = if text.trim_start().starts_with('{') { json(text) } else { yaml(text) }?;
        let root = with_text_keys(root);
        let version = root.get("openapi").and_then(Value::as_str).unwrap_or_default();
        if !version.starts_with("3.") {
            let message =
                "not an OpenAPI document of version 3: expected `openapi: 3.…` at its top";
            return Err(ImportError::new(message));
        }
        let is_exported = root.get(extension::MARK).is_some();
        Ok(Self { root, remarks: RefCell::default(), is_exported })
    }

    pub(super) fn root(&self) -> DocumentNode<'_> {
        DocumentNode::new(self, &self.root, "the document".to_owned())
    }

    pub(super) fn remark(&self, place: &str, what: impl Into<String>) {
        self.remarks.borrow_mut().insert(Remark::new(place, what));
    }

    pub(super) fn into_remarks(self) -> Vec<Remark> {
        self.remarks.into_inner().into_iter().collect()
    }

    /// Finds the value of a local reference such as `#/components/schemas/Order`.
    pub(super) fn resolve(&self, reference: &str) -> Option<&Value> {
        let pointer = reference.strip_prefix("#/")?;
        pointer.split('/').try_fold(&self.root, |value, key| {
            let key = key.replace("~1", "/").replace("~0", "~");
            value.get(key.as_str())
        })
    }
}

/// Converts keys to texts. YAML reads a status such as `200` as a number, which OpenAPI means as text.
fn with_text_keys(value: Value) -> Value {
    match value {
        Value::Mapping(mapping) => {
            let entry = |(key, value)| (as_text(key), with_text_keys(value));
            Value::Mapping(mapping.into_iter().map(entry).collect())
        }
        Value::Sequence(items) => items.into_iter().map(with_text_keys).collect(),
        scalar => scalar,
    }
}

fn as_text(key: Value) -> Value {
    match key {
        Value::Number(number) => number.to_string().into(),
        Value::Bool(truth) => truth.to_string().into(),
        key => key,
    }
}

fn json(text: &str) -> Result<Value, ImportError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    Value::deserialize(&mut reader).map_err(|error| {
        ImportError::at(error.line(), error.column(), format!("not JSON: {error}"))
    })
}

fn yaml(text: &str) -> Result<Value, ImportError> {
    serde_yaml::from_str(text).map_err(|error| {
        let message = format!("not YAML: {error}");
        match error.location() {
            Some(at) => ImportError::at(at.line(), at.column(), message),
            None => ImportError::new(message),
        }
    })
}

/// The deepest nesting of schemas.
const DEPTH: usize = 64;

/// A value of the document, with its place for remarks.
#[derive(Clone, Debug)]
pub(super) struct DocumentNode<'d> {
    document: &'d Document,
    value: &'d Value,
    place: String,
    depth: usize,
    /// The references that led here. If one of them comes again, it is a circle.
    open: Vec<&'d str>,
    /// The last reference between the node above and this one.
    reference: Option<&'d str>,
}

impl<'d> DocumentNode<'d> {
    pub(super) fn new(document: &'d Document, value: &'d Value, place: String) -> Self {
        Self { document, value, place, depth: 0, open: Vec::new(), reference: None }.resolved()
    }

    /// Returns the same value with another place for remarks.
    pub(super) fn called(&self, place: String) -> Self {
        Self { place, ..self.clone() }
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) fn value(&self) -> &'d Value {
        self.value
    }

    pub(super) fn get(&self, key: &str) -> Option<Self> {
        self.value.get(key).map(|value| self.below(value, self.place.clone()))
    }

    /// The members of a mapping, each with its own place.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'d str, Self)> {
        let joint = if self.place.ends_with(": ") { "" } else { "." };
        let place = format!("{}{joint}", self.place);
        self.entries_at(move |name| format!("{place}{name}"))
    }

    pub(super) fn text(&self, key: &str) -> Option<String> {
        let text = match self.value.get(key)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    pub(super) fn says(&self, key: &str) -> bool {
        self.value.get(key).and_then(Value::as_bool).unwrap_or_default()
    }

    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        let list = self.value.get(key).and_then(Value::as_sequence);
        let texts = list.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    }

    pub(super) fn number(&self, key: &str) -> Option<u64> {
        self.value.get(key)?.as_u64()
    }

    /// The entries of a mapping in the document's order, at the mapping's place.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'d str, Self)> {
        let place = self.place.clone();
        self.entries_at(move |_| place.clone())
    }

    fn entries_at(&self, place: impl Fn(&str) -> String) -> impl Iterator<Item = (&'d str, Self)> {
        let mapping = self.value.as_mapping().into_iter().flatten();
        mapping.filter_map(move |(key, value)| {
            let key = key.as_str()?;
            Some((key, self.below(value, place(key))))
        })
    }

    pub(super) fn items(&self) -> impl Iterator<Item = Self> {
        let items = self.value.as_sequence().into_iter().flatten();
        items.map(|value| self.below(value, self.place.clone()))
    }

    pub(super) fn remark(&self, what: impl Into<String>) {
        self.document.remark(&self.place, what);
    }

    /// Remarks every key that the reader does not know, unless its value is `false`.
    pub(super) fn expect_only(&self, known: &[&str]) {
        let mapping = self.value.as_mapping().into_iter().flatten();
        for (key, value) in mapping {
            let Some(key) = key.as_str().filter(|key| !known.contains(key)) else { continue };
            if self.is_exported() && extension::is_known(key) {
                continue;
            }
            if *value != Value::Bool(false) && key != "$ref" {
                self.remark(format!("`{key}` was left out: descriptors have no such fact"));
            }
        }
    }

    /// Whether nesting is too deep, as in a schema that refers to itself.
    pub(super) fn is_too_deep(&self) -> bool {
        self.depth >= DEPTH
    }

    /// Whether the document is one of descriptors, so that its extensions are known.
    pub(super) fn is_exported(&self) -> bool {
        self.document.is_exported
    }

    /// The reference that stood in the place of this node.
    pub(super) fn reference(&self) -> Option<&'d str> {
        self.reference
    }

    fn below(&self, value: &'d Value, place: String) -> Self {
        Self { value, place, depth: self.depth + 1, reference: None, ..self.clone() }.resolved()
    }

    fn resolved(mut self) -> Self {
        while let Some(reference) = self.value.get("$ref").and_then(Value::as_str) {
            self.reference = Some(reference);
            let Some(value) = self.document.resolve(reference) else {
                self.remark(format!("the reference `{reference}` is not in this document"));
                return self;
            };
            if self.open.contains(&reference) {
                self.depth = DEPTH;
                return self;
            }
            if self.value.as_mapping().is_some_and(|mapping| mapping.len() > 1) {
                self.remark(format!("the keys beside the reference `{reference}` were left out"));
            }
            self.open.push(reference);
            self.value = value;
        }
        self
    }
}

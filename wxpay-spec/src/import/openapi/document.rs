use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::Deserialize;
use serde_yaml::Value;

use super::node::Node;
use crate::import::{ImportError, Remark};

/// A parsed document, and what has been remarked while reading it.
#[derive(Debug)]
pub(super) struct Document {
    root: Value,
    remarks: RefCell<BTreeSet<Remark>>,
}

impl Document {
    /// Members keep the document's order, which is the official order of fields.
    pub(super) fn parse(text: &str) -> Result<Self, ImportError> {
        let root = if text.trim_start().starts_with('{') { json(text) } else { yaml(text) }?;
        let root = with_text_keys(root);
        let version = root.get("openapi").and_then(Value::as_str).unwrap_or_default();
        if !version.starts_with("3.") {
            let message =
                "not an OpenAPI document of version 3: expected `openapi: 3.…` at its top";
            return Err(ImportError::new(message));
        }
        Ok(Self { root, remarks: RefCell::default() })
    }

    pub(super) fn root(&self) -> Node<'_> {
        Node::new(self, &self.root, "the document".to_owned())
    }

    pub(super) fn remark(&self, place: &str, what: impl Into<String>) {
        self.remarks.borrow_mut().insert(Remark::new(place, what));
    }

    pub(super) fn into_remarks(self) -> Vec<Remark> {
        self.remarks.into_inner().into_iter().collect()
    }

    /// What a local reference such as `#/components/schemas/Order` names.
    pub(super) fn resolve(&self, reference: &str) -> Option<&Value> {
        let pointer = reference.strip_prefix("#/")?;
        pointer.split('/').try_fold(&self.root, |value, key| {
            let key = key.replace("~1", "/").replace("~0", "~");
            value.get(key.as_str())
        })
    }
}

/// YAML takes a status such as `200` for a number where OpenAPI means its text.
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

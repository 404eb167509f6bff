//! A parsed OpenAPI document, with what an import collects while it reads.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value;

use super::node::DocumentNode;
use super::{extension, value};
use crate::import::budget::Budget;
use crate::import::{ImportError, Remark};
use crate::model::Method;

/// What an operation or a webhook is for, by path or webhook name.
pub(super) type Descriptions = BTreeMap<(String, Method), String>;

/// A parsed document, the remarks about it, and the budget for what it expands to.
#[derive(Debug)]
pub(super) struct Document {
    root: Value,
    /// Whether the document is one of descriptors, so that its extensions are known.
    pub(super) is_exported: bool,
    remarks: RefCell<BTreeSet<Remark>>,
    descriptions: RefCell<Descriptions>,
    pub(super) budget: Budget,
}

impl Document {
    /// Parses a document. Members keep its order, which is the official order of fields.
    pub(super) fn parse(text: &str) -> Result<Self, ImportError> {
        let root = value::parse(text)?;
        let version = root.get("openapi").and_then(Value::as_str).unwrap_or_default();
        if !version.starts_with("3.") {
            let message =
                "not an OpenAPI document of version 3: expected `openapi: 3.…` at its top";
            return Err(ImportError::new(message));
        }
        Ok(Self {
            is_exported: root.get(extension::MARK).is_some(),
            root,
            remarks: RefCell::default(),
            descriptions: RefCell::default(),
            budget: Budget::new(text.len()),
        })
    }

    pub(super) fn root(&self) -> DocumentNode<'_> {
        DocumentNode::root(self, &self.root)
    }

    pub(super) fn remark(&self, place: &str, what: &str) {
        self.remarks.borrow_mut().insert(Remark::new(place, what));
    }

    /// Keeps what an operation or a webhook is for.
    pub(super) fn describe(&self, name: &str, method: Method, description: String) {
        self.descriptions.borrow_mut().insert((name.to_owned(), method), description);
    }

    /// Ends the import: the remarks and the descriptions.
    ///
    /// # Errors
    ///
    /// [`ImportError`] if the document expands to too much.
    pub(super) fn finish(self) -> Result<(Vec<Remark>, Descriptions), ImportError> {
        self.budget.finish()?;
        let remarks = self.remarks.into_inner().into_iter().collect();
        Ok((remarks, self.descriptions.into_inner()))
    }

    /// Finds the value of a local reference such as `#/components/schemas/Order`.
    pub(super) fn resolve(&self, reference: &str) -> Option<&Value> {
        let pointer = reference.strip_prefix("#/")?;
        pointer.split('/').try_fold(&self.root, |value, key| {
            let key = key.replace("~1", "/").replace("~0", "~");
            match value {
                Value::Sequence(items) => items.get(key.parse::<usize>().ok()?),
                value => value.get(key.as_str()),
            }
        })
    }
}

//! What a reader of documents returns: imported facts, remarks, or an error.

use std::collections::BTreeMap;
use std::fmt;

use crate::model::{Endpoint, Families, NamedType, Notification, TypeId};

/// The facts of a document as descriptors, with every object written out at its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// One entry per URL.
    pub endpoints: Vec<Endpoint>,
    /// The notifications. [`Notification::webhooks`] holds the document's name of each.
    pub notifications: Vec<Notification>,
    /// The named types, which only documents of descriptors have.
    pub types: BTreeMap<TypeId, NamedType>,
    /// The product families, which only documents of descriptors have.
    pub families: Families,
    /// Every event type in the document, including those without a known resource.
    pub events: Vec<String>,
    /// Whether the document describes everything, with hosts and statuses. A page does not.
    pub is_whole: bool,
    /// What the document says but a descriptor cannot.
    pub remarks: Vec<Remark>,
}

/// A note about an import that a person has to look at.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Remark {
    /// The operation and the keys that lead there, or a line of the document.
    pub place: String,
    /// What was found and what was done about it, on one line.
    pub what: String,
}

impl Remark {
    pub(crate) fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        let place: String = place.into();
        let what: String = what.into();
        let words: Vec<&str> = what.split_whitespace().collect();
        Self { place: place.trim_end_matches(": ").to_owned(), what: words.join(" ") }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// A document cannot be imported at all.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ImportError {
    /// The line and the column, from 1, if they are known.
    pub at: Option<(usize, usize)>,
    /// What is wrong, and what was expected.
    pub message: String,
}

impl ImportError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { at: None, message: message.into() }
    }

    pub(crate) fn at(line: usize, column: usize, message: impl Into<String>) -> Self {
        Self { at: Some((line, column)), message: message.into() }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.at {
            write!(f, "{line}:{column}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ImportError {}

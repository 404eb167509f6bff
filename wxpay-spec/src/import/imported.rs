//! What a reader of documents returns: imported facts, remarks, or an error.

use std::collections::BTreeMap;
use std::fmt;

use crate::model::{Endpoint, Families, Method, NamedType, Note, Notification, TypeId};

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
    /// What each operation is for, in the document's prose, by its path and method. A webhook has its
    /// name in place of the path.
    pub descriptions: BTreeMap<(String, Method), String>,
    /// What the document says but a descriptor cannot.
    pub remarks: Vec<Remark>,
}

impl Imported {
    /// Makes each description the note of its operation or notification, behind the note that it has.
    pub fn take_descriptions(&mut self) {
        let mut descriptions = std::mem::take(&mut self.descriptions);
        for endpoint in &mut self.endpoints {
            for (method, operation) in &mut endpoint.operations {
                let key = (endpoint.path.clone(), *method);
                if let Some(description) = descriptions.remove(&key) {
                    add(&mut operation.note, description);
                }
            }
        }
        for notification in &mut self.notifications {
            for name in notification.webhooks.clone() {
                if let Some(description) = descriptions.remove(&(name, Method::Post)) {
                    add(&mut notification.note, description);
                }
            }
        }
    }
}

fn add(note: &mut Option<Note>, description: String) {
    *note = Some(match note.take() {
        Some(Note::Text(before)) => Note::Text(format!("{before} {description}")),
        Some(bilingual @ Note::Bilingual { .. }) => bilingual,
        None => Note::Text(description),
    });
}

/// A note about an import that a person has to look at.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Remark {
    /// The line and the column in the document, from 1, if they are known.
    pub at: Option<(usize, usize)>,
    /// The operation or the file, and the keys that lead there; empty if `at` says it all.
    pub place: String,
    /// What was found and what was done about it, on one line.
    pub what: String,
}

impl Remark {
    pub(crate) fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        let place: String = place.into();
        let what: String = what.into();
        let place = excerpt(place.trim_end_matches(": "), SHOWN);
        Self { at: None, place, what: excerpt(&what, SHOWN) }
    }

    pub(crate) fn at(line: usize, column: usize, what: impl Into<String>) -> Self {
        Self { at: Some((line, column)), ..Self::new("", what) }
    }
}

/// How many characters of a text from outside a remark or an error shows.
const SHOWN: usize = 400;

/// Makes a text from outside harmless: one line, no control characters, not too long.
pub(super) fn excerpt(text: &str, most: usize) -> String {
    let mut shown = String::new();
    let mut length = 0;
    for word in text.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
        if word.is_empty() {
            continue;
        }
        if length > 0 {
            shown.push(' ');
            length += 1;
        }
        for letter in word.chars() {
            if length >= most {
                shown.push('…');
                return shown;
            }
            shown.push(letter);
            length += 1;
        }
    }
    shown
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.at {
            write!(f, "{line}:{column}: ")?;
        }
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.what)
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
        let message: String = message.into();
        Self { at: None, message: excerpt(&message, SHOWN) }
    }

    pub(crate) fn at(line: usize, column: usize, message: impl Into<String>) -> Self {
        Self { at: Some((line, column)), ..Self::new(message) }
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

//! Places in the descriptors, and the names in use per namespace.

use std::collections::BTreeMap;
use std::fmt;

use crate::error::{Error, Errors};
use crate::ir::Ident;

/// A place in the descriptors: a file, and the keys that lead to the entry.
///
/// It borrows its keys. Only an error, which is rare, makes a text of them.
#[derive(Clone, Copy, Debug)]
pub(in crate::lower) struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    text: &'a str,
}

impl<'a> Place<'a> {
    pub(in crate::lower) fn file(source: &'a str) -> Self {
        Self { parent: None, text: source }
    }

    pub(in crate::lower) fn key(&'a self, key: &'a str) -> Self {
        Self { parent: Some(self), text: key }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            let separator = if parent.parent.is_some() { "." } else { ": " };
            write!(out, "{parent}{separator}")?;
        }
        out.write_str(self.text)
    }
}

/// The names of one namespace, each with the place that uses it.
#[derive(Debug, Default)]
pub(in crate::lower) struct Scope {
    taken: BTreeMap<Ident, String>,
}

impl Scope {
    /// Reserves a name. If the name is taken, the error names both places.
    pub(in crate::lower) fn claim(
        &mut self,
        name: &Ident,
        place: impl ToString,
        errors: &mut Errors,
    ) {
        let place = place.to_string();
        if let Some(first) = self.taken.get(name) {
            errors.add(Error::between(
                first,
                place,
                format!("both become `{name}` in Rust: give one of them another name"),
            ));
            return;
        }
        self.taken.insert(name.clone(), place);
    }
}

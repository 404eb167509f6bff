//! Names, paths, doc comments and gates, which all other parts use.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// A Rust identifier. Only [`crate::lower`] creates identifiers, and all of them are valid.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Ident {
    pub(crate) text: String,
    /// Whether it is a keyword, which the source spells `r#text`.
    pub(crate) raw: bool,
}

/// A name on the wire and the same name in Rust.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Name {
    pub(crate) wire: String,
    pub(crate) rust: Ident,
}

impl std::fmt::Display for Ident {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let prefix = if self.raw { "r#" } else { "" };
        write!(out, "{prefix}{}", self.text)
    }
}

/// A module of the generated tree, named from the tree's root. Cheap to clone.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct ModulePath(Arc<[Ident]>);

/// A type of the generated tree, named from the tree's root.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct TypePath {
    pub(crate) module: ModulePath,
    pub(crate) name: Ident,
}

/// The builder stage that waits for one required field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Stage {
    /// The companion module with `Needs` and `needs`.
    pub(crate) companion: ModulePath,
    pub(crate) field: Ident,
}

impl ModulePath {
    /// A module of the tree's root.
    pub(crate) fn top(name: &Ident) -> Self {
        Self::default().child(name)
    }

    pub(crate) fn child(&self, name: &Ident) -> Self {
        Self(self.0.iter().chain([name]).cloned().collect())
    }

    pub(crate) fn of(&self, name: &Ident) -> TypePath {
        TypePath { module: self.clone(), name: name.clone() }
    }

    pub(crate) fn names(&self) -> &[Ident] {
        &self.0
    }
}

impl fmt::Display for ModulePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "::" };
            write!(out, "{separator}{name}")?;
        }
        Ok(())
    }
}

impl fmt::Display for TypePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.module.names().is_empty() {
            return write!(out, "{}", self.name);
        }
        write!(out, "{}::{}", self.module, self.name)
    }
}

/// A doc comment, one Markdown line per entry.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Docs(pub(crate) Vec<String>);

impl Docs {
    /// Joins paragraphs of Markdown, each of one line or several.
    pub(crate) fn new(paragraphs: impl IntoIterator<Item = String>) -> Self {
        let mut lines = Vec::new();
        for paragraph in paragraphs.into_iter().filter(|text| !text.is_empty()) {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend(paragraph.lines().map(str::to_owned));
        }
        Self(lines)
    }

    pub(crate) fn line(text: impl Into<String>) -> Self {
        Self::new([text.into()])
    }
}

/// The cargo features that an item needs: any one of them is enough. `None` for an item that is
/// always compiled.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Gate(pub(crate) Option<BTreeSet<String>>);

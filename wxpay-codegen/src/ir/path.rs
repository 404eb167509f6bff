use std::fmt;
use std::sync::Arc;

use super::Ident;

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
    /// The companion module that holds `Needs` and `needs`.
    pub(crate) companion: ModulePath,
    pub(crate) field: Ident,
}

impl ModulePath {
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

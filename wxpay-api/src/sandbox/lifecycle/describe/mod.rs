//! The lifecycles of all books, and the operations that they describe.

pub(in crate::sandbox) mod check;
pub(in crate::sandbox) mod function;
pub(in crate::sandbox) mod model;
pub(in crate::sandbox) mod path;
mod secrets;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::Value as Json;

use super::error::LifecycleError;
use super::keep::resource::Kind;
use crate::client::redaction::REDACTED;
use crate::sandbox::book::{Book, BookError};
use function::Functions;
use model::{Act, Binding, Lifecycle, OperationRule};
use path::KeyPath;

/// The lifecycles of all books, in the order of their names.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct Definitions {
    all: Vec<Definition>,
    kinds: BTreeMap<String, Kind>,
    /// The rules of each operation, by method and URL.
    rules: HashMap<(String, String), Vec<BoundRule>>,
    /// The secrets of each lifecycle, by its index.
    secrets: Vec<Vec<KeyPath>>,
}

/// A lifecycle with its name.
#[derive(Debug)]
pub(in crate::sandbox) struct Definition {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) lifecycle: Lifecycle,
}

/// The place of a rule: its lifecycle, its index there, and the index of the operation in the rule.
#[derive(Clone, Copy, Debug)]
struct BoundRule {
    kind: Kind,
    rule: usize,
    binding: usize,
}

/// What a lifecycle says of an operation.
#[derive(Clone, Copy, Debug)]
pub(in crate::sandbox) struct FoundRule<'a> {
    pub(in crate::sandbox) kind: Kind,
    /// The name of the rule.
    pub(in crate::sandbox) name: &'a str,
    pub(in crate::sandbox) rule: &'a OperationRule,
    pub(in crate::sandbox) binding: &'a Binding,
}

impl Definitions {
    /// Collects the lifecycles of books. If two books have the same one, the first counts.
    ///
    /// The first `private` books must fit by themselves. Those of this crate may name lifecycles of families that it
    /// was compiled without.
    pub(in crate::sandbox) fn new(
        books: &[Arc<Book>],
        private: usize,
        functions: &Functions,
    ) -> Result<Self, BookError> {
        let mut named = BTreeMap::new();
        for (index, book) in books.iter().enumerate() {
            for (name, lifecycle) in &book.lifecycles {
                named.entry(name.clone()).or_insert_with(|| (lifecycle.clone(), index < private));
            }
        }
        let (mut definitions, mut strict) = (Self::default(), Vec::new());
        for (name, (lifecycle, is_private)) in named {
            definitions.kinds.insert(name.clone(), definitions.all.len());
            definitions.all.push(Definition { name, lifecycle });
            strict.push(is_private);
        }
        for (definition, is_strict) in definitions.all.iter().zip(strict) {
            check::check(&definitions, definition, functions, is_strict)?;
        }
        definitions.bind();
        definitions.secrets = secrets::secrets(&definitions.all, books);
        Ok(definitions)
    }

    fn bind(&mut self) {
        for (kind, definition) in self.all.iter().enumerate() {
            for (rule, (_, operation)) in definition.lifecycle.operations.iter().enumerate() {
                for (binding, on) in operation.on.iter().enumerate() {
                    let place = (on.method.clone(), on.path.clone());
                    let bound = BoundRule { kind, rule, binding };
                    self.rules.entry(place).or_default().push(bound);
                }
            }
        }
    }

    pub(in crate::sandbox) fn all(&self) -> &[Definition] {
        &self.all
    }

    pub(in crate::sandbox) fn get(&self, kind: Kind) -> Option<&Definition> {
        self.all.get(kind)
    }

    pub(in crate::sandbox) fn kind(&self, name: &str) -> Option<Kind> {
        self.kinds.get(name).copied()
    }

    /// Returns the lifecycle of a name.
    pub(in crate::sandbox) fn named(&self, name: &str) -> Result<&Definition, LifecycleError> {
        let found = self.kind(name).and_then(|kind| self.get(kind));
        found.ok_or_else(|| LifecycleError::UnknownLifecycle {
            name: name.to_owned(),
            known: self.kinds.keys().cloned().collect(),
        })
    }

    pub(in crate::sandbox) fn keys(&self, kind: Kind) -> &[KeyPath] {
        self.get(kind).map_or(&[], |definition| &definition.lifecycle.keys)
    }

    /// Replaces the secrets of an object of a lifecycle.
    pub(in crate::sandbox) fn hide_secrets(&self, lifecycle: &str, object: &mut Json) {
        let secrets = self.kind(lifecycle).and_then(|kind| self.secrets.get(kind));
        for path in secrets.into_iter().flatten() {
            path.replace(object, &Json::from(REDACTED));
        }
    }

    /// Returns whether a lifecycle says something of an operation.
    pub(in crate::sandbox) fn has_rules(&self, method: &str, path: &str) -> bool {
        self.rules.contains_key(&(method.to_owned(), path.to_owned()))
    }

    /// Returns the rules of an operation: the one that creates first, then in the order of the lifecycles' names.
    pub(in crate::sandbox) fn rules(&self, method: &str, path: &str) -> Vec<FoundRule<'_>> {
        let bound = self.rules.get(&(method.to_owned(), path.to_owned())).into_iter().flatten();
        let found = bound.filter_map(|bound| {
            let operations = &self.get(bound.kind)?.lifecycle.operations;
            let (name, rule) = operations.get(bound.rule)?;
            Some(FoundRule { kind: bound.kind, name, rule, binding: rule.on.get(bound.binding)? })
        });
        let mut found: Vec<_> = found.collect();
        found.sort_by_key(|found| !matches!(found.rule.act, Act::Creates { .. }));
        found
    }
}

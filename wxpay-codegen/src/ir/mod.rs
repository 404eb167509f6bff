//! The intermediate representation: every Rust name and every decision.
//!
//! [`crate::lower`] makes it from the descriptors and [`crate::emit`] prints it. The types contain
//! plain text instead of tokens, so that threads can share them.

mod chain;
mod definition;
mod names;

use std::collections::BTreeMap;

use wxpay_spec::model::TypeId;

pub(crate) use chain::{
    Argument, EndpointFacts, Link, Method, Node, Operation, PageInput, Paging, Piece, RequestType,
    ResponseType, Rival,
};
pub(crate) use definition::{
    Companion, Definition, Field, Member, NotificationShape, OpenEnum, RequestStruct,
    ResponseStruct, Sample, Ty, Value, Variant,
};
pub(crate) use names::{Docs, Gate, Ident, ModulePath, Name, Stage, TypePath};

/// Everything that is generated.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Api {
    pub(crate) layout: Layout,
    /// The entries of the chain, one per first segment of a URL.
    pub(crate) entries: Vec<Link>,
    pub(crate) modules: Vec<Module>,
    /// The Rust paths of the named types.
    pub(crate) types: BTreeMap<TypeId, TypePath>,
    /// The messages for products whose features are off.
    pub(crate) messages: Vec<FeatureMessage>,
    /// The families with a sandbox book.
    pub(crate) books: Vec<String>,
}

/// The compiler's message where no feature of a gate is on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct FeatureMessage {
    /// The name of the trait in the tree's module `behind`. No type implements the trait.
    pub(crate) name: Ident,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) note: String,
}

/// The kind of crate that the code is generated for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Layout {
    /// `wxpay-api`: many files, one cargo feature per family; the chain starts at `Client`.
    Library,
    /// Any other crate: one file without features; the chain starts at functions.
    Single,
}

/// A module of the generated tree: one file, or one `mod` in a single file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Module {
    pub(crate) path: ModulePath,
    pub(crate) name: Ident,
    pub(crate) docs: Docs,
    /// The words by which rustdoc's search finds the module.
    pub(crate) labels: Vec<String>,
    pub(crate) gate: Gate,
    pub(crate) source: Source,
    pub(crate) contents: Vec<Content>,
    pub(crate) children: Vec<Module>,
}

/// The content of a module, without its children.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Content {
    Node(Node),
    Definition(Definition),
    Events(Events),
}

/// The descriptors that a file is generated from, for its header.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Source {
    One(String),
    Several,
}

/// The enum of all notification resources.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Events {
    pub(crate) events: Vec<Event>,
}

/// A resource of notifications.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Event {
    pub(crate) name: Ident,
    pub(crate) docs: Docs,
    pub(crate) gate: Gate,
    pub(crate) resource: TypePath,
    pub(crate) shape: NotificationShape,
}

impl Api {
    /// The contents of all modules, parents first.
    pub(crate) fn contents(&self) -> impl Iterator<Item = &Content> {
        let mut modules: Vec<&Module> = self.modules.iter().rev().collect();
        std::iter::from_fn(move || {
            let module = modules.pop()?;
            modules.extend(module.children.iter().rev());
            Some(&module.contents)
        })
        .flatten()
    }

    /// Every operation, in the order of the descriptors.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &Operation> {
        let nodes = self.contents().filter_map(|content| match content {
            Content::Node(node) => Some(&node.operations),
            Content::Definition(_) | Content::Events(_) => None,
        });
        nodes.flatten()
    }

    /// Every notification, in the order of the descriptors.
    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        let events = self.contents().filter_map(|content| match content {
            Content::Events(events) => Some(&events.events),
            Content::Node(_) | Content::Definition(_) => None,
        });
        events.flatten()
    }
}

use super::{Definition, Docs, Events, Gate, Ident, ModulePath, Node};

/// A module of the generated tree: one file, or one `mod` in a single file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Module {
    pub(crate) path: ModulePath,
    pub(crate) name: Ident,
    pub(crate) docs: Docs,
    /// Words by which rustdoc's search finds it.
    pub(crate) labels: Vec<String>,
    pub(crate) gate: Gate,
    pub(crate) source: Source,
    pub(crate) contents: Vec<Content>,
    pub(crate) children: Vec<Module>,
}

/// What a module holds beside its children.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Content {
    Node(Node),
    Definition(Definition),
    Events(Events),
}

/// The descriptors from which a file comes, for its header.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Source {
    One(String),
    Several,
}

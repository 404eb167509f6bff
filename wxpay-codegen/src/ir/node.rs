use super::{Docs, Gate, Ident, Operation, Stage, TypePath};

/// A place in the URL, as a struct of the chain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Node {
    pub(crate) path: TypePath,
    pub(crate) docs: Docs,
    pub(crate) gate: Gate,
    pub(crate) links: Vec<Link>,
    pub(crate) methods: Vec<Method>,
    pub(crate) operations: Vec<Operation>,
}

/// A method of the chain that goes on to a longer URL.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Link {
    pub(crate) name: Ident,
    pub(crate) docs: Docs,
    pub(crate) gate: Gate,
    /// Whether it takes the value of a path parameter, which is then called like the method.
    pub(crate) parameter: bool,
    pub(crate) target: TypePath,
    /// The marker for the compiler's message where the gate is closed.
    pub(crate) behind: Option<TypePath>,
}

/// A method of the chain that makes a call.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Method {
    /// The HTTP method's key, which is the operation's module too.
    pub(crate) name: Ident,
    pub(crate) docs: Docs,
    pub(crate) labels: Vec<String>,
    pub(crate) deprecated: Option<String>,
    pub(crate) gate: Gate,
    pub(crate) argument: Argument,
    pub(crate) download: bool,
}

/// What a [`Method`] takes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Argument {
    /// Nothing, because nothing is required.
    None,
    /// A closure from the first stage to the request; without required fields the request is both.
    Request { start: Option<Stage> },
}

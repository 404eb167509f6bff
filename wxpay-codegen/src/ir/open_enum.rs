use super::{Docs, Name, TypePath};

/// An enum that keeps the values it does not know.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct OpenEnum {
    pub(crate) path: TypePath,
    pub(crate) docs: Docs,
    /// Whether a value is an integer on the wire.
    pub(crate) integer: bool,
    pub(crate) variants: Vec<Variant>,
}

/// A known value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Variant {
    pub(crate) name: Name,
    pub(crate) docs: Docs,
}

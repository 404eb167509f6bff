use super::{Docs, Name, Sample, Ty};

/// A field of a generated struct.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: Name,
    pub(crate) docs: Docs,
    /// The first line of `docs`, for the setter.
    pub(crate) summary: Docs,
    pub(crate) ty: Ty,
    /// Whether the descriptor calls it optional.
    pub(crate) optional: bool,
    /// Whether the struct's field is an `Option`.
    pub(crate) wrapped: bool,
    /// Whether the wire has it as JSON inside a string.
    pub(crate) json_text: bool,
    /// Whether another member is the same value: a request with all its inputs leaves this one out.
    pub(crate) is_second: bool,
    pub(crate) sample: Sample,
    /// What a reader sees in place of a sample that nobody gave.
    pub(crate) placeholder: Option<String>,
}

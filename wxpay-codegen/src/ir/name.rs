/// A Rust identifier. Only [`crate::lower`] makes one, and only valid ones.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Ident {
    pub(crate) text: String,
    /// Whether it is a keyword and stands in the source as `r#text`.
    pub(crate) raw: bool,
}

/// A name on the wire and what it is called in Rust.
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

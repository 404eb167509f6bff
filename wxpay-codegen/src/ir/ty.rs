use std::fmt;

use super::{Stage, TypePath};

/// The Rust type of a value, without the `Option` around it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Ty {
    String,
    Integer,
    Number,
    Boolean,
    Timestamp,
    Secret,
    SecretBytes,
    Json,
    File,
    Enum(TypePath),
    Object {
        path: TypePath,
        /// The first stage of its builder; none when nothing is required, and in answers.
        start: Option<Stage>,
    },
    List(Box<Ty>),
}

impl Ty {
    /// Whether an answer has to tell an absent value from an empty one: `0` and `false` are answers.
    pub(crate) fn is_optional_in_answers(&self) -> bool {
        matches!(self, Self::Integer | Self::Number | Self::Boolean | Self::Object { .. })
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => out.write_str("String"),
            Self::Integer => out.write_str("i64"),
            Self::Number => out.write_str("f64"),
            Self::Boolean => out.write_str("bool"),
            Self::Timestamp => out.write_str("Timestamp"),
            Self::Secret => out.write_str("Secret"),
            Self::SecretBytes => out.write_str("SecretBytes"),
            Self::Json => out.write_str("Json"),
            Self::File => out.write_str("File"),
            Self::Enum(path) | Self::Object { path, .. } => path.fmt(out),
            Self::List(item) => write!(out, "Vec<{item}>"),
        }
    }
}

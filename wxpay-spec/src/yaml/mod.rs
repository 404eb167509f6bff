//! YAML with the position and the exact text of every scalar.

mod node;
mod parse;
mod scalar;

pub(crate) use node::{Content, Entry, Node, Position, Scalar};
pub(crate) use parse::parse;

//! Descriptors of WeChat Pay APIv3, and the library that loads and checks them.
//!
//! [`load`] reads a descriptor folder and [`read`] does the same for files in memory; both give a
//! [`model::Spec`] or every mistake in every file, each with its place. The language of the
//! descriptors is described in `docs/descriptor.md`.

#[cfg(feature = "import")]
pub mod import;
pub mod model;
pub mod rust_name;
pub mod write;

mod check;
mod cursor;
mod diagnostic;
mod grammar;
mod json_schema;
mod listing;
mod load;
mod read;
mod sources;
mod suggestion;
mod yaml;

pub use diagnostic::{Diagnostic, Diagnostics};
pub use json_schema::json_schema;
pub use listing::{Correction, corrections, operations};
pub use load::{LoadError, load, read};
pub use sources::SourceFile;

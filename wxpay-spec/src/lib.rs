//! Descriptors of WeChat Pay APIv3, and the library that loads and checks them.
//!
//! [`load`] reads a descriptor folder, [`read`] reads files in memory. Both return a
//! [`model::Spec`], or every mistake in every file with its place. `docs/descriptor.md` describes
//! the language of the descriptors.

#[cfg(feature = "export")]
pub mod export;
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

// Tests the code of the front page that the registry shows.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

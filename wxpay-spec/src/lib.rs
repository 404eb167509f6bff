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
mod corrections;
mod cursor;
mod diagnostic;
mod grammar;
mod json_schema;
mod load;
mod operations;
mod read;
mod report;
mod sorted;
mod source;
mod sources;
mod spec_reader;
mod suggestion;
mod yaml;

pub use corrections::{Correction, corrections};
pub use diagnostic::{Diagnostic, Diagnostics};
pub use json_schema::json_schema;
pub use load::{LoadError, load};
pub use operations::operations;
pub use source::SourceFile;
pub use spec_reader::read;

// Tests the code of the front page that the registry shows.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

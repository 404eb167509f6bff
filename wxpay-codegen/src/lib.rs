//! Generates typed Rust from WeChat Pay APIv3 descriptors.
//!
//! [`generate`] is a pure function from a checked [`Spec`] to files in memory. It uses no file
//! system, no clock and no environment. The same descriptors give the same bytes. `cargo xtask
//! regen` writes the files for [`Target::Library`]. A build script writes those for
//! [`Target::Crate`], from its own descriptors.
//!
//! [`reference()`] writes Markdown pages of the same descriptors, [`samples`] writes the samples
//! for the library's tests, and [`library`] does everything at once.
//!
//! The data passes three stages. `lower` turns descriptors into an intermediate representation;
//! only this stage invents names and decides. `emit` turns the representation into tokens, and
//! `print` turns the tokens into text. The generated code names only `::wxpay_api::codegen`,
//! `::core`, `::std` and itself.

mod book;
mod catalogue;
mod emit;
mod error;
mod generate;
mod ir;
mod lower;
mod markdown;
mod output;
mod print;
mod public_api;
mod reference;
mod samples;

pub use error::{Error, Errors};
pub use generate::{Library, generate, library};
pub use output::{Counts, Feature, Output, Target};
pub use reference::{Reference, reference};
pub use samples::samples;

#[cfg(doc)]
use wxpay_spec::model::Spec;

// Tests the code of the README, which the registry shows.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

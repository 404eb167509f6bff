//! Generates typed Rust from WeChat Pay APIv3 descriptors.
//!
//! [`generate`] is a pure function from a checked [`Spec`] to files in memory: no file system, no
//! clock, no environment, and the same bytes for the same descriptors. `cargo xtask regen` writes
//! what it gives for [`Target::Library`]; a build script writes what it gives for [`Target::Crate`],
//! made of descriptors of its own.
//!
//! [`reference()`] writes Markdown pages of the same descriptors, [`samples`] what the library's tests
//! go over, and [`library`] all of it at once.
//!
//! The way is `lower` (descriptors to an intermediate representation; the only stage that invents a
//! name or takes a decision), `emit` (that to tokens; it only prints) and `print` (tokens to text).
//! The generated code names nothing but `::wxpay_api::codegen`, `::core`, `::std` and itself.

mod book;
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

// Tests the code of the front page that the registry shows.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

//! Tests the generator with descriptors that are small enough to read.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on panics, helpers outside of `#[test]` too"
)]

mod cases;
mod catalogue;
mod errors;
mod exceptional;
mod obstacles;
mod output;
mod reference;
mod rustdoc;
mod samples;
mod support;

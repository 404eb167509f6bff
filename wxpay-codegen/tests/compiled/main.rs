//! Compiles the expected code of the cases in `generate`, and uses it as a user would.
//!
//! These tests are separate from those in `generate`, which can therefore update the expected code
//! even if it no longer compiles.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on panics, helpers outside of `#[test]` too"
)]

mod calls;
mod cases;
mod relaxed;
mod stability;

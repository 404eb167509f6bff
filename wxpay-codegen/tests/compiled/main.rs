//! The code that the cases beside this become, compiled and used like a user's.
//!
//! It stands apart from the tests that compare it, so that those can write it anew where the façade
//! has changed and it does not compile.

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

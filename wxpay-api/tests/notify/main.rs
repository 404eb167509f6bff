//! Receiving notifications: the responses to them, and the extractors for axum.

#![cfg(feature = "sandbox")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod acknowledgements;
#[cfg(feature = "axum")]
mod extractors;

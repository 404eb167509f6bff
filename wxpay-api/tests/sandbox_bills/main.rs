//! Bills that the sandbox makes of what happened in it.

#![cfg(all(feature = "bills", feature = "full", feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod days;
mod fund_flow;
mod properties;
mod refusals;
mod support;
mod trade;

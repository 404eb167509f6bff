//! Replay guards: an event is handled once, and never lost.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod contract;
mod keys;
mod memory;
mod once;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "redis")]
mod server;

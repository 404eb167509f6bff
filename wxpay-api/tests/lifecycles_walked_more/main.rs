//! Lifecycles walked over HTTP by the typed client: every transition, every refusal, every switch.

#![cfg(all(feature = "full", feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod applyments;
mod complaints;
mod payscore;
mod permissions;
mod sharing;
mod support;
mod transfers;

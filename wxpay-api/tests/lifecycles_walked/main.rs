//! Walks through every lifecycle over HTTP: every transition, every refusal, every switch.

#![cfg(all(feature = "full", feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod codepay;
mod combined;
mod contracts;
mod coupons;
mod notices;
mod payments;
mod refunds;
mod support;

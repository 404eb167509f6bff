//! Values for front ends, and the validity of their signatures.
#![cfg(feature = "sandbox")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod apiv2_key;
mod coupons;
mod orders;
mod payments;
mod payscore;
mod red_packet;
#[cfg(feature = "sm")]
mod sm;
mod support;
mod transfer;

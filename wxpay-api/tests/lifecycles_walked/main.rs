//! Walks through every lifecycle over HTTP: every transition, every refusal, every switch.

#![cfg(all(feature = "full", feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

#[cfg(feature = "bills")]
mod any_course;
mod applyments;
mod codepay;
mod combined;
mod complaints;
mod configured;
mod contracts;
mod coupons;
mod limits;
mod notices;
mod payments;
mod payscore;
mod permissions;
mod platform_sharing;
mod refunds;
mod sharing;
mod sharing_returns;
mod support;
mod transfers;

//! The crate in a user's code, written as a user would write it.

#![cfg(all(
    feature = "bill",
    feature = "billdownload",
    feature = "pay",
    feature = "payscore",
    feature = "sandbox"
))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod by_hand;
mod chain;
mod codepay;
#[cfg(feature = "full")]
mod compare;
mod config;
mod errors;
mod other_stack;
mod timestamps;
mod without_client;

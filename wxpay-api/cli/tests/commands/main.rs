//! The commands of the program, run as programs run, against a sandbox.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a failed expectation is a failed test"
)]

mod bills;
mod certificates;
mod demo;
mod documents;
mod events;
mod help;
mod invocations;
mod notifications;
mod notified;
mod outputs;
mod self_tests;
mod support;

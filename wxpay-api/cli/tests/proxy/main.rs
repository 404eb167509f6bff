//! The proxy, by real clients: it answers in the name of WeChat Pay's hosts, and for nobody else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a failed expectation is a failed test"
)]

#[path = "../../src/proxy/mod.rs"]
mod proxy;

mod client;
mod foreign;
mod hosts;
mod programs;
mod refusals;
mod renewal;
mod storms;
mod support;

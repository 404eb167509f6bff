//! The page of `wxpay sandbox` in a real browser: headless Chromium by WebDriver.
//!
//! Without chromedriver the tests say that they are skipped; with `CI=true` they fail.

#![cfg(all(unix, feature = "full"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a failed expectation is a failed test"
)]

mod browser;
mod example_shop;
mod faults;
mod keys;
mod looks;
mod orders;
mod payments;
mod program;
mod requests;
mod shop;
mod walls;

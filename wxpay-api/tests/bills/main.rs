//! Bill files as typed rows.

#![cfg(feature = "bills")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a failed expectation is a failed test"
)]

mod amounts;
mod cells;
mod chunks;
mod columns;
mod fund_flow;
mod gzip;
mod incomplete;
mod limits;
mod line_breaks;
mod lost_lines;
mod other;
mod quotes;
mod row_errors;
mod support;
mod times;
mod trade;

//! Every operation and notification of every descriptor, with all its inputs, against the sandbox.
//!
//! [`samples`] is generated: for each operation, it has the expected request and response. The
//! tests are written by hand and know no single operation. Each test visits all of them, and then
//! names every operation and key path where something is wrong.

#![cfg(all(feature = "sandbox", feature = "trace-bodies"))]
#![cfg_attr(
    not(feature = "full"),
    allow(dead_code, unused_variables, reason = "not every family has all kinds of operations")
)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod bench;
mod canary;
mod case;
mod deviations;
mod encoding;
#[cfg(feature = "full")]
mod facts;
mod findings;
mod multipart;
mod notifications;
mod responses;
#[rustfmt::skip]
#[allow(non_snake_case, reason = "a place in the URL is a function's name, underscores and all")]
mod samples;
mod shape;
mod visitor;
mod wire;

//! Tests `call`, `search` and `show` by running the program, against a sandbox of the test.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod every_operation;
mod failures;
mod live;
mod orders;
mod refused;
mod search;
mod show;
mod support;
mod transfers;

//! Exports, through the public face: descriptors out, and in again where they can be.
#![cfg(all(feature = "export", feature = "import"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod openapi;
mod support;
mod typescript;

//! Imports, through the public face: documents in, descriptors out.
#![cfg(feature = "import")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

mod any_page;
mod corrections;
mod facts;
mod merging;
mod openapi;
mod pages;
mod sharing;
mod support;

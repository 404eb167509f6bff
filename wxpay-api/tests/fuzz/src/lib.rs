//! Entry points that take any bytes from outside: each must end without a panic, in little time and memory.
//!
//! `libfuzzer/` drives them with coverage, and `tests/corpus.rs` replays what was found. [`TARGETS`] lists them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is how a fuzzer learns of a failure"
)]

mod descriptors;
mod files;
mod messages;
mod server;

/// A function that takes any bytes.
pub type Target = fn(&[u8]);

/// All targets by name. A folder of `corpus` has the name, too.
pub const TARGETS: [(&str, Target); 11] = [
    ("bill_rows", files::bill_rows),
    ("certificates", messages::certificates),
    ("descriptors", descriptors::descriptors),
    ("encrypted_bill", files::encrypted_bill),
    ("http", server::http),
    ("lifecycles", descriptors::lifecycles),
    ("notification", messages::notification),
    ("openapi", descriptors::openapi),
    ("page", descriptors::page),
    ("response", messages::response),
    ("upload", server::upload),
];

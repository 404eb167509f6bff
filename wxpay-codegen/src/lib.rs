//! Generates typed Rust from descriptors.

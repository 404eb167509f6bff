//! The sandbox's control surface over raw HTTP: its walls, its routes, front ends and pages.

#![cfg(all(feature = "sandbox", feature = "pay", feature = "payscore"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod bridge;
mod front_end_jumps;
mod front_end_signatures;
mod front_ends;
mod pages;
mod payments;
mod plans;
mod routes;
mod support;
mod tokens;
mod walls;

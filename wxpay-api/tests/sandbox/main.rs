//! The sandbox over real sockets: what it accepts and refuses, and how it responds.

#![cfg(feature = "sandbox")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod accounts;
mod authorization;
mod bills;
mod bodies;
mod certificates;
mod deliveries;
mod downloads;
mod examples;
mod faults;
mod formats;
mod garbage;
mod header_case;
mod journal;
mod key_modes;
mod keys;
mod lengths;
mod notifications;
mod official_rules;
mod origins;
mod pages;
mod planned_responses;
mod queries;
mod refused_headers;
mod refused_signatures;
mod responses;
mod routes;
mod saved;
mod secrets;
mod security_echo;
mod shipped_books;
#[cfg(feature = "sm")]
mod sm;
mod support;
mod typos;
mod unfetched;
#[cfg(feature = "full")]
mod upload_variants;
mod uploads;

//! Resources that the sandbox remembers, with lifecycles that only these tests describe.

#![cfg(feature = "sandbox")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod books;
mod control;
mod copies;
mod limits;
mod lists;
mod notification_faults;
mod notifications;
mod parts;
mod payments;
mod properties;
mod refunds;
mod secrets;
mod shown;
mod support;
mod timers;
mod webhooks;

//! The protocol core, through its public API.
#![cfg(feature = "sandbox")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

mod aead;
mod authorization;
mod bill_decryption;
mod brand;
mod garbage;
mod key_text;
mod keys;
mod merchant;
mod notification;
mod platform_certificates;
mod redaction;
mod secrets;
#[cfg(feature = "sm")]
mod sm;
mod support;
mod unknown_keys;
mod vectors;
mod verification;
mod wechatpay_keys;

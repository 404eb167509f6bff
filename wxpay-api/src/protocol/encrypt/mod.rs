//! Encrypts and decrypts what is not plain on the wire: resources, bills, and sensitive fields.

pub mod aead;
pub(super) mod bill;
pub(super) mod gcm;
pub(super) mod secret;
#[cfg(feature = "sm")]
mod sm4;
#[cfg(not(feature = "sm"))]
#[path = "without_sm4.rs"]
mod sm4;

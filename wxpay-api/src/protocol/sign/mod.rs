//! Signs requests: the message, the nonce, and the `Authorization` header.

pub(super) mod authorization;
pub mod message;
pub(super) mod nonce;

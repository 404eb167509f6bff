//! Keys and certificates: reads them from a configuration, and signs, verifies, encrypts and
//! decrypts with them.

pub(super) mod api_keys;
pub(super) mod certificate;
pub(super) mod cipher_error;
pub(super) mod private_key;
pub(super) mod public_key;
pub(super) mod public_key_id;
pub(crate) mod read;
mod rsa;
pub(super) mod serial;
#[cfg(feature = "sm")]
mod sm2;
#[cfg(not(feature = "sm"))]
#[path = "without_sm2.rs"]
mod sm2;
pub(super) mod unknown_key;

//! Encrypts and decrypts what is not plain on the wire: resources, bills, and sensitive fields.

pub mod aead;
pub(super) mod bill;
pub(super) mod gcm;
pub(super) mod secret;
#[cfg(feature = "sm")]
mod sm4;

/// SM4-GCM without the feature `sm`: every use is an error that names the feature.
#[cfg(not(feature = "sm"))]
mod sm4 {
    use super::gcm::{NONCE_LENGTH, SM4_KEY_LENGTH, StreamingGcm};
    use crate::protocol::{AeadError, BillDecryptionError};

    pub(super) fn streaming(
        _: &[u8],
        _: &[u8],
    ) -> Result<Box<dyn StreamingGcm>, BillDecryptionError> {
        Err(BillDecryptionError::Sm4Disabled)
    }

    pub(super) fn decrypt(
        _: &[u8; SM4_KEY_LENGTH],
        _: [u8; NONCE_LENGTH],
        _: &[u8],
        _: &mut Vec<u8>,
    ) -> Result<(), AeadError> {
        Err(AeadError::Sm4Disabled)
    }

    pub(super) fn encrypt(
        _: &[u8; SM4_KEY_LENGTH],
        _: [u8; NONCE_LENGTH],
        _: &[u8],
        _: &mut Vec<u8>,
    ) -> Result<(), AeadError> {
        Err(AeadError::Sm4Disabled)
    }
}

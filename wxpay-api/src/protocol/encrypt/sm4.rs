//! SM4-GCM, with the feature `sm`: whole messages with a nonce of 12 bytes, and streams with a nonce of any length.

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{AesGcm, Nonce};
use sm4::Sm4;

use super::gcm::{Gcm, NONCE_LENGTH, SM4_KEY_LENGTH, StreamingGcm};
use crate::protocol::{AeadError, BillDecryptionError};

type Sm4Gcm = AesGcm<Sm4, U12>;

/// Replaces ciphertext and tag by the plaintext. An error leaves `data` unchanged.
pub(super) fn decrypt(
    key: &[u8; SM4_KEY_LENGTH],
    nonce: [u8; NONCE_LENGTH],
    associated_data: &[u8],
    data: &mut Vec<u8>,
) -> Result<(), AeadError> {
    Sm4Gcm::new(key.into())
        .decrypt_in_place(&Nonce::from(nonce), associated_data, data)
        .map_err(|_| AeadError::Decrypt)
}

/// Replaces the plaintext by ciphertext and tag.
pub(super) fn encrypt(
    key: &[u8; SM4_KEY_LENGTH],
    nonce: [u8; NONCE_LENGTH],
    associated_data: &[u8],
    data: &mut Vec<u8>,
) -> Result<(), AeadError> {
    Sm4Gcm::new(key.into())
        .encrypt_in_place(&Nonce::from(nonce), associated_data, data)
        .map_err(|_| AeadError::Cipher)
}

/// Starts a stream with a key of 16 bytes.
pub(super) fn streaming(
    key: &[u8],
    nonce: &[u8],
) -> Result<Box<dyn StreamingGcm>, BillDecryptionError> {
    let cipher =
        Sm4::new_from_slice(key).map_err(|_| BillDecryptionError::Key { bytes: key.len() })?;
    Ok(Box::new(Gcm::new(cipher, nonce)))
}

//! SM4-GCM: at once with a nonce of 12 bytes, or piece by piece with one of any length.

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{AesGcm, Nonce};
use sm4::Sm4;

use super::aead::{NONCE_LENGTH, SM4_KEY_LENGTH as KEY_LENGTH};
use super::bill_decryption;
use super::gcm::{Decrypt, Gcm};
use super::{AeadError, BillDecryptionError};

type Sm4Gcm = AesGcm<Sm4, U12>;

/// Replaces ciphertext and tag by the plaintext; without success nothing is changed.
pub(crate) fn decrypt(
    key: &[u8; KEY_LENGTH],
    nonce: [u8; NONCE_LENGTH],
    associated_data: &[u8],
    data: &mut Vec<u8>,
) -> Result<(), AeadError> {
    cipher(key)
        .decrypt_in_place(&Nonce::from(nonce), associated_data, data)
        .map_err(|_| AeadError::Decrypt)
}

/// Replaces the plaintext by ciphertext and tag.
pub(crate) fn encrypt(
    key: &[u8; KEY_LENGTH],
    nonce: [u8; NONCE_LENGTH],
    associated_data: &[u8],
    data: &mut Vec<u8>,
) -> Result<(), AeadError> {
    cipher(key)
        .encrypt_in_place(&Nonce::from(nonce), associated_data, data)
        .map_err(|_| AeadError::Cipher)
}

pub(crate) fn stream(key: &[u8], nonce: &[u8]) -> Result<Box<dyn Decrypt>, BillDecryptionError> {
    Ok(Box::new(Gcm::new(bill_decryption::cipher::<Sm4>(key)?, nonce)))
}

fn cipher(key: &[u8; KEY_LENGTH]) -> Sm4Gcm {
    Sm4Gcm::new(key.into())
}

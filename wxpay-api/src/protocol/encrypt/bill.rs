//! Encrypted bills, decrypted piece by piece while they arrive.

use std::fmt;
use std::mem;

use aes::Aes256;
use aes::cipher::KeyInit;
use subtle::ConstantTimeEq;
use thiserror::Error;

use super::gcm::{AES_KEY_LENGTH, Gcm, SM4_KEY_LENGTH, StreamingGcm, TAG_LENGTH, TooLong};
use super::sm4;

/// Decrypts an encrypted bill in constant memory ([protocol §7.4]).
///
/// The algorithm is AES-256-GCM, or SM4-GCM with the feature `sm`. The nonce may have any length, and there is no
/// associated data.
///
/// What [`push`](BillDecryption::push) returns is **not authenticated** until [`finish`](BillDecryption::finish)
/// succeeds: an attacker who can change the file on its way can change the plaintext. Keep the plaintext apart until
/// then, and throw it away if [`finish`](BillDecryption::finish) fails.
///
/// ```
/// # fn decrypt(key: &[u8], nonce: &str, chunks: Vec<&[u8]>) -> Result<Vec<u8>, wxpay_api::protocol::BillDecryptionError> {
/// use wxpay_api::protocol::BillDecryption;
///
/// let mut decryption = BillDecryption::new(key, nonce.as_bytes())?;
/// let mut bill = Vec::new();
/// for chunk in chunks {
///     bill.extend(decryption.push(chunk)?);
/// }
/// decryption.finish()?;
/// Ok(bill)
/// # }
/// ```
///
/// [protocol §7.4]: crate::docs::protocol::downloads#74-encrypted-bills
#[must_use = "call `finish`, without which nothing is authenticated"]
pub struct BillDecryption {
    cipher: Box<dyn StreamingGcm>,
    /// The last bytes so far. They are the tag if nothing follows.
    held: Vec<u8>,
}

impl BillDecryption {
    /// Begins with the bill's key and nonce.
    ///
    /// The key is the bill's `encrypt_key`, decrypted with the merchant's private key: 32 bytes for AES-256, 16 bytes
    /// for SM4. The nonce is used as its bytes.
    ///
    /// # Errors
    /// [`BillDecryptionError`] for a key of another length, an empty nonce, or an SM4 key without the feature `sm`.
    pub fn new(key: &[u8], nonce: &[u8]) -> Result<Self, BillDecryptionError> {
        Ok(Self { cipher: bill_cipher(key, nonce)?, held: Vec::with_capacity(TAG_LENGTH) })
    }

    /// Decrypts the next piece of the file, of any length. The last 16 bytes so far are held back.
    ///
    /// The plaintext is not authenticated yet.
    ///
    /// # Errors
    /// [`BillDecryptionError::TooLong`] after 64 GiB.
    pub fn push(&mut self, chunk: &[u8]) -> Result<Vec<u8>, BillDecryptionError> {
        let mut data = mem::take(&mut self.held);
        data.extend_from_slice(chunk);
        self.held = data.split_off(data.len().saturating_sub(TAG_LENGTH));
        match self.cipher.decrypt(&mut data) {
            Ok(()) => Ok(data),
            Err(TooLong) => Err(BillDecryptionError::TooLong),
        }
    }

    /// Checks the tag at the end of the file, in constant time. Success authenticates the whole plaintext.
    ///
    /// # Errors
    /// [`BillDecryptionError::TooShort`] or [`BillDecryptionError::Tag`]: use nothing of the plaintext.
    pub fn finish(self) -> Result<(), BillDecryptionError> {
        let Self { cipher, held } = self;
        if held.len() < TAG_LENGTH {
            return Err(BillDecryptionError::TooShort { bytes: held.len() });
        }
        match cipher.tag().ct_eq(&held).into() {
            true => Ok(()),
            false => Err(BillDecryptionError::Tag),
        }
    }
}

/// Shows neither key nor plaintext.
impl fmt::Debug for BillDecryption {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BillDecryption").finish_non_exhaustive()
    }
}

/// Why an encrypted bill does not decrypt.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum BillDecryptionError {
    /// The key has the length of no algorithm.
    #[error("the bill's key has {bytes} bytes, but AES-256 has 32 and SM4 16")]
    Key {
        /// The length in bytes.
        bytes: usize,
    },
    /// The nonce is empty.
    #[error("the bill's nonce is empty")]
    EmptyNonce,
    /// SM4 is needed, and the feature `sm` is off.
    #[error("the bill's key is one for SM4; enable the feature `sm` of wxpay-api to decrypt it")]
    Sm4Disabled,
    /// The file is longer than the mode allows.
    #[error("the bill has more than 64 GiB, the limit of GCM")]
    TooLong,
    /// The file is shorter than the tag at its end.
    #[error(
        "the bill has {bytes} bytes, fewer than the 16 of the tag alone; was its download cut short?"
    )]
    TooShort {
        /// The length in bytes.
        bytes: usize,
    },
    /// The tag does not match.
    #[error(
        "the bill is not what WeChat Pay encrypted with this key and nonce: part of it is missing or was changed, or they \
         are those of another file"
    )]
    Tag,
}

/// Starts the cipher that the length of the key selects.
pub(crate) fn bill_cipher(
    key: &[u8],
    nonce: &[u8],
) -> Result<Box<dyn StreamingGcm>, BillDecryptionError> {
    if nonce.is_empty() {
        return Err(BillDecryptionError::EmptyNonce);
    }
    match key.len() {
        AES_KEY_LENGTH => {
            let cipher = Aes256::new_from_slice(key)
                .map_err(|_| BillDecryptionError::Key { bytes: key.len() })?;
            Ok(Box::new(Gcm::new(cipher, nonce)))
        }
        SM4_KEY_LENGTH => sm4::streaming(key, nonce),
        bytes => Err(BillDecryptionError::Key { bytes }),
    }
}

//! Encrypted bills, decrypted while they flow (docs/protocol/downloads.md §7.4).

use std::fmt;
use std::mem;

use aes::Aes256;
use aes::cipher::KeyInit;
use subtle::ConstantTimeEq;
use thiserror::Error;

use super::gcm::{AES_KEY_LENGTH, Gcm, SM4_KEY_LENGTH, StreamingGcm, TAG_LENGTH, TooLong};
use super::sm4;

/// The decryption of an encrypted bill in constant memory: AES-256-GCM, or with the feature `sm` SM4-GCM, with a nonce
/// of any length and without associated data ([protocol §7.4]).
///
/// What [`push`](BillDecryption::push) returns is **not authenticated** until [`finish`](BillDecryption::finish)
/// succeeded: whoever can change the file on its way can change it too. Keep it apart until then, and throw it away
/// otherwise.
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
    /// The last bytes that came: the tag, if nothing follows.
    held: Vec<u8>,
}

impl BillDecryption {
    /// Begins with the bill's key, which is its `encrypt_key` opened with the merchant's private key, and its `nonce`,
    /// used as its bytes.
    ///
    /// A key of 32 bytes is one for AES-256, one of 16 bytes one for SM4.
    ///
    /// # Errors
    /// [`BillDecryptionError`] for a key of another length, an empty nonce, and an SM4 key without the feature `sm`.
    pub fn new(key: &[u8], nonce: &[u8]) -> Result<Self, BillDecryptionError> {
        Ok(Self { cipher: bill_cipher(key, nonce)?, held: Vec::with_capacity(TAG_LENGTH) })
    }

    /// Decrypts the next piece of the file, of any length; the last 16 bytes so far are held back.
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

    /// Checks the tag at the end of the file, in constant time: now everything that came before is authenticated.
    ///
    /// # Errors
    /// [`BillDecryptionError::TooShort`] or [`BillDecryptionError::Tag`]: nothing of the plaintext may be used.
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

/// Shows nothing of key and plaintext.
impl fmt::Debug for BillDecryption {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BillDecryption").finish_non_exhaustive()
    }
}

/// Why an encrypted bill does not decrypt.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum BillDecryptionError {
    /// The key belongs to no algorithm.
    #[error("the bill's key has {bytes} bytes, but AES-256 has 32 and SM4 16")]
    Key {
        /// The length it has.
        bytes: usize,
    },
    /// There is no nonce.
    #[error("the bill's nonce is empty")]
    EmptyNonce,
    /// SM4 is needed, without the feature that has it.
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
        /// The length it has.
        bytes: usize,
    },
    /// The tag does not match.
    #[error(
        "the bill is not what WeChat Pay encrypted with this key and nonce: part of it is missing or was changed, or they \
         are those of another file"
    )]
    Tag,
}

/// The cipher that a key is for.
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

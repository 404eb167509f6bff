//! Encrypted resources, which carry notifications and platform certificates ([protocol §4]).
//!
//! [protocol §4]: crate::docs::protocol::encryption

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use thiserror::Error;
use zeroize::Zeroizing;

use super::gcm::{AES_KEY_LENGTH, NONCE_LENGTH, SM4_KEY_LENGTH, TAG_LENGTH};
use super::sm4;
use crate::protocol::excerpt::excerpt;
use crate::protocol::scheme::Family;
use crate::protocol::{ApiV3Key, Scheme};

const AES: &str = "AEAD_AES_256_GCM";
const SM4: &str = "AEAD_SM4_GCM";

/// A resource that WeChat Pay encrypted with the merchant's APIv3 key: the members of its JSON.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct EncryptedResource {
    /// `AEAD_AES_256_GCM`, or `AEAD_SM4_GCM` for SM2 merchants.
    pub algorithm: String,
    /// The nonce, used as its bytes.
    pub nonce: String,
    /// The associated data, used as its bytes. It is empty when it was `null` or missing.
    pub associated_data: String,
    /// Base64 of ciphertext and tag.
    pub ciphertext: String,
}

impl EncryptedResource {
    /// Decrypts the resource with the APIv3 key of a merchant with this scheme, which fixes the algorithm.
    ///
    /// The lengths are checked before the cipher runs.
    ///
    /// # Errors
    /// [`AeadError`] says why the resource does not decrypt.
    pub fn decrypt(&self, scheme: Scheme, key: &ApiV3Key) -> Result<Zeroizing<Vec<u8>>, AeadError> {
        let family = scheme.family();
        check_algorithm(family, &self.algorithm)?;
        let data = STANDARD.decode(&self.ciphertext).map_err(|_| AeadError::Base64)?;
        let (nonce, associated_data) = (self.nonce.as_bytes(), self.associated_data.as_bytes());
        match family {
            Family::Rsa => decrypt(key.as_bytes(), nonce, associated_data, data),
            Family::Sm2 => decrypt_sm4(&key.to_sm4(), nonce, associated_data, data),
        }
    }

    /// Reads the members of a JSON object.
    ///
    /// # Errors
    /// The name of a member that is missing or no text.
    pub fn from_json(object: &Value) -> Result<Self, &'static str> {
        Self::read(|name| object.get(name)?.as_str())
    }

    /// Reads the members that are texts.
    pub(crate) fn read<'t>(
        member: impl Fn(&'static str) -> Option<&'t str>,
    ) -> Result<Self, &'static str> {
        let text = |name| member(name).map(str::to_owned);
        Ok(Self {
            algorithm: text("algorithm").ok_or("algorithm")?,
            nonce: text("nonce").ok_or("nonce")?,
            associated_data: text("associated_data").unwrap_or_default(),
            ciphertext: text("ciphertext").ok_or("ciphertext")?,
        })
    }
}

/// Decrypts AES-256-GCM. `data` is ciphertext and tag, not encoded.
///
/// # Errors
/// [`AeadError`] says why `data` does not decrypt. The lengths are checked before the cipher runs.
pub fn decrypt(
    key: &[u8; AES_KEY_LENGTH],
    nonce: &[u8],
    associated_data: &[u8],
    data: Vec<u8>,
) -> Result<Zeroizing<Vec<u8>>, AeadError> {
    let mut data = Zeroizing::new(data);
    let nonce = checked_lengths(nonce, &data)?;
    let length = cipher(key)?
        .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(associated_data), &mut data)
        .map_err(|_| AeadError::Decrypt)?
        .len();
    data.truncate(length);
    Ok(data)
}

/// Decrypts SM4-GCM. `data` is ciphertext and tag, not encoded.
///
/// # Errors
/// [`AeadError`] says why `data` does not decrypt. Without the feature `sm` it is [`AeadError::Sm4Disabled`].
pub fn decrypt_sm4(
    key: &[u8; SM4_KEY_LENGTH],
    nonce: &[u8],
    associated_data: &[u8],
    data: Vec<u8>,
) -> Result<Zeroizing<Vec<u8>>, AeadError> {
    let mut data = Zeroizing::new(data);
    let nonce = checked_lengths(nonce, &data)?;
    sm4::decrypt(key, nonce, associated_data, &mut data)?;
    Ok(data)
}

/// Encrypts a resource as WeChat Pay does, with the APIv3 key of a merchant with this scheme.
///
/// It serves tests of programs that receive notifications.
///
/// # Errors
/// [`AeadError::Nonce`] unless the nonce has 12 bytes.
pub fn encrypt(
    scheme: Scheme,
    key: &ApiV3Key,
    nonce: &str,
    associated_data: &str,
    plaintext: &[u8],
) -> Result<EncryptedResource, AeadError> {
    let mut data = plaintext.to_vec();
    let nonce_bytes = checked_nonce(nonce.as_bytes())?;
    let family = scheme.family();
    match family {
        Family::Rsa => cipher(key.as_bytes())?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce_bytes),
                Aad::from(associated_data.as_bytes()),
                &mut data,
            )
            .map_err(|_| AeadError::Cipher)?,
        Family::Sm2 => {
            sm4::encrypt(&key.to_sm4(), nonce_bytes, associated_data.as_bytes(), &mut data)?;
        }
    }
    Ok(EncryptedResource {
        algorithm: algorithm(family).to_owned(),
        nonce: nonce.to_owned(),
        associated_data: associated_data.to_owned(),
        ciphertext: STANDARD.encode(data),
    })
}

/// Why a resource does not decrypt.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum AeadError {
    /// The algorithm belongs to the other signature family.
    #[error("it is encrypted with {found}, but this merchant's family has {expected}")]
    OtherFamily {
        /// The algorithm found.
        found: &'static str,
        /// The algorithm of the merchant's family.
        expected: &'static str,
    },
    /// The official documents have no such algorithm.
    #[error("it is encrypted with the unknown algorithm `{found}`; known are {AES} and {SM4}")]
    UnknownAlgorithm {
        /// The algorithm found.
        found: String,
    },
    /// The nonce does not have 12 bytes.
    #[error("its nonce has {bytes} bytes, and only 12 are supported")]
    Nonce {
        /// The length in bytes.
        bytes: usize,
    },
    /// The ciphertext is not Base64.
    #[error("its ciphertext is not Base64")]
    Base64,
    /// The ciphertext is shorter than the tag at its end.
    #[error("its ciphertext has {bytes} bytes, fewer than the 16 of the tag alone")]
    TooShort {
        /// The length in bytes.
        bytes: usize,
    },
    /// The tag does not match.
    #[error(
        "the APIv3 key does not decrypt it; is it the key of this merchant and not its APIv2 key, and was it reset on the merchant platform?"
    )]
    Decrypt,
    /// The cryptographic library failed.
    #[error("the cryptographic library did not set up the cipher")]
    Cipher,
    /// SM4 is needed, and the feature `sm` is off.
    #[error("it is encrypted with SM4; enable the feature `sm` of wxpay-api to decrypt it")]
    Sm4Disabled,
}

fn algorithm(family: Family) -> &'static str {
    match family {
        Family::Rsa => AES,
        Family::Sm2 => SM4,
    }
}

fn check_algorithm(family: Family, found: &str) -> Result<(), AeadError> {
    let known = [Family::Rsa, Family::Sm2].into_iter().find(|known| algorithm(*known) == found);
    match known {
        Some(known) if known == family => Ok(()),
        Some(other) => {
            Err(AeadError::OtherFamily { found: algorithm(other), expected: algorithm(family) })
        }
        None => Err(AeadError::UnknownAlgorithm { found: excerpt(found) }),
    }
}

fn checked_lengths(nonce: &[u8], data: &[u8]) -> Result<[u8; NONCE_LENGTH], AeadError> {
    let nonce = checked_nonce(nonce)?;
    if data.len() < TAG_LENGTH {
        return Err(AeadError::TooShort { bytes: data.len() });
    }
    Ok(nonce)
}

fn checked_nonce(nonce: &[u8]) -> Result<[u8; NONCE_LENGTH], AeadError> {
    nonce.try_into().map_err(|_| AeadError::Nonce { bytes: nonce.len() })
}

fn cipher(key: &[u8; AES_KEY_LENGTH]) -> Result<LessSafeKey, AeadError> {
    UnboundKey::new(&AES_256_GCM, key).map(LessSafeKey::new).map_err(|_| AeadError::Cipher)
}

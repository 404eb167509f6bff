//! The APIv3 key.

use std::fmt;

use sm3::{Digest, Sm3};
use zeroize::Zeroizing;

use super::aead::SM4_KEY_LENGTH;
use super::{KeyError, KeyItem, KeyProblem};

/// The key in bytes.
pub(crate) const LENGTH: usize = 32;

/// The merchant's APIv3 key: 32 ASCII characters, set on the merchant platform (PROTOCOL §3.1).
///
/// It decrypts notifications and platform certificates (§4). `Debug` does not show it, and it is wiped when dropped.
#[derive(Clone)]
pub struct ApiV3Key(Zeroizing<[u8; LENGTH]>);

impl ApiV3Key {
    /// Takes the key as text, exactly as it was set.
    ///
    /// # Errors
    /// [`KeyProblem::ApiV3KeyLength`] unless it has 32 bytes, [`KeyProblem::NotAscii`] if one of them is not ASCII.
    pub fn new(key: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::check(key.as_ref()).map_err(|problem| KeyError::new(KeyItem::ApiV3Key, problem))
    }

    pub(crate) fn as_bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    /// The key of SM4: the first half of the SM3 digest of the text (PROTOCOL §4).
    pub(crate) fn to_sm4(&self) -> Zeroizing<[u8; SM4_KEY_LENGTH]> {
        let mut key = Zeroizing::new([0; SM4_KEY_LENGTH]);
        let digest = Zeroizing::new(<[u8; 32]>::from(Sm3::digest(self.as_bytes())));
        for (place, byte) in key.iter_mut().zip(digest.iter()) {
            *place = *byte;
        }
        key
    }

    fn check(key: &[u8]) -> Result<Self, KeyProblem> {
        let line_end = key.ends_with(b"\n");
        let bytes: [u8; LENGTH] = key
            .try_into()
            .map_err(|_| KeyProblem::ApiV3KeyLength { bytes: key.len(), line_end })?;
        if key.is_ascii() { Ok(Self(Zeroizing::new(bytes))) } else { Err(KeyProblem::NotAscii) }
    }
}

impl fmt::Debug for ApiV3Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiV3Key([redacted])")
    }
}

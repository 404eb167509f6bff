//! The APIv3 key.

use std::fmt;
use std::path::Path;

use sm3::{Digest, Sm3};
use zeroize::Zeroizing;

use super::aead::SM4_KEY_LENGTH;
use super::key_text::{self, is_path, is_secret, mistaken_secret};
use super::{KeyError, KeyItem, KeyProblem};

/// The key in bytes.
pub(crate) const LENGTH: usize = 32;

/// The merchant's APIv3 key: 32 ASCII characters, set on the merchant platform ([protocol §3.1]).
///
/// It decrypts notifications and platform certificates ([§4]). `Debug` does not show it, and it is wiped when dropped.
///
/// [protocol §3.1]: crate::docs::protocol::keys#31-the-keys-of-a-merchant
/// [§4]: crate::docs::protocol::encryption
#[derive(Clone)]
pub struct ApiV3Key(Zeroizing<[u8; LENGTH]>);

impl ApiV3Key {
    /// Takes the key as text, exactly as it was set.
    ///
    /// # Errors
    /// [`KeyProblem::ApiV3KeyLength`] unless it has 32 bytes, [`KeyProblem::NotAscii`] if one of them is not ASCII, and
    /// [`KeyProblem::WrongKind`] for a key in quotation marks, in Base64 or with white space around it, and for other things
    /// in its place.
    pub fn new(key: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::check(key.as_ref()).map_err(|problem| KeyError::new(KeyItem::ApiV3Key, problem))
    }

    /// Takes the key from a file, such as a mounted secret. Line ends after it do not count.
    ///
    /// # Errors
    /// As [`ApiV3Key::new`], and when the file cannot be read; the error names the file.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let path = path.as_ref();
        if is_secret(path) && !path.exists() {
            return Err(KeyError::new(KeyItem::ApiV3Key, KeyProblem::NotAPath));
        }
        let content = key_text::read_file(KeyItem::ApiV3Key, path)?;
        let mut key = content.as_slice();
        while let [rest @ .., b'\n' | b'\r'] = key {
            key = rest;
        }
        Self::new(key).map_err(|error| error.in_file(path))
    }

    pub(crate) fn as_bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }

    /// The key of SM4: the first half of the SM3 digest of the text (docs/protocol/encryption.md §4).
    pub(crate) fn to_sm4(&self) -> Zeroizing<[u8; SM4_KEY_LENGTH]> {
        let mut key = Zeroizing::new([0; SM4_KEY_LENGTH]);
        let digest = Zeroizing::new(<[u8; 32]>::from(Sm3::digest(self.as_bytes())));
        for (place, byte) in key.iter_mut().zip(digest.iter()) {
            *place = *byte;
        }
        key
    }

    fn check(key: &[u8]) -> Result<Self, KeyProblem> {
        let Ok(bytes) = <[u8; LENGTH]>::try_from(key) else {
            return Err(match mistaken_secret(key) {
                Some(found) => KeyProblem::WrongKind { found: found.to_owned() },
                None if is_path(key) => KeyProblem::IsAPath,
                None => {
                    KeyProblem::ApiV3KeyLength { bytes: key.len(), line_end: key.ends_with(b"\n") }
                }
            });
        };
        let bytes = Zeroizing::new(bytes);
        if key.is_ascii() { Ok(Self(bytes)) } else { Err(KeyProblem::NotAscii) }
    }
}

impl fmt::Debug for ApiV3Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiV3Key([redacted])")
    }
}

//! The two keys of 32 characters that a merchant sets on the merchant platform: the APIv3 key and the APIv2 key.

use std::fmt;
use std::path::Path;

use aws_lc_rs::hmac;
use md5::{Digest, Md5};
use sm3::Sm3;
use zeroize::Zeroizing;

use super::read::{self, is_path, is_secret, mistaken_secret};
use crate::protocol::encrypt::gcm::{AES_KEY_LENGTH, SM4_KEY_LENGTH};
use crate::protocol::{KeyError, KeyItem, KeyProblem};

/// The length of the APIv2 key in bytes.
const APIV2_LENGTH: usize = 32;

/// The merchant's APIv3 key: 32 ASCII characters, set on the merchant platform ([protocol §3.1]).
///
/// It decrypts notifications and platform certificates ([§4]). `Debug` does not show the key, and dropping it wipes the
/// memory.
///
/// [protocol §3.1]: crate::docs::protocol::keys#31-the-keys-of-a-merchant
/// [§4]: crate::docs::protocol::encryption
#[derive(Clone)]
pub struct ApiV3Key(Zeroizing<[u8; AES_KEY_LENGTH]>);

impl ApiV3Key {
    /// Takes the key as text, exactly as it was set.
    ///
    /// # Errors
    /// * [`KeyProblem::ApiV3KeyLength`] unless the key has 32 bytes.
    /// * [`KeyProblem::NotAscii`] if a byte is not ASCII.
    /// * [`KeyProblem::WrongKind`] for a key in quotation marks, in Base64 or with white space around it, and for
    ///   another item such as a certificate.
    pub fn new(key: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::check(key.as_ref()).map_err(|problem| KeyError::new(KeyItem::ApiV3Key, problem))
    }

    /// Reads the key from a file, such as a mounted secret. Line ends after the key are ignored.
    ///
    /// # Errors
    /// As [`ApiV3Key::new`], and when the file cannot be read. The error names the file.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let path = path.as_ref();
        if is_secret(path) && !path.exists() {
            return Err(KeyError::new(KeyItem::ApiV3Key, KeyProblem::NotAPath));
        }
        let content = read::read_file(KeyItem::ApiV3Key, path)?;
        let mut key = content.as_slice();
        while let [rest @ .., b'\n' | b'\r'] = key {
            key = rest;
        }
        Self::new(key).map_err(|error| error.in_file(path))
    }

    pub(crate) fn as_bytes(&self) -> &[u8; AES_KEY_LENGTH] {
        &self.0
    }

    /// Derives the key of SM4: the first half of the SM3 digest of the key ([protocol §4]).
    ///
    /// [protocol §4]: crate::docs::protocol::encryption
    pub(crate) fn to_sm4(&self) -> Zeroizing<[u8; SM4_KEY_LENGTH]> {
        let mut key = Zeroizing::new([0; SM4_KEY_LENGTH]);
        let digest = Zeroizing::new(<[u8; 32]>::from(Sm3::digest(self.as_bytes())));
        for (place, byte) in key.iter_mut().zip(digest.iter()) {
            *place = *byte;
        }
        key
    }

    fn check(key: &[u8]) -> Result<Self, KeyProblem> {
        let Ok(bytes) = <[u8; AES_KEY_LENGTH]>::try_from(key) else {
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

/// The merchant's APIv2 key: 32 ASCII characters, set on the merchant platform ([protocol §9.3]).
///
/// It is another key than the APIv3 key, and signs jumps of PayScore, coupons and red packets. `Debug` does not show
/// the key, and dropping it wipes the memory.
///
/// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
#[derive(Clone)]
pub struct ApiV2Key(Zeroizing<String>);

impl ApiV2Key {
    /// Takes the key as text, exactly as it was set.
    ///
    /// # Errors
    /// * [`KeyProblem::ApiV2KeyLength`] unless the key has 32 bytes.
    /// * [`KeyProblem::NotAscii`] if a byte is not ASCII.
    /// * [`KeyProblem::WrongKind`] for a key in quotation marks, in Base64 or with white space around it.
    pub fn new(key: impl AsRef<str>) -> Result<Self, KeyError> {
        Self::check(key.as_ref()).map_err(|problem| KeyError::new(KeyItem::ApiV2Key, problem))
    }

    /// Signs `fields` with HMAC-SHA256, in upper-case hexadecimal ([protocol §9.3]).
    ///
    /// Values are raw, not percent-encoded. Empty values and a field `sign` are not signed.
    ///
    /// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
    #[must_use]
    pub fn hmac_sha256(&self, fields: &[(&str, &str)]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_bytes());
        upper_hex(hmac::sign(&key, self.message(fields).as_bytes()).as_ref())
    }

    /// Signs `fields` with MD5, in upper-case hexadecimal ([protocol §9.3]). Only red packets use it.
    ///
    /// Values are raw, not percent-encoded. Empty values and a field `sign` are not signed.
    ///
    /// [protocol §9.3]: crate::docs::protocol::invocation#93-signatures-with-the-apiv2-key
    #[must_use]
    pub fn md5(&self, fields: &[(&str, &str)]) -> String {
        upper_hex(&Md5::digest(self.message(fields).as_bytes()))
    }

    /// The fields in ASCII order, with the key as the last field.
    fn message(&self, fields: &[(&str, &str)]) -> Zeroizing<String> {
        let counts = |(name, value): &&(&str, &str)| !value.is_empty() && *name != "sign";
        let mut fields: Vec<_> = fields.iter().filter(counts).collect();
        fields.sort_unstable();
        let length: usize =
            fields.iter().map(|(name, value)| name.len() + value.len() + "=&".len()).sum();
        // Room for all of it: a reallocation would leave a copy of the key behind.
        let mut message =
            Zeroizing::new(String::with_capacity(length + "key=".len() + APIV2_LENGTH));
        for (name, value) in fields {
            message.extend([name, "=", value, "&"]);
        }
        message.extend(["key=", self.0.as_str()]);
        message
    }

    fn check(key: &str) -> Result<Self, KeyProblem> {
        if let Some(found) = mistaken_secret(key.as_bytes()).filter(|_| key.len() != APIV2_LENGTH) {
            return Err(KeyProblem::WrongKind { found: found.to_owned() });
        }
        if !key.is_ascii() {
            return Err(KeyProblem::NotAscii);
        }
        if key.len() != APIV2_LENGTH {
            let line_end = key.ends_with('\n');
            return Err(KeyProblem::ApiV2KeyLength { bytes: key.len(), line_end });
        }
        Ok(Self(Zeroizing::new(key.to_owned())))
    }
}

impl fmt::Debug for ApiV2Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiV2Key([redacted])")
    }
}

fn upper_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

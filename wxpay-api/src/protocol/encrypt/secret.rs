//! Sensitive values: plain in the program, encrypted on the wire.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::protocol::{DecryptError, EncryptError, EncryptionKey, Merchant};

/// A sensitive text, such as a name or a phone number ([protocol §5]).
///
/// A secret made from a text is plain; the client encrypts it when it sends it. A received secret is encrypted until
/// the merchant's key decrypts it. If that fails, it keeps the ciphertext and the reason.
///
/// `Debug` never shows the text, there is no `Display`, and the memory is wiped when dropped.
///
/// [protocol §5]: crate::docs::protocol::encryption#5-sensitive-fields
#[derive(Clone, Default)]
pub struct Secret(SecretState<String>);

/// Sensitive bytes, such as the key of an encrypted bill ([protocol §7.4]).
///
/// They behave like a [`Secret`], but need not be text.
///
/// [protocol §7.4]: crate::docs::protocol::downloads#74-encrypted-bills
#[derive(Clone, Default)]
pub struct SecretBytes(SecretState<Vec<u8>>);

#[derive(Clone)]
enum SecretState<T: Zeroize> {
    Plain(Zeroizing<T>),
    Encrypted { ciphertext: String, reason: DecryptError },
}

impl Secret {
    /// Makes a secret of the Base64 that was received; it is not decrypted yet. Empty text makes an empty plain secret.
    #[must_use]
    pub fn encrypted(ciphertext: impl Into<String>) -> Self {
        Self(SecretState::encrypted(ciphertext.into()))
    }

    /// Returns the text, or `None` while it is encrypted.
    #[must_use]
    pub fn plaintext(&self) -> Option<&str> {
        self.reveal().ok()
    }

    /// Returns the text, or why it is still encrypted.
    ///
    /// # Errors
    /// [`DecryptError`] says why.
    pub fn reveal(&self) -> Result<&str, DecryptError> {
        self.0.reveal().map(String::as_str)
    }

    /// Whether the value is still encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.ciphertext().is_some()
    }

    /// Whether the value is plain and empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.reveal().is_ok_and(str::is_empty)
    }

    /// Returns the Base64 as it was received, or `None` once it is decrypted.
    #[must_use]
    pub fn ciphertext(&self) -> Option<&str> {
        self.0.ciphertext()
    }

    /// Decrypts the value in place with the merchant's key, and returns whether it is plain now.
    ///
    /// [`reveal`](Secret::reveal) returns the reason of a failure. A character that was cut in its middle becomes U+FFFD.
    pub fn decrypt_with(&mut self, merchant: &Merchant) -> bool {
        self.decrypt_lossily(merchant);
        !self.is_encrypted()
    }

    /// As [`Secret::decrypt_with`], but returns whether characters were lost.
    pub(crate) fn decrypt_lossily(&mut self, merchant: &Merchant) -> bool {
        let mut is_broken = false;
        let is_plain = self.0.decrypt_with(merchant, |bytes| {
            is_broken = str::from_utf8(&bytes).is_err();
            text(&bytes)
        });
        is_plain && is_broken
    }

    /// Encrypts the text for WeChat Pay, in Base64. An empty text stays empty.
    ///
    /// # Errors
    /// [`EncryptError::TooLong`] above 214 bytes with RSA, [`EncryptError::StillEncrypted`] if it was never decrypted.
    pub fn encrypt_with(&self, key: &EncryptionKey<'_>) -> Result<String, EncryptError> {
        key.encrypt(self.reveal().map_err(EncryptError::StillEncrypted)?.as_bytes())
    }
}

impl SecretBytes {
    /// Makes a secret of the Base64 that was received; it is not decrypted yet. Empty text makes an empty plain secret.
    #[must_use]
    pub fn encrypted(ciphertext: impl Into<String>) -> Self {
        Self(SecretState::encrypted(ciphertext.into()))
    }

    /// Returns the bytes, or `None` while they are encrypted.
    #[must_use]
    pub fn plaintext(&self) -> Option<&[u8]> {
        self.reveal().ok()
    }

    /// Returns the bytes, or why they are still encrypted.
    ///
    /// # Errors
    /// [`DecryptError`] says why.
    pub fn reveal(&self) -> Result<&[u8], DecryptError> {
        self.0.reveal().map(Vec::as_slice)
    }

    /// Whether the value is still encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.ciphertext().is_some()
    }

    /// Whether the value is plain and empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.reveal().is_ok_and(<[u8]>::is_empty)
    }

    /// Returns the Base64 as it was received, or `None` once it is decrypted.
    #[must_use]
    pub fn ciphertext(&self) -> Option<&str> {
        self.0.ciphertext()
    }

    /// Decrypts the value in place with the merchant's key, and returns whether it is plain now.
    ///
    /// [`reveal`](SecretBytes::reveal) returns the reason of a failure.
    pub fn decrypt_with(&mut self, merchant: &Merchant) -> bool {
        self.0.decrypt_with(merchant, Ok)
    }

    /// Encrypts the bytes for WeChat Pay, in Base64. Without bytes the text is empty.
    ///
    /// # Errors
    /// [`EncryptError::TooLong`] above 214 bytes with RSA, [`EncryptError::StillEncrypted`] if it was never decrypted.
    pub fn encrypt_with(&self, key: &EncryptionKey<'_>) -> Result<String, EncryptError> {
        key.encrypt(self.reveal().map_err(EncryptError::StillEncrypted)?)
    }
}

impl<T: Default + Zeroize> SecretState<T> {
    fn encrypted(ciphertext: String) -> Self {
        if ciphertext.is_empty() {
            return Self::default();
        }
        Self::Encrypted { ciphertext, reason: DecryptError::NotTried }
    }

    fn reveal(&self) -> Result<&T, DecryptError> {
        match self {
            Self::Plain(value) => Ok(value),
            Self::Encrypted { reason, .. } => Err(*reason),
        }
    }

    fn ciphertext(&self) -> Option<&str> {
        match self {
            Self::Plain(_) => None,
            Self::Encrypted { ciphertext, .. } => Some(ciphertext),
        }
    }

    fn decrypt_with(
        &mut self,
        merchant: &Merchant,
        read: impl FnOnce(Zeroizing<Vec<u8>>) -> Result<Zeroizing<T>, DecryptError>,
    ) -> bool {
        let Self::Encrypted { ciphertext, reason } = self else {
            return true;
        };
        match merchant.decrypt(ciphertext).and_then(read) {
            Ok(value) => {
                *self = Self::Plain(value);
                true
            }
            Err(why) => {
                *reason = why;
                false
            }
        }
    }
}

impl<T: Default + Zeroize> Default for SecretState<T> {
    fn default() -> Self {
        Self::Plain(Zeroizing::default())
    }
}

impl<T: Zeroize> fmt::Debug for SecretState<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(_) => formatter.write_str("[redacted]"),
            Self::Encrypted { reason, .. } => write!(formatter, "[encrypted: {reason:?}]"),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Secret").field(&self.0).finish()
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("SecretBytes").field(&self.0).finish()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(SecretState::Plain(Zeroizing::new(text)))
    }
}

impl From<Zeroizing<String>> for Secret {
    fn from(text: Zeroizing<String>) -> Self {
        Self(SecretState::Plain(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&String> for Secret {
    fn from(text: &String) -> Self {
        text.clone().into()
    }
}

impl From<Vec<u8>> for SecretBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(SecretState::Plain(Zeroizing::new(bytes)))
    }
}

impl From<&[u8]> for SecretBytes {
    fn from(bytes: &[u8]) -> Self {
        bytes.to_vec().into()
    }
}

impl<const LENGTH: usize> From<[u8; LENGTH]> for SecretBytes {
    fn from(mut bytes: [u8; LENGTH]) -> Self {
        let copy = bytes.to_vec();
        bytes.zeroize();
        copy.into()
    }
}

/// The bytes as text, without a copy that is not wiped. Bytes without any character are an error.
fn text(bytes: &[u8]) -> Result<Zeroizing<String>, DecryptError> {
    // Room for the worst case, in which each broken byte becomes three: a reallocation would leave a copy behind.
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 3));
    let mut is_text = bytes.is_empty();
    for chunk in bytes.utf8_chunks() {
        is_text |= !chunk.valid().is_empty();
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    if is_text { Ok(text) } else { Err(DecryptError::Utf8) }
}

//! Sensitive fields: sealed for WeChat Pay in requests, for the merchant in answers (docs/protocol/encryption.md §5).

use thiserror::Error;

use super::PublicKey;

/// The WeChat Pay key that seals the fields of a request, with its id.
///
/// The id goes into the request's `Wechatpay-Serial` header, so that both name the same key ([protocol §3.4]).
///
/// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
#[derive(Clone, Copy, Debug)]
pub struct EncryptionKey<'a> {
    id: &'a str,
    key: &'a PublicKey,
}

impl<'a> EncryptionKey<'a> {
    pub(crate) fn new(id: &'a str, key: &'a PublicKey) -> Self {
        Self { id, key }
    }

    /// `PUB_KEY_ID_…` or a certificate's serial number.
    #[must_use]
    pub fn id(&self) -> &'a str {
        self.id
    }

    /// Seals one field, in Base64; an empty text stays empty.
    ///
    /// # Errors
    /// [`EncryptError::TooLong`] above 214 bytes with RSA.
    pub fn encrypt(&self, plaintext: &[u8]) -> Result<String, EncryptError> {
        self.key.encrypt(plaintext)
    }
}

/// Why a sensitive field cannot be sealed.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum EncryptError {
    /// Longer than one RSA block.
    #[error("a sensitive field has at most 214 bytes of UTF-8, and this one has {bytes}")]
    TooLong {
        /// The length it has.
        bytes: usize,
    },
    /// A field of an answer that never opened was put into a request.
    #[error("the sensitive field is still sealed as WeChat Pay sent it: {0}")]
    StillEncrypted(DecryptError),
    /// The cryptographic library failed.
    #[error("the cryptographic library did not encrypt")]
    Crypto,
}

/// Why a sensitive field of an answer does not open.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum DecryptError {
    /// Nobody tried.
    #[error("it was not yet opened with the merchant's private key")]
    NotTried,
    /// It is not Base64.
    #[error("it is not Base64; perhaps it came unencrypted")]
    Base64,
    /// It does not have the length of one RSA block.
    #[error("it has {bytes} bytes where a ciphertext has 256; perhaps it came unencrypted")]
    Length {
        /// The length it has.
        bytes: usize,
    },
    /// It is not DER of the four members of an SM2 ciphertext.
    #[error("it is not an SM2 ciphertext in DER; perhaps it came unencrypted")]
    Structure,
    /// It was sealed for another key.
    #[error(
        "the merchant's private key does not open it: it was sealed for another merchant certificate"
    )]
    Decrypt,
    /// It opened, and not one character inside is text.
    #[error("it opened, but what is inside is not UTF-8 text")]
    Utf8,
}

/// There is no WeChat Pay key to seal with.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum NoEncryptionKey {
    /// No key at all.
    #[error(
        "no WeChat Pay key is held; give the WeChat Pay public key with its id, or a platform certificate"
    )]
    NoneHeld,
    /// Certificates only, and none valid now.
    #[error("no platform certificate is valid at this time (held: {}); give a current one, and check this machine's clock", held.join(", "))]
    NoneValid {
        /// The serial numbers of the certificates held.
        held: Vec<String>,
    },
}

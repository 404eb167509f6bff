//! Why a key does not sign, encrypt or decrypt.

use thiserror::Error;

/// A failure of the cryptographic library that ordinary input never causes.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum CryptoError {
    /// The operating system returned no random bytes.
    #[error("the operating system returned no random bytes")]
    Random,
    /// The library did not sign.
    #[error("the cryptographic library did not sign")]
    Sign,
}

/// Why a sensitive field cannot be encrypted.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum EncryptError {
    /// The text is longer than one RSA block.
    #[error("a sensitive field has at most 214 bytes of UTF-8, and this one has {bytes}")]
    TooLong {
        /// The length in bytes.
        bytes: usize,
    },
    /// A field of a response, never decrypted, was put into a request.
    #[error("the sensitive field is still encrypted as WeChat Pay sent it: {0}")]
    StillEncrypted(DecryptError),
    /// The cryptographic library failed.
    #[error("the cryptographic library did not encrypt")]
    Crypto,
}

/// Why a sensitive field of a response is still encrypted.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum DecryptError {
    /// The program did not try yet.
    #[error("it was not yet decrypted with the merchant's private key")]
    NotTried,
    /// The text is not Base64.
    #[error("it is not Base64; perhaps it came unencrypted")]
    Base64,
    /// The length is not that of one RSA block.
    #[error("it has {bytes} bytes where a ciphertext has 256; perhaps it came unencrypted")]
    Length {
        /// The length in bytes.
        bytes: usize,
    },
    /// The bytes are not an SM2 ciphertext in DER.
    #[error("it is not an SM2 ciphertext in DER; perhaps it came unencrypted")]
    Structure,
    /// The field was encrypted for another key.
    #[error(
        "the merchant's private key does not decrypt it: it was encrypted for another merchant certificate"
    )]
    Decrypt,
    /// The plaintext has not one character of UTF-8.
    #[error("it was decrypted, but the plaintext is not UTF-8")]
    Utf8,
}

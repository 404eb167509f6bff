//! The private key: it signs, and decrypts fields that were encrypted for its public key.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::read::pem::{self, Block};
use super::read::{KeySource, asn1};
use super::rsa::RsaPrivateKey;
use super::sm2::Sm2PrivateKey;
use crate::protocol::scheme::Family;
use crate::protocol::{CryptoError, DecryptError, KeyError, KeyItem, KeyProblem, PublicKey};

/// A private key: RSA of 2048 bits, or with the feature `sm` SM2.
///
/// Clones share the key. `Debug` does not show it, and dropping the last clone wipes the memory.
#[derive(Clone)]
pub struct PrivateKey(Arc<KeyPair>);

struct KeyPair {
    secret: PrivateAlgorithm,
    public: PublicKey,
}

enum PrivateAlgorithm {
    Rsa(RsaPrivateKey),
    Sm2(Sm2PrivateKey),
}

impl PrivateKey {
    /// Reads a PEM private key: PKCS#8 (`BEGIN PRIVATE KEY`), or for RSA also PKCS#1 (`BEGIN RSA PRIVATE KEY`).
    ///
    /// [Protocol §1.5] and [§1.6] describe the keys. The text may be mangled as environment variables and databases do it:
    /// line ends written out as `\n` or replaced by spaces, the whole PEM in Base64, the Base64 inside alone, UTF-16.
    ///
    /// # Errors
    /// [`KeyError`] for any other text, for an encrypted key, and for an RSA key that does not have 2048 bits.
    ///
    /// [Protocol §1.5]: crate::docs::protocol::signing#15-rsa-signatures
    /// [§1.6]: crate::docs::protocol::signing#16-sm2-signatures
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::parse(pem.as_ref()).map_err(|problem| KeyError::new(KeyItem::PrivateKey, problem))
    }

    /// Reads a PEM private key from a file.
    ///
    /// # Errors
    /// As [`PrivateKey::from_pem`], and when the file cannot be read.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let file = KeySource::File(path.as_ref());
        Self::from_pem(file.read(KeyItem::PrivateKey)?).map_err(|error| file.blame(error))
    }

    /// Signs a message, in Base64: RSASSA-PKCS1-v1_5 with SHA-256 ([protocol §1.5]), or SM2 with SM3 in DER ([§1.6]).
    ///
    /// # Errors
    /// [`CryptoError::Sign`] when the cryptographic library fails.
    ///
    /// [protocol §1.5]: crate::docs::protocol::signing#15-rsa-signatures
    /// [§1.6]: crate::docs::protocol::signing#16-sm2-signatures
    pub fn sign(&self, message: &[u8]) -> Result<String, CryptoError> {
        self.signature(message).map(|signature| STANDARD.encode(signature))
    }

    /// Decrypts a sensitive field that was encrypted for this key ([protocol §5]).
    ///
    /// The field is Base64 of RSA-OAEP with SHA-1, or of SM2 in DER.
    ///
    /// # Errors
    /// [`DecryptError`] says why the field does not decrypt.
    ///
    /// [protocol §5]: crate::docs::protocol::encryption#5-sensitive-fields
    pub fn decrypt(&self, ciphertext: &str) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        let ciphertext = STANDARD.decode(ciphertext).map_err(|_| DecryptError::Base64)?;
        match &self.0.secret {
            PrivateAlgorithm::Rsa(key) => key.decrypt(&ciphertext),
            PrivateAlgorithm::Sm2(key) => key.decrypt(&ciphertext),
        }
    }

    /// The public key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.0.public
    }

    pub(crate) fn signature(&self, message: &[u8]) -> Result<Vec<u8>, CryptoError> {
        match &self.0.secret {
            PrivateAlgorithm::Rsa(key) => key.sign(message),
            PrivateAlgorithm::Sm2(key) => key.sign(message),
        }
    }

    /// Writes the key as unencrypted PKCS#8.
    #[cfg(feature = "sandbox")]
    pub(crate) fn to_pkcs8(&self) -> Option<Zeroizing<Vec<u8>>> {
        match &self.0.secret {
            PrivateAlgorithm::Rsa(key) => key.to_pkcs8(),
            PrivateAlgorithm::Sm2(key) => key.to_pkcs8(),
        }
    }

    #[cfg(feature = "sandbox")]
    pub(crate) fn generate_rsa() -> Result<Self, KeyProblem> {
        Self::rsa(RsaPrivateKey::generate()?)
    }

    #[cfg(all(feature = "sandbox", feature = "sm"))]
    pub(crate) fn generate_sm2() -> Result<Self, KeyProblem> {
        Self::sm2(Sm2PrivateKey::generate()?)
    }

    fn rsa(key: RsaPrivateKey) -> Result<Self, KeyProblem> {
        let public = PublicKey::from_spki(&key.to_spki()?)?;
        Ok(Self(Arc::new(KeyPair { secret: PrivateAlgorithm::Rsa(key), public })))
    }

    fn sm2(key: Sm2PrivateKey) -> Result<Self, KeyProblem> {
        let public = PublicKey::from_spki(&key.to_spki()?)?;
        Ok(Self(Arc::new(KeyPair { secret: PrivateAlgorithm::Sm2(key), public })))
    }

    fn parse(pem: &[u8]) -> Result<Self, KeyProblem> {
        let Block { label, der } = pem::only_block(pem)?;
        match label.as_str() {
            "PRIVATE KEY" => Self::from_pkcs8(&der),
            "RSA PRIVATE KEY" => Self::rsa(RsaPrivateKey::from_pkcs1(&der)?),
            "EC PRIVATE KEY" => {
                Err(KeyProblem::NotRsa { algorithm: "an elliptic-curve key".to_owned() })
            }
            other => Err(KeyProblem::WrongKind { found: pem::describe(other) }),
        }
    }

    fn from_pkcs8(der: &[u8]) -> Result<Self, KeyProblem> {
        match asn1::private_key(der)? {
            (Family::Rsa, key) => Self::rsa(RsaPrivateKey::from_pkcs1(key)?),
            (Family::Sm2, _) => Self::sm2(Sm2PrivateKey::from_pkcs8(der)?),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PrivateKey([redacted])")
    }
}

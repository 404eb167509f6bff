//! The public key: it verifies signatures, and encrypts fields for its owner.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::read::pem::{self, Block};
use super::read::{KeySource, asn1};
use super::rsa::{self, RsaPublicKey};
use super::sm2::Sm2PublicKey;
use crate::protocol::scheme::Family;
use crate::protocol::{EncryptError, KeyError, KeyItem, KeyProblem};

/// A public key: RSA of 2048 bits, or with the feature `sm` SM2.
///
/// Clones share the key. Two values are equal when they are the same key.
#[derive(Clone)]
pub struct PublicKey(Arc<EncodedKey>);

struct EncodedKey {
    algorithm: PublicAlgorithm,
    spki: Vec<u8>,
}

enum PublicAlgorithm {
    Rsa(RsaPublicKey),
    Sm2(Sm2PublicKey),
}

impl PublicKey {
    /// Reads a PEM public key: SPKI (`BEGIN PUBLIC KEY`), or for RSA also PKCS#1 (`BEGIN RSA PUBLIC KEY`)
    /// ([protocol §3.1]).
    ///
    /// The text may be mangled, as [`PrivateKey::from_pem`](crate::protocol::PrivateKey::from_pem) says.
    ///
    /// # Errors
    /// [`KeyError`] for any other text, and for an RSA key that does not have 2048 bits.
    ///
    /// [protocol §3.1]: crate::docs::protocol::keys#31-the-keys-of-a-merchant
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::parse(pem.as_ref()).map_err(|problem| KeyError::new(KeyItem::PublicKey, problem))
    }

    /// Reads a PEM public key from a file.
    ///
    /// # Errors
    /// As [`PublicKey::from_pem`], and when the file cannot be read.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let file = KeySource::File(path.as_ref());
        Self::from_pem(file.read(KeyItem::PublicKey)?).map_err(|error| file.blame(error))
    }

    /// Whether this key made `signature` over `message` ([protocol §2.2]).
    ///
    /// The signature is strict Base64 of RSASSA-PKCS1-v1_5 with SHA-256, or of SM2 with SM3 in DER.
    ///
    /// [protocol §2.2]: crate::docs::protocol::verification#22-the-message
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &str) -> bool {
        STANDARD.decode(signature).is_ok_and(|signature| match &self.0.algorithm {
            PublicAlgorithm::Rsa(key) => key.verify(message, &signature),
            PublicAlgorithm::Sm2(key) => key.verify(message, &signature),
        })
    }

    /// Encrypts a sensitive field for the key's owner, in Base64 ([protocol §5]).
    ///
    /// The algorithm is RSA-OAEP with SHA-1, or SM2 in DER. An empty text stays empty.
    ///
    /// # Errors
    /// [`EncryptError::TooLong`] above 214 bytes with RSA.
    ///
    /// [protocol §5]: crate::docs::protocol::encryption#5-sensitive-fields
    pub fn encrypt(&self, plaintext: &[u8]) -> Result<String, EncryptError> {
        if plaintext.is_empty() {
            return Ok(String::new());
        }
        let ciphertext = match &self.0.algorithm {
            PublicAlgorithm::Rsa(key) => key.encrypt(plaintext)?,
            PublicAlgorithm::Sm2(key) => key.encrypt(plaintext)?,
        };
        Ok(STANDARD.encode(ciphertext))
    }

    pub(crate) fn family(&self) -> Family {
        match &self.0.algorithm {
            PublicAlgorithm::Rsa(_) => Family::Rsa,
            PublicAlgorithm::Sm2(_) => Family::Sm2,
        }
    }

    pub(crate) fn from_spki(spki: &[u8]) -> Result<Self, KeyProblem> {
        let (algorithm, spki) = match asn1::public_key(spki)? {
            Family::Rsa => (PublicAlgorithm::Rsa(RsaPublicKey::from_spki(spki)?), spki.to_vec()),
            Family::Sm2 => {
                let key = Sm2PublicKey::from_spki(spki)?;
                // A point has several encodings. Keys are compared by the encoding that the library writes.
                let spki = key.to_spki()?;
                (PublicAlgorithm::Sm2(key), spki)
            }
        };
        Ok(Self(Arc::new(EncodedKey { algorithm, spki })))
    }

    /// The key as `SubjectPublicKeyInfo`.
    #[cfg(feature = "sandbox")]
    pub(crate) fn spki(&self) -> &[u8] {
        &self.0.spki
    }

    fn parse(pem: &[u8]) -> Result<Self, KeyProblem> {
        let Block { label, der } = pem::only_block(pem)?;
        match label.as_str() {
            "PUBLIC KEY" => Self::from_spki(&der),
            "RSA PUBLIC KEY" => Self::from_spki(&rsa::spki_of_pkcs1(&der)?),
            other => Err(KeyProblem::WrongKind { found: pem::describe(other) }),
        }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.spki == other.0.spki
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.family() {
            Family::Rsa => "PublicKey(RSA, 2048 bits)",
            Family::Sm2 => "PublicKey(SM2)",
        })
    }
}

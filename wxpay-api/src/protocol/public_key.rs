//! RSA public keys: they verify signatures, and seal for their owner.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OaepPublicEncryptingKey, PublicEncryptingKey, PublicKey as AnyPublicKey,
};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::pem::{self, Block};
use super::{KeyError, KeyItem, KeyProblem, SealError, asn1};

/// An RSA public key of 2048 bits.
///
/// Cloning shares the key; two are equal when they are the same key.
#[derive(Clone)]
pub struct PublicKey(Arc<Parts>);

struct Parts {
    verifying: ParsedPublicKey,
    sealing: OaepPublicEncryptingKey,
    spki: Vec<u8>,
}

impl PublicKey {
    /// Reads a PEM public key, SPKI (`BEGIN PUBLIC KEY`) or PKCS#1 (`BEGIN RSA PUBLIC KEY`), PROTOCOL §3.1.
    ///
    /// # Errors
    /// [`KeyError`] for anything else, a key that is not RSA with 2048 bits included.
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::parse(pem.as_ref()).map_err(|problem| KeyError::new(KeyItem::PublicKey, problem))
    }

    /// Reads a PEM public key from a file.
    ///
    /// # Errors
    /// As [`PublicKey::from_pem`], and when the file cannot be read.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let path = path.as_ref();
        Self::from_pem(pem::read(KeyItem::PublicKey, path)?).map_err(|error| error.in_file(path))
    }

    /// Whether `signature`, strict Base64, is this key's RSASSA-PKCS1-v1_5 signature with SHA-256 (PROTOCOL §2.2).
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &str) -> bool {
        STANDARD
            .decode(signature)
            .is_ok_and(|signature| self.0.verifying.verify_sig(message, &signature).is_ok())
    }

    /// Seals a sensitive field for the key's owner: RSA-OAEP with SHA-1, in Base64 (PROTOCOL §5).
    ///
    /// An empty text stays empty.
    ///
    /// # Errors
    /// [`SealError::TooLong`] above 214 bytes.
    pub fn seal(&self, plaintext: &[u8]) -> Result<String, SealError> {
        if plaintext.is_empty() {
            return Ok(String::new());
        }
        let key = &self.0.sealing;
        if plaintext.len() > key.max_plaintext_size(&OAEP_SHA1_MGF1SHA1) {
            return Err(SealError::TooLong { bytes: plaintext.len() });
        }
        let mut ciphertext = vec![0; key.ciphertext_size()];
        let ciphertext = key
            .encrypt(&OAEP_SHA1_MGF1SHA1, plaintext, &mut ciphertext, None)
            .map_err(|_| SealError::Crypto)?;
        Ok(STANDARD.encode(ciphertext))
    }

    pub(crate) fn from_spki(spki: &[u8]) -> Result<Self, KeyProblem> {
        asn1::check_public_key(spki)?;
        let verifying = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki)
            .map_err(|_| KeyProblem::Malformed)?;
        let sealing = PublicEncryptingKey::from_der(spki).map_err(|_| KeyProblem::Malformed)?;
        let sealing = OaepPublicEncryptingKey::new(sealing).map_err(|_| KeyProblem::Malformed)?;
        Ok(Self(Arc::new(Parts { verifying, sealing, spki: spki.to_vec() })))
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
            "RSA PUBLIC KEY" => Self::from_pkcs1(&der),
            other => Err(KeyProblem::WrongKind { found: pem::describe(other) }),
        }
    }

    fn from_pkcs1(der: &[u8]) -> Result<Self, KeyProblem> {
        asn1::check_rsa_public_key(der)?;
        let key = AnyPublicKey::from_der(der).map_err(|_| KeyProblem::Malformed)?;
        let spki: PublicKeyX509Der<'static> = key.as_der().map_err(|_| KeyProblem::Malformed)?;
        Self::from_spki(spki.as_ref())
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
        formatter.write_str("PublicKey(RSA, 2048 bits)")
    }
}

//! RSA private keys: they sign, and open what was sealed for them.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;
use zeroize::Zeroizing;

use super::pem::{self, Block};
use super::{KeyError, KeyItem, KeyProblem, OpenError, PublicKey, asn1};

/// An RSA private key of 2048 bits.
///
/// Cloning shares the key. `Debug` does not show it.
#[derive(Clone)]
pub struct PrivateKey(Arc<Parts>);

struct Parts {
    signing: KeyPair,
    opening: OaepPrivateDecryptingKey,
    public: PublicKey,
}

/// The cryptographic library failed where it never should.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum CryptoError {
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random,
    /// The library did not sign.
    #[error("the cryptographic library did not sign")]
    Sign,
}

impl PrivateKey {
    /// Reads a PEM private key, PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE KEY`), PROTOCOL §1.5.
    ///
    /// # Errors
    /// [`KeyError`] for anything else, an encrypted key and a key that is not RSA with 2048 bits included.
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::parse(pem.as_ref()).map_err(|problem| KeyError::new(KeyItem::PrivateKey, problem))
    }

    /// Reads a PEM private key from a file.
    ///
    /// # Errors
    /// As [`PrivateKey::from_pem`], and when the file cannot be read.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let path = path.as_ref();
        Self::from_pem(pem::read(KeyItem::PrivateKey, path)?).map_err(|error| error.in_file(path))
    }

    /// Signs with RSASSA-PKCS1-v1_5 and SHA-256, in Base64 (PROTOCOL §1.5).
    ///
    /// # Errors
    /// [`CryptoError::Sign`] when the cryptographic library fails.
    pub fn sign(&self, message: &[u8]) -> Result<String, CryptoError> {
        self.signature(message).map(|signature| STANDARD.encode(signature))
    }

    /// Opens a sensitive field that was sealed for this key: Base64 of RSA-OAEP with SHA-1 (PROTOCOL §5).
    ///
    /// # Errors
    /// [`OpenError`] says why it does not open.
    pub fn open(&self, ciphertext: &str) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let ciphertext = STANDARD.decode(ciphertext).map_err(|_| OpenError::Base64)?;
        let size = self.0.opening.key_size_bytes();
        if ciphertext.len() != size {
            return Err(OpenError::Length { bytes: ciphertext.len() });
        }
        let mut plaintext = Zeroizing::new(vec![0; size]);
        let length = self
            .0
            .opening
            .decrypt(&OAEP_SHA1_MGF1SHA1, &ciphertext, &mut plaintext, None)
            .map_err(|_| OpenError::Decrypt)?
            .len();
        plaintext.truncate(length);
        Ok(plaintext)
    }

    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.0.public
    }

    pub(crate) fn signature(&self, message: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let key = &self.0.signing;
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| CryptoError::Sign)?;
        Ok(signature)
    }

    /// The key as unencrypted PKCS#8.
    #[cfg(feature = "sandbox")]
    pub(crate) fn to_pkcs8(&self) -> Option<Pkcs8V1Der<'static>> {
        self.0.signing.as_der().ok()
    }

    pub(crate) fn from_key_pair(signing: KeyPair) -> Result<Self, KeyProblem> {
        let pkcs8: Pkcs8V1Der<'static> = signing.as_der().map_err(|_| KeyProblem::Malformed)?;
        let opening =
            PrivateDecryptingKey::from_pkcs8(pkcs8.as_ref()).map_err(|_| KeyProblem::Malformed)?;
        let opening = OaepPrivateDecryptingKey::new(opening).map_err(|_| KeyProblem::Malformed)?;
        let spki: PublicKeyX509Der<'static> =
            signing.public_key().as_der().map_err(|_| KeyProblem::Malformed)?;
        let public = PublicKey::from_spki(spki.as_ref())?;
        Ok(Self(Arc::new(Parts { signing, opening, public })))
    }

    fn parse(pem: &[u8]) -> Result<Self, KeyProblem> {
        let Block { label, der } = pem::only_block(pem)?;
        let key = match label.as_str() {
            "PRIVATE KEY" => asn1::rsa_private_key(&der)?,
            "RSA PRIVATE KEY" => &der,
            "EC PRIVATE KEY" => {
                return Err(KeyProblem::NotRsa { algorithm: "an elliptic-curve key".to_owned() });
            }
            other => {
                return Err(KeyProblem::WrongKind { found: pem::describe(other) });
            }
        };
        asn1::check_rsa_private_key(key)?;
        Self::from_key_pair(KeyPair::from_der(key).map_err(|_| KeyProblem::Malformed)?)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PrivateKey([redacted])")
    }
}

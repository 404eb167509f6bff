//! SM2: signatures over SM3 ([protocol §1.6]), and encryption as C1‖C3‖C2 ([§5]), both in DER.
//!
//! [protocol §1.6]: crate::docs::protocol::signing#16-sm2-signatures
//! [§5]: crate::docs::protocol::encryption#5-sensitive-fields

use sm2::dsa::signature::{RandomizedSigner, Verifier};
use sm2::dsa::{Signature, SigningKey, VerifyingKey};
use sm2::elliptic_curve::common::getrandom::SysRng;
use sm2::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePublicKey};
use sm2::pke::{Cipher, DecryptingKey, EncryptingKey, Mode};
use sm2::{PublicKey, SecretKey};
use x509_cert::der::Decode;
use zeroize::Zeroizing;

use crate::protocol::{CryptoError, DecryptError, EncryptError, KeyProblem};

/// The signer's id, the same for every signer.
const SIGNER_ID: &str = "1234567812345678";

/// The secret number. The types that sign and decrypt are made for each use, because dropping them wipes nothing.
pub(super) struct Sm2PrivateKey(SecretKey);

pub(super) struct Sm2PublicKey {
    point: PublicKey,
    verifying: VerifyingKey,
}

impl Sm2PrivateKey {
    /// Reads a `PrivateKeyInfo` (PKCS#8). A public key inside is optional, and must match the private key.
    pub(super) fn from_pkcs8(der: &[u8]) -> Result<Self, KeyProblem> {
        SecretKey::from_pkcs8_der(der).map(Self).map_err(|_| KeyProblem::Malformed)
    }

    #[cfg(feature = "sandbox")]
    pub(super) fn generate() -> Result<Self, KeyProblem> {
        use sm2::elliptic_curve::Generate;

        SecretKey::try_generate().map(Self).map_err(|_| KeyProblem::Malformed)
    }

    /// Writes the public key as `SubjectPublicKeyInfo`.
    pub(super) fn to_spki(&self) -> Result<Vec<u8>, KeyProblem> {
        to_spki(&self.0.public_key())
    }

    #[cfg(feature = "sandbox")]
    pub(super) fn to_pkcs8(&self) -> Option<Zeroizing<Vec<u8>>> {
        use sm2::pkcs8::EncodePrivateKey;

        self.0.to_pkcs8_der().ok().map(|der| der.to_bytes())
    }

    /// Signs a message: `SEQUENCE { r, s }`.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let key = SigningKey::new(SIGNER_ID, &self.0).map_err(|_| CryptoError::Sign)?;
        let signature: Signature =
            key.try_sign_with_rng(&mut SysRng, message).map_err(|_| CryptoError::Sign)?;
        Ok(signature.to_der().to_vec())
    }

    /// Decrypts `SEQUENCE { x, y, C3, C2 }`.
    pub(super) fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        let ciphertext = Cipher::<sm2::Sm2, sm3::Sm3>::from_der(ciphertext)
            .map_err(|_| DecryptError::Structure)?;
        let key = DecryptingKey::new_with_mode(self.0.to_nonzero_scalar(), Mode::C1C3C2);
        let mut plaintext = Zeroizing::new(vec![0; ciphertext.c2().len()]);
        key.decrypt_cipher_with_buf(&ciphertext, &mut plaintext)
            .map_err(|_| DecryptError::Decrypt)?;
        Ok(plaintext)
    }
}

impl Sm2PublicKey {
    pub(super) fn from_spki(spki: &[u8]) -> Result<Self, KeyProblem> {
        let point = PublicKey::from_public_key_der(spki).map_err(|_| KeyProblem::Malformed)?;
        let verifying = VerifyingKey::new(SIGNER_ID, point).map_err(|_| KeyProblem::Malformed)?;
        Ok(Self { point, verifying })
    }

    pub(super) fn to_spki(&self) -> Result<Vec<u8>, KeyProblem> {
        to_spki(&self.point)
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_der(signature)
            .is_ok_and(|signature| self.verifying.verify(message, &signature).is_ok())
    }

    pub(super) fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, EncryptError> {
        let key = EncryptingKey::new_with_mode(self.point, Mode::C1C3C2);
        key.encrypt_der(&mut SysRng, plaintext).map_err(|_| EncryptError::Crypto)
    }
}

fn to_spki(point: &PublicKey) -> Result<Vec<u8>, KeyProblem> {
    point.to_public_key_der().map(|der| der.into_vec()).map_err(|_| KeyProblem::Malformed)
}

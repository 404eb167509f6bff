//! RSA with 2048 bits: PKCS#1 v1.5 signatures over SHA-256 ([protocol §1.5]), and OAEP with SHA-1 ([§5]).
//!
//! [protocol §1.5]: crate::docs::protocol::signing#15-rsa-signatures
//! [§5]: crate::docs::protocol::encryption#5-sensitive-fields

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{
    KeyPair, OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, OaepPublicEncryptingKey,
    PrivateDecryptingKey, PublicEncryptingKey, PublicKey,
};
use aws_lc_rs::signature::{
    KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
};
use zeroize::Zeroizing;

use super::read::asn1;
use crate::protocol::{CryptoError, DecryptError, EncryptError, KeyProblem};

pub(super) struct RsaPrivateKey {
    signing: KeyPair,
    decrypting: OaepPrivateDecryptingKey,
}

pub(super) struct RsaPublicKey {
    verifying: ParsedPublicKey,
    encrypting: OaepPublicEncryptingKey,
}

impl RsaPrivateKey {
    /// Reads an `RSAPrivateKey` (PKCS#1).
    pub(super) fn from_pkcs1(der: &[u8]) -> Result<Self, KeyProblem> {
        asn1::check_rsa_private_key(der)?;
        Self::from_key_pair(KeyPair::from_der(der).map_err(|_| KeyProblem::Malformed)?)
    }

    #[cfg(feature = "sandbox")]
    pub(super) fn generate() -> Result<Self, KeyProblem> {
        use aws_lc_rs::rsa::KeySize;

        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyProblem::Malformed)?;
        Self::from_key_pair(pair)
    }

    /// Writes the public key as `SubjectPublicKeyInfo`.
    pub(super) fn to_spki(&self) -> Result<Vec<u8>, KeyProblem> {
        let spki: PublicKeyX509Der<'static> =
            self.signing.public_key().as_der().map_err(|_| KeyProblem::Malformed)?;
        Ok(spki.as_ref().to_vec())
    }

    #[cfg(feature = "sandbox")]
    pub(super) fn to_pkcs8(&self) -> Option<Zeroizing<Vec<u8>>> {
        let pkcs8: Pkcs8V1Der<'static> = self.signing.as_der().ok()?;
        Some(Zeroizing::new(pkcs8.as_ref().to_vec()))
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, CryptoError> {
        let mut signature = vec![0; self.signing.public_modulus_len()];
        self.signing
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| CryptoError::Sign)?;
        Ok(signature)
    }

    pub(super) fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        let size = self.decrypting.key_size_bytes();
        if ciphertext.len() != size {
            return Err(DecryptError::Length { bytes: ciphertext.len() });
        }
        let mut plaintext = Zeroizing::new(vec![0; size]);
        let length = self
            .decrypting
            .decrypt(&OAEP_SHA1_MGF1SHA1, ciphertext, &mut plaintext, None)
            .map_err(|_| DecryptError::Decrypt)?
            .len();
        plaintext.truncate(length);
        Ok(plaintext)
    }

    fn from_key_pair(signing: KeyPair) -> Result<Self, KeyProblem> {
        let pkcs8: Pkcs8V1Der<'static> = signing.as_der().map_err(|_| KeyProblem::Malformed)?;
        let decrypting =
            PrivateDecryptingKey::from_pkcs8(pkcs8.as_ref()).map_err(|_| KeyProblem::Malformed)?;
        let decrypting =
            OaepPrivateDecryptingKey::new(decrypting).map_err(|_| KeyProblem::Malformed)?;
        Ok(Self { signing, decrypting })
    }
}

impl RsaPublicKey {
    pub(super) fn from_spki(spki: &[u8]) -> Result<Self, KeyProblem> {
        let verifying = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki)
            .map_err(|_| KeyProblem::Malformed)?;
        let encrypting = PublicEncryptingKey::from_der(spki).map_err(|_| KeyProblem::Malformed)?;
        let encrypting =
            OaepPublicEncryptingKey::new(encrypting).map_err(|_| KeyProblem::Malformed)?;
        Ok(Self { verifying, encrypting })
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verifying.verify_sig(message, signature).is_ok()
    }

    pub(super) fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, EncryptError> {
        let key = &self.encrypting;
        if plaintext.len() > key.max_plaintext_size(&OAEP_SHA1_MGF1SHA1) {
            return Err(EncryptError::TooLong { bytes: plaintext.len() });
        }
        let mut ciphertext = vec![0; key.ciphertext_size()];
        let length = key
            .encrypt(&OAEP_SHA1_MGF1SHA1, plaintext, &mut ciphertext, None)
            .map_err(|_| EncryptError::Crypto)?
            .len();
        ciphertext.truncate(length);
        Ok(ciphertext)
    }
}

/// Converts an `RSAPublicKey` (PKCS#1) to `SubjectPublicKeyInfo`.
pub(super) fn spki_of_pkcs1(der: &[u8]) -> Result<Vec<u8>, KeyProblem> {
    asn1::check_rsa_public_key(der)?;
    let key = PublicKey::from_der(der).map_err(|_| KeyProblem::Malformed)?;
    let spki: PublicKeyX509Der<'static> = key.as_der().map_err(|_| KeyProblem::Malformed)?;
    Ok(spki.as_ref().to_vec())
}

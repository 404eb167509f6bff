//! Takes the place of SM2 without the feature `sm`: keys that cannot exist, so that reading one is an error.

use zeroize::Zeroizing;

use crate::protocol::{CryptoError, DecryptError, EncryptError, KeyProblem};

pub(super) use {NoSm2PrivateKey as Sm2PrivateKey, NoSm2PublicKey as Sm2PublicKey};

pub(super) enum NoSm2PrivateKey {}

pub(super) enum NoSm2PublicKey {}

impl NoSm2PrivateKey {
    pub(super) fn from_pkcs8(_: &[u8]) -> Result<Self, KeyProblem> {
        Err(KeyProblem::Sm2Disabled)
    }

    pub(super) fn to_spki(&self) -> Result<Vec<u8>, KeyProblem> {
        match *self {}
    }

    #[cfg(feature = "sandbox")]
    pub(super) fn to_pkcs8(&self) -> Option<Zeroizing<Vec<u8>>> {
        match *self {}
    }

    pub(super) fn sign(&self, _: &[u8]) -> Result<Vec<u8>, CryptoError> {
        match *self {}
    }

    pub(super) fn decrypt(&self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        match *self {}
    }
}

impl NoSm2PublicKey {
    pub(super) fn from_spki(_: &[u8]) -> Result<Self, KeyProblem> {
        Err(KeyProblem::Sm2Disabled)
    }

    pub(super) fn to_spki(&self) -> Result<Vec<u8>, KeyProblem> {
        match *self {}
    }

    pub(super) fn verify(&self, _: &[u8], _: &[u8]) -> bool {
        match *self {}
    }

    pub(super) fn encrypt(&self, _: &[u8]) -> Result<Vec<u8>, EncryptError> {
        match *self {}
    }
}

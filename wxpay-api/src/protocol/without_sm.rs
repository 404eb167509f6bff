//! What takes the place of SM2 and SM4 without the feature `sm`: keys that cannot be had.

pub(crate) mod sm2 {
    use zeroize::Zeroizing;

    use crate::protocol::{CryptoError, DecryptError, EncryptError, KeyProblem};

    pub(crate) enum PrivateKey {}

    pub(crate) enum PublicKey {}

    impl PrivateKey {
        pub(crate) fn from_pkcs8(_: &[u8]) -> Result<Self, KeyProblem> {
            Err(KeyProblem::Sm2Disabled)
        }

        pub(crate) fn to_spki(&self) -> Result<Vec<u8>, KeyProblem> {
            match *self {}
        }

        #[cfg(feature = "sandbox")]
        pub(crate) fn to_pkcs8(&self) -> Option<Zeroizing<Vec<u8>>> {
            match *self {}
        }

        pub(crate) fn sign(&self, _: &[u8]) -> Result<Vec<u8>, CryptoError> {
            match *self {}
        }

        pub(crate) fn decrypt(&self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
            match *self {}
        }
    }

    impl PublicKey {
        pub(crate) fn from_spki(_: &[u8]) -> Result<Self, KeyProblem> {
            Err(KeyProblem::Sm2Disabled)
        }

        pub(crate) fn to_spki(&self) -> Result<Vec<u8>, KeyProblem> {
            match *self {}
        }

        pub(crate) fn verify(&self, _: &[u8], _: &[u8]) -> bool {
            match *self {}
        }

        pub(crate) fn encrypt(&self, _: &[u8]) -> Result<Vec<u8>, EncryptError> {
            match *self {}
        }
    }
}

pub(crate) mod sm4 {
    use crate::protocol::aead::{NONCE_LENGTH, SM4_KEY_LENGTH};
    use crate::protocol::gcm::Decrypt;
    use crate::protocol::{AeadError, BillDecryptionError};

    pub(crate) fn stream(_: &[u8], _: &[u8]) -> Result<Box<dyn Decrypt>, BillDecryptionError> {
        Err(BillDecryptionError::Sm4Disabled)
    }

    pub(crate) fn decrypt(
        _: &[u8; SM4_KEY_LENGTH],
        _: [u8; NONCE_LENGTH],
        _: &[u8],
        _: &mut Vec<u8>,
    ) -> Result<(), AeadError> {
        Err(AeadError::Sm4Disabled)
    }

    pub(crate) fn encrypt(
        _: &[u8; SM4_KEY_LENGTH],
        _: [u8; NONCE_LENGTH],
        _: &[u8],
        _: &mut Vec<u8>,
    ) -> Result<(), AeadError> {
        Err(AeadError::Sm4Disabled)
    }
}

//! Who signs the requests.

use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::{
    Authorization, Certificate, CryptoError, KeyError, KeyItem, KeyProblem, Nonce, OpenError,
    PrivateKey, Serial,
};

/// A merchant: number, API certificate and private key (PROTOCOL §3.1).
///
/// Cloning shares the key. `Debug` shows the number and the serial.
#[derive(Clone, Debug)]
pub struct Merchant(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    mchid: String,
    serial: Serial,
    certificate: Option<Certificate>,
    private_key: PrivateKey,
}

impl Merchant {
    /// A merchant from the PEM texts of `apiclient_cert.pem` and `apiclient_key.pem`.
    ///
    /// # Errors
    /// [`KeyError`] names what is wrong: each file for itself, a key that does not belong to the certificate, a
    /// certificate of another merchant or of WeChat Pay.
    pub fn from_pem(
        mchid: impl Into<String>,
        certificate: impl AsRef<[u8]>,
        private_key: impl AsRef<[u8]>,
    ) -> Result<Self, KeyError> {
        let mchid = checked_mchid(mchid.into())?;
        let certificate = merchant_certificate(&mchid, certificate.as_ref())?;
        let private_key = merchant_private_key(private_key.as_ref())?;
        if private_key.public_key() != certificate.public_key() {
            let problem = KeyProblem::Mismatch { serial: certificate.serial().to_string() };
            return Err(KeyError::new(KeyItem::MerchantPrivateKey, problem));
        }
        let serial = certificate.serial().clone();
        Ok(Self(Arc::new(Parts { mchid, serial, certificate: Some(certificate), private_key })))
    }

    /// A merchant from the files `apiclient_cert.pem` and `apiclient_key.pem`.
    ///
    /// # Errors
    /// As [`Merchant::from_pem`]; the error names the file.
    pub fn from_files(
        mchid: impl Into<String>,
        certificate: impl AsRef<Path>,
        private_key: impl AsRef<Path>,
    ) -> Result<Self, KeyError> {
        let (certificate, private_key) = (certificate.as_ref(), private_key.as_ref());
        let certificate_pem = super::pem::read(KeyItem::MerchantCertificate, certificate)?;
        let private_key_pem = super::pem::read(KeyItem::MerchantPrivateKey, private_key)?;
        Self::from_pem(mchid, certificate_pem, private_key_pem).map_err(|error| {
            match error.item() {
                KeyItem::MerchantCertificate => error.in_file(certificate),
                KeyItem::MerchantPrivateKey => error.in_file(private_key),
                _ => error,
            }
        })
    }

    /// A merchant without the certificate itself: its serial number and `apiclient_key.pem`.
    ///
    /// That the two belong together cannot be checked; prefer [`Merchant::from_pem`].
    ///
    /// # Errors
    /// [`KeyError`] names what is wrong.
    pub fn from_private_key(
        mchid: impl Into<String>,
        serial: &str,
        private_key: impl AsRef<[u8]>,
    ) -> Result<Self, KeyError> {
        let mchid = checked_mchid(mchid.into())?;
        let serial = Serial::parse(serial)?;
        let private_key = merchant_private_key(private_key.as_ref())?;
        Ok(Self(Arc::new(Parts { mchid, serial, certificate: None, private_key })))
    }

    /// The merchant number; a service provider's own in partner mode.
    #[must_use]
    pub fn mchid(&self) -> &str {
        &self.0.mchid
    }

    /// The serial number of the merchant's API certificate.
    #[must_use]
    pub fn serial(&self) -> &Serial {
        &self.0.serial
    }

    /// The merchant's API certificate, unless only its serial number was given.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.0.certificate.as_ref()
    }

    /// Signs with the merchant's key, in Base64 (PROTOCOL §1.5); also what a client-side invocation needs (§9.1).
    ///
    /// # Errors
    /// [`CryptoError::Sign`] when the cryptographic library fails.
    pub fn sign(&self, message: &[u8]) -> Result<String, CryptoError> {
        self.0.private_key.sign(message)
    }

    /// The `Authorization` of one request (PROTOCOL §1.4).
    ///
    /// `method` in upper case, `target` exactly as it goes on the wire, `timestamp` in Unix seconds, `body` the bytes
    /// transmitted, or the text of the `meta` part for an upload.
    ///
    /// # Errors
    /// [`CryptoError::Sign`] when the cryptographic library fails.
    pub fn authorization(
        &self,
        method: &str,
        target: &str,
        timestamp: u64,
        nonce: Nonce,
        body: &[u8],
    ) -> Result<Authorization, CryptoError> {
        Authorization::signed(self, method, target, timestamp, nonce, body)
    }

    /// Opens a sensitive field of an answer (PROTOCOL §5).
    ///
    /// # Errors
    /// [`OpenError`] says why it does not open.
    pub fn open(&self, ciphertext: &str) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        self.0.private_key.open(ciphertext)
    }

    pub(crate) fn private_key(&self) -> &PrivateKey {
        &self.0.private_key
    }
}

fn checked_mchid(mchid: String) -> Result<String, KeyError> {
    let digits =
        !mchid.is_empty() && mchid.len() <= 32 && mchid.bytes().all(|byte| byte.is_ascii_digit());
    if digits { Ok(mchid) } else { Err(KeyError::new(KeyItem::Mchid, KeyProblem::NotAMchid)) }
}

fn merchant_certificate(mchid: &str, pem: &[u8]) -> Result<Certificate, KeyError> {
    let item = KeyItem::MerchantCertificate;
    let certificate = Certificate::from_pem(pem).map_err(|error| error.about(item))?;
    if let Some(subject) = certificate.platform() {
        let subject = subject.to_owned();
        return Err(KeyError::new(item, KeyProblem::PlatformCertificate { subject }));
    }
    match certificate.merchant() {
        Some(subject) if subject != mchid => {
            let problem =
                KeyProblem::OtherMerchant { subject: subject.to_owned(), mchid: mchid.to_owned() };
            Err(KeyError::new(item, problem))
        }
        _ => Ok(certificate),
    }
}

fn merchant_private_key(pem: &[u8]) -> Result<PrivateKey, KeyError> {
    PrivateKey::from_pem(pem).map_err(|error| error.about(KeyItem::MerchantPrivateKey))
}

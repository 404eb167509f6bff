//! The merchant or brand that signs requests: its keys, read and checked against each other.

use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::keys::read::KeySource;
use super::scheme::Family;
use super::sign::authorization::RequestSigner;
use super::{
    Authorization, Certificate, CryptoError, DecryptError, KeyError, KeyItem, KeyProblem, Nonce,
    PrivateKey, Scheme, Serial,
};

/// A merchant or a brand, with its number, API certificate and private key ([protocol §3.1]).
///
/// Clones share the key. `Debug` shows the number and the serial number, never the key.
///
/// [protocol §3.1]: crate::docs::protocol::keys#31-the-keys-of-a-merchant
#[derive(Clone, Debug)]
pub struct Merchant(Arc<MerchantKeys>);

#[derive(Debug)]
struct MerchantKeys {
    scheme: Scheme,
    id: String,
    serial: Serial,
    certificate: Option<Certificate>,
    private_key: PrivateKey,
}

/// The merchant or brand whose keys are read.
pub(crate) struct Owner {
    kind: OwnerKind,
    id: String,
}

/// How WeChat Pay recognises the private key.
pub(crate) enum Identification<'a> {
    Certificate(KeySource<'a>),
    /// The certificate's serial number alone.
    Serial(&'a str),
}

/// Whether the configuration is for a merchant or a brand. The private key decides the scheme of a merchant.
#[derive(Clone, Copy)]
enum OwnerKind {
    Merchant,
    Brand,
}

impl Merchant {
    /// Reads a merchant from the PEM texts of `apiclient_cert.pem` and `apiclient_key.pem`.
    ///
    /// # Errors
    /// [`KeyError`] names the problem: an unusable file, a key that does not belong to the certificate, or a certificate of
    /// another merchant or of WeChat Pay.
    pub fn from_pem(
        mchid: impl Into<String>,
        certificate: impl AsRef<[u8]>,
        private_key: impl AsRef<[u8]>,
    ) -> Result<Self, KeyError> {
        let certificate = KeySource::Text(certificate.as_ref());
        Self::read(
            Owner::merchant(mchid),
            certificate.into(),
            KeySource::Text(private_key.as_ref()),
        )
    }

    /// Reads a merchant from the files `apiclient_cert.pem` and `apiclient_key.pem`.
    ///
    /// # Errors
    /// As [`Merchant::from_pem`]. The error names the file.
    pub fn from_files(
        mchid: impl Into<String>,
        certificate: impl AsRef<Path>,
        private_key: impl AsRef<Path>,
    ) -> Result<Self, KeyError> {
        let certificate = KeySource::File(certificate.as_ref());
        Self::read(
            Owner::merchant(mchid),
            certificate.into(),
            KeySource::File(private_key.as_ref()),
        )
    }

    /// Reads a merchant from `apiclient_key.pem` and the serial number of its certificate.
    ///
    /// Prefer [`Merchant::from_pem`]: without the certificate, nothing checks that the two belong together.
    ///
    /// # Errors
    /// [`KeyError`] names the problem.
    pub fn from_private_key(
        mchid: impl Into<String>,
        serial: &str,
        private_key: impl AsRef<[u8]>,
    ) -> Result<Self, KeyError> {
        let private_key = KeySource::Text(private_key.as_ref());
        Self::read(Owner::merchant(mchid), Identification::Serial(serial), private_key)
    }

    /// Reads a merchant from the file `apiclient_key.pem` and the serial number of its certificate.
    ///
    /// # Errors
    /// As [`Merchant::from_private_key`]. The error names the file.
    pub fn from_private_key_file(
        mchid: impl Into<String>,
        serial: &str,
        private_key: impl AsRef<Path>,
    ) -> Result<Self, KeyError> {
        let private_key = KeySource::File(private_key.as_ref());
        Self::read(Owner::merchant(mchid), Identification::Serial(serial), private_key)
    }

    /// Reads a brand from the PEM texts of its API certificate and private key ([protocol §1.7]).
    ///
    /// A brand signs with `brand_id` in place of `mchid`, and calls the paths under `/brand/`. It needs the WeChat Pay
    /// public key, because no platform certificate signs for brands.
    ///
    /// # Errors
    /// [`KeyError`] names the problem.
    ///
    /// [protocol §1.7]: crate::docs::protocol::signing#17-the-brand-scheme
    pub fn brand_from_pem(
        brand_id: impl Into<String>,
        certificate: impl AsRef<[u8]>,
        private_key: impl AsRef<[u8]>,
    ) -> Result<Self, KeyError> {
        let certificate = KeySource::Text(certificate.as_ref());
        Self::read(
            Owner::brand(brand_id),
            certificate.into(),
            KeySource::Text(private_key.as_ref()),
        )
    }

    /// Reads a brand from the files of its API certificate and private key.
    ///
    /// # Errors
    /// As [`Merchant::brand_from_pem`]. The error names the file.
    pub fn brand_from_files(
        brand_id: impl Into<String>,
        certificate: impl AsRef<Path>,
        private_key: impl AsRef<Path>,
    ) -> Result<Self, KeyError> {
        let certificate = KeySource::File(certificate.as_ref());
        Self::read(
            Owner::brand(brand_id),
            certificate.into(),
            KeySource::File(private_key.as_ref()),
        )
    }

    /// Reads a brand from its private key and the serial number of its certificate.
    ///
    /// Prefer [`Merchant::brand_from_pem`]: without the certificate, nothing checks that the two belong together.
    ///
    /// # Errors
    /// [`KeyError`] names the problem.
    pub fn brand_from_private_key(
        brand_id: impl Into<String>,
        serial: &str,
        private_key: impl AsRef<[u8]>,
    ) -> Result<Self, KeyError> {
        let private_key = KeySource::Text(private_key.as_ref());
        Self::read(Owner::brand(brand_id), Identification::Serial(serial), private_key)
    }

    /// Reads a brand from the file of its private key and the serial number of its certificate.
    ///
    /// # Errors
    /// As [`Merchant::brand_from_private_key`]. The error names the file.
    pub fn brand_from_private_key_file(
        brand_id: impl Into<String>,
        serial: &str,
        private_key: impl AsRef<Path>,
    ) -> Result<Self, KeyError> {
        let private_key = KeySource::File(private_key.as_ref());
        Self::read(Owner::brand(brand_id), Identification::Serial(serial), private_key)
    }

    /// The scheme with which the merchant and WeChat Pay sign.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.0.scheme
    }

    /// The merchant number, or the `brand_id` of a brand. In partner mode it is the service provider's number.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
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

    /// Signs a message with the merchant's key, in Base64 ([protocol §1.5] and [§1.6]).
    ///
    /// Requests and the values of front ends ([§9.1]) have such signatures.
    ///
    /// # Errors
    /// [`CryptoError::Sign`] when the cryptographic library fails.
    ///
    /// [protocol §1.5]: crate::docs::protocol::signing#15-rsa-signatures
    /// [§1.6]: crate::docs::protocol::signing#16-sm2-signatures
    /// [§9.1]: crate::docs::protocol::invocation#91-paysign
    pub fn sign(&self, message: &[u8]) -> Result<String, CryptoError> {
        self.0.private_key.sign(message)
    }

    /// Makes the `Authorization` of one request ([protocol §1.4]).
    ///
    /// * `method` is in upper case.
    /// * `target` is the exact request target: path and raw query.
    /// * `timestamp` is in Unix seconds.
    /// * `body` is the body as sent. For an upload it is the text of the `meta` part.
    ///
    /// # Errors
    /// [`CryptoError::Sign`] when the cryptographic library fails.
    ///
    /// [protocol §1.4]: crate::docs::protocol::signing#14-the-authorization-header
    pub fn authorization(
        &self,
        method: &str,
        target: &str,
        timestamp: u64,
        nonce: Nonce,
        body: &[u8],
    ) -> Result<Authorization, CryptoError> {
        let signer = RequestSigner {
            scheme: self.scheme(),
            id: self.id(),
            serial: self.serial(),
            private_key: self.private_key(),
        };
        Authorization::signed(&signer, method, target, timestamp, nonce, body)
    }

    /// Decrypts a sensitive field of a response ([protocol §5]).
    ///
    /// # Errors
    /// [`DecryptError`] says why the field does not decrypt.
    ///
    /// [protocol §5]: crate::docs::protocol::encryption#5-sensitive-fields
    pub fn decrypt(&self, ciphertext: &str) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        self.0.private_key.decrypt(ciphertext)
    }

    pub(crate) fn private_key(&self) -> &PrivateKey {
        &self.0.private_key
    }

    /// Reads the keys of a merchant or a brand, from text or from files.
    pub(crate) fn read(
        owner: Owner,
        identification: Identification<'_>,
        private_key: KeySource<'_>,
    ) -> Result<Self, KeyError> {
        let Owner { kind, id } = owner;
        let id = kind.checked_id(id)?;
        let (serial, certificate) = match identification {
            Identification::Serial(serial) => (Serial::parse(serial)?, None),
            Identification::Certificate(source) => {
                let pem = source.read(KeyItem::MerchantCertificate)?;
                let certificate =
                    kind.certificate(&id, &pem).map_err(|error| source.blame(error))?;
                (certificate.serial().clone(), Some(certificate))
            }
        };
        let pem = private_key.read(KeyItem::MerchantPrivateKey)?;
        let key = own_private_key(&pem, certificate.as_ref());
        let key = key.map_err(|error| private_key.blame(error))?;
        let scheme = kind.scheme(&key).map_err(|error| private_key.blame(error))?;
        Ok(Self(Arc::new(MerchantKeys { scheme, id, serial, certificate, private_key: key })))
    }
}

impl Owner {
    pub(crate) fn merchant(mchid: impl Into<String>) -> Self {
        Self { kind: OwnerKind::Merchant, id: mchid.into() }
    }

    pub(crate) fn brand(brand_id: impl Into<String>) -> Self {
        Self { kind: OwnerKind::Brand, id: brand_id.into() }
    }
}

impl<'a> From<KeySource<'a>> for Identification<'a> {
    fn from(certificate: KeySource<'a>) -> Self {
        Self::Certificate(certificate)
    }
}

impl OwnerKind {
    fn scheme(self, private_key: &PrivateKey) -> Result<Scheme, KeyError> {
        let family = private_key.public_key().family();
        match (self, family) {
            (Self::Merchant, Family::Rsa) => Ok(Scheme::Rsa),
            (Self::Merchant, Family::Sm2) => Ok(Scheme::Sm2),
            (Self::Brand, Family::Rsa) => Ok(Scheme::Brand),
            (Self::Brand, Family::Sm2) => {
                let problem =
                    KeyProblem::OtherFamily { found: family.key(), scheme: Scheme::Brand };
                Err(KeyError::new(KeyItem::MerchantPrivateKey, problem))
            }
        }
    }

    fn checked_id(self, id: String) -> Result<String, KeyError> {
        let digits =
            !id.is_empty() && id.len() <= 32 && id.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            _ if digits => Ok(id),
            Self::Merchant => Err(KeyError::new(KeyItem::Mchid, KeyProblem::NotAMchid)),
            Self::Brand => Err(KeyError::new(KeyItem::BrandId, KeyProblem::NotABrandId)),
        }
    }

    fn certificate(self, id: &str, pem: &[u8]) -> Result<Certificate, KeyError> {
        let item = KeyItem::MerchantCertificate;
        let certificate = Certificate::from_pem(pem).map_err(|error| error.about(item))?;
        if let Some(subject) = certificate.platform() {
            let subject = subject.to_owned();
            return Err(KeyError::new(item, KeyProblem::PlatformCertificate { subject }));
        }
        match (self, certificate.merchant()) {
            (Self::Merchant, Some(subject)) if subject != id => {
                let problem =
                    KeyProblem::OtherMerchant { subject: subject.to_owned(), mchid: id.to_owned() };
                Err(KeyError::new(item, problem))
            }
            // The common name of a brand's certificate is not documented.
            _ => Ok(certificate),
        }
    }
}

fn own_private_key(pem: &[u8], certificate: Option<&Certificate>) -> Result<PrivateKey, KeyError> {
    let item = KeyItem::MerchantPrivateKey;
    let key = PrivateKey::from_pem(pem).map_err(|error| error.about(item))?;
    match certificate {
        Some(certificate) if certificate.public_key() != key.public_key() => {
            let problem = KeyProblem::Mismatch { serial: certificate.serial().to_string() };
            Err(KeyError::new(item, problem))
        }
        _ => Ok(key),
    }
}

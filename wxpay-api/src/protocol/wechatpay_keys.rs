//! WeChat Pay's keys, as a merchant holds them: they verify responses and notifications, and one encrypts requests.

use std::path::Path;
use std::time::SystemTime;

use thiserror::Error;

use super::keys::public_key_id::{checked_id, is_public_key_id};
use super::keys::read::KeySource;
use super::{
    Certificate, DownloadFailure, EncryptError, KeyError, KeyItem, KeyProblem, Merchant, PublicKey,
    Scheme, Serial,
};

/// The WeChat Pay keys that a merchant holds: the public key, platform certificates, or both ([protocol §3.4]).
///
/// A merchant that migrates from certificates to the public key needs both, because notifications may come with either
/// signature. A set is immutable; a new set replaces it.
///
/// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
#[derive(Clone, Debug, Default)]
pub struct WechatPayKeys {
    public_keys: Vec<(String, PublicKey)>,
    certificates: Vec<Certificate>,
    /// Why there are no newer certificates, where the latest download failed.
    failed_download: Option<DownloadFailure>,
}

impl WechatPayKeys {
    /// Makes a set without keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a WeChat Pay public key: its id, `PUB_KEY_ID_…`, and the PEM text of `pub_key.pem`.
    ///
    /// The first public key encrypts the fields of requests. Further ones, held while a key is replaced, only verify.
    ///
    /// # Errors
    /// [`KeyError`] names the problem of the id or the key.
    pub fn with_public_key(
        self,
        id: impl Into<String>,
        pem: impl AsRef<[u8]>,
    ) -> Result<Self, KeyError> {
        self.with_public_key_from(&id.into(), KeySource::Text(pem.as_ref()))
    }

    /// Adds a WeChat Pay public key: its id and the file `pub_key.pem`.
    ///
    /// # Errors
    /// As [`WechatPayKeys::with_public_key`]. The error names the file.
    pub fn with_public_key_file(
        self,
        id: impl Into<String>,
        path: impl AsRef<Path>,
    ) -> Result<Self, KeyError> {
        self.with_public_key_from(&id.into(), KeySource::File(path.as_ref()))
    }

    /// Adds one or more platform certificates from PEM text.
    ///
    /// # Errors
    /// [`KeyError`] names the problem of a certificate. The merchant's own certificate is refused.
    pub fn with_certificate(self, pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Certificate::all_from_pem(pem.as_ref())
            .map_err(|problem| KeyError::new(KeyItem::PlatformCertificate, problem))?
            .into_iter()
            .try_fold(self, Self::with_parsed_certificate)
    }

    /// Adds one or more platform certificates from a file.
    ///
    /// # Errors
    /// As [`WechatPayKeys::with_certificate`]. The error names the file.
    pub fn with_certificate_file(self, path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let file = KeySource::File(path.as_ref());
        let pem = file.read(KeyItem::PlatformCertificate)?;
        self.with_certificate(pem).map_err(|error| file.blame(error))
    }

    /// Adds a platform certificate that was already parsed, such as a downloaded one.
    ///
    /// # Errors
    /// * [`KeyProblem::MerchantCertificate`] for a merchant's certificate.
    /// * [`KeyProblem::Duplicate`] if the set has another key with this serial number.
    pub fn with_parsed_certificate(mut self, certificate: Certificate) -> Result<Self, KeyError> {
        if let Some(subject) = certificate.merchant() {
            let problem = KeyProblem::MerchantCertificate { subject: subject.to_owned() };
            return Err(KeyError::new(KeyItem::PlatformCertificate, problem));
        }
        match self.certificate(certificate.serial()) {
            None => self.certificates.push(certificate),
            Some(held) if held.public_key() == certificate.public_key() => {}
            Some(held) => {
                return Err(duplicate(KeyItem::PlatformCertificate, held.serial().as_str()));
            }
        }
        Ok(self)
    }

    /// Returns the set without its certificates. The caller then adds freshly downloaded ones.
    #[must_use]
    pub fn without_certificates(self) -> Self {
        Self { certificates: Vec::new(), ..self }
    }

    /// Remembers why the download of certificates failed, for errors about a missing key.
    pub(crate) fn with_failed_download(self, failure: DownloadFailure) -> Self {
        Self { failed_download: Some(failure), ..self }
    }

    pub(crate) fn failed_download(&self) -> Option<&DownloadFailure> {
        self.failed_download.as_ref()
    }

    /// Checks that the set can belong to this merchant.
    ///
    /// The set must not have the merchant's own key or certificate, a classic mix-up ([protocol §3.4]). All keys must
    /// be of the merchant's family, RSA or SM2 ([§1.6]). A brand has no certificates ([§1.7]).
    ///
    /// # Errors
    /// [`KeyProblem::OwnKey`], [`KeyProblem::OtherFamily`] or [`KeyProblem::BrandNeedsPublicKey`].
    ///
    /// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
    /// [§1.6]: crate::docs::protocol::signing#16-sm2-signatures
    /// [§1.7]: crate::docs::protocol::signing#17-the-brand-scheme
    pub fn check_against(&self, merchant: &Merchant) -> Result<(), KeyError> {
        if merchant.scheme() == Scheme::Brand && !self.certificates.is_empty() {
            let problem = KeyProblem::BrandNeedsPublicKey;
            return Err(KeyError::new(KeyItem::PlatformCertificate, problem));
        }
        self.check_family(merchant.scheme())?;
        self.check_own_key(merchant)
    }

    /// Whether the set has no key at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.public_keys.is_empty() && self.certificates.is_empty()
    }

    /// Returns the ids of all keys: public keys first, then the certificates' serial numbers.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        let public_keys = self.public_keys.iter().map(|(id, _)| id.clone());
        public_keys.chain(self.serials()).collect()
    }

    /// The platform certificates.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Finds the key that a `Wechatpay-Serial` names ([protocol §2.4]).
    ///
    /// A value that begins with `PUB_KEY_ID_` is the id of a public key, compared as text. Any other value is the
    /// serial number of a certificate, compared as a number.
    ///
    /// [protocol §2.4]: crate::docs::protocol::verification#24-selecting-the-key
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&PublicKey> {
        if is_public_key_id(id) {
            return self.public_key(id);
        }
        self.certificate(&Serial::from_text(id)?).map(Certificate::public_key)
    }

    /// Returns the key that encrypts the fields of requests ([protocol §3.4]).
    ///
    /// Its id is the `Wechatpay-Serial` of every request. The key is the public key if the set has one. Otherwise it is
    /// the certificate that is valid at `now` and became valid last ([§3.3]).
    ///
    /// # Errors
    /// [`NoEncryptionKey`] when the set has no key, or only certificates that are not valid at `now`.
    ///
    /// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
    /// [§3.3]: crate::docs::protocol::keys#33-first-download-renewal-rotation
    pub fn encryption_key(&self, now: SystemTime) -> Result<EncryptionKey<'_>, NoEncryptionKey> {
        if let Some((id, key)) = self.public_keys.first() {
            return Ok(EncryptionKey { id, key });
        }
        if self.certificates.is_empty() {
            return Err(NoEncryptionKey::NoneHeld);
        }
        self.certificates
            .iter()
            .filter(|certificate| certificate.is_valid_at(now))
            .max_by_key(|certificate| certificate.not_before())
            .map(|certificate| EncryptionKey {
                id: certificate.serial().as_str(),
                key: certificate.public_key(),
            })
            .ok_or_else(|| NoEncryptionKey::NoneValid { held: self.serials().collect() })
    }

    fn check_family(&self, scheme: Scheme) -> Result<(), KeyError> {
        let public_keys =
            self.public_keys.iter().map(|(_, key)| (KeyItem::WechatPayPublicKey, key));
        let certificates = self.certificates.iter();
        let certificates = certificates
            .map(|certificate| (KeyItem::PlatformCertificate, certificate.public_key()));
        let family = scheme.family();
        match public_keys.chain(certificates).find(|(_, key)| key.family() != family) {
            None => Ok(()),
            Some((item, key)) => {
                let found = key.family().key();
                Err(KeyError::new(item, KeyProblem::OtherFamily { found, scheme }))
            }
        }
    }

    fn check_own_key(&self, merchant: &Merchant) -> Result<(), KeyError> {
        let own = merchant.private_key().public_key();
        let key = self.public_keys.iter().find(|(_, key)| key == own);
        if let Some((id, _)) = key {
            return Err(KeyError::new(
                KeyItem::WechatPayPublicKey,
                KeyProblem::OwnKey { id: id.clone() },
            ));
        }
        let certificate = self.certificates.iter().find(|certificate| {
            certificate.serial() == merchant.serial() || certificate.public_key() == own
        });
        match certificate {
            None => Ok(()),
            Some(certificate) => {
                let problem = KeyProblem::OwnKey { id: certificate.serial().to_string() };
                Err(KeyError::new(KeyItem::PlatformCertificate, problem))
            }
        }
    }

    fn with_public_key_from(self, id: &str, source: KeySource<'_>) -> Result<Self, KeyError> {
        let id = checked_id(id)?;
        let item = KeyItem::WechatPayPublicKey;
        let key = PublicKey::from_pem(source.read(item)?)
            .map_err(|error| source.blame(error.about(item)))?;
        self.with_key(id, key).map_err(|error| source.blame(error))
    }

    fn with_key(mut self, id: String, key: PublicKey) -> Result<Self, KeyError> {
        match self.public_key(&id) {
            None => self.public_keys.push((id, key)),
            Some(held) if *held == key => {}
            Some(_) => return Err(duplicate(KeyItem::WechatPayPublicKey, &id)),
        }
        Ok(self)
    }

    fn public_key(&self, id: &str) -> Option<&PublicKey> {
        self.public_keys.iter().find(|(held, _)| held == id).map(|(_, key)| key)
    }

    fn certificate(&self, serial: &Serial) -> Option<&Certificate> {
        self.certificates.iter().find(|certificate| certificate.serial() == serial)
    }

    fn serials(&self) -> impl Iterator<Item = String> {
        self.certificates.iter().map(|certificate| certificate.serial().to_string())
    }
}

/// The WeChat Pay key that encrypts the sensitive fields of a request, with its id.
///
/// The request's `Wechatpay-Serial` header carries the id, so that both name the same key ([protocol §3.4]).
///
/// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
#[derive(Clone, Copy, Debug)]
pub struct EncryptionKey<'a> {
    id: &'a str,
    key: &'a PublicKey,
}

impl<'a> EncryptionKey<'a> {
    /// The key's id: `PUB_KEY_ID_…` or a certificate's serial number.
    #[must_use]
    pub fn id(&self) -> &'a str {
        self.id
    }

    /// Encrypts one field, in Base64. An empty text stays empty.
    ///
    /// # Errors
    /// [`EncryptError::TooLong`] above 214 bytes with RSA.
    pub fn encrypt(&self, plaintext: &[u8]) -> Result<String, EncryptError> {
        self.key.encrypt(plaintext)
    }
}

/// There is no WeChat Pay key to encrypt with.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum NoEncryptionKey {
    /// The set has no key at all.
    #[error(
        "no WeChat Pay key is held; give the WeChat Pay public key with its id, or a platform certificate"
    )]
    NoneHeld,
    /// The set has only certificates, and none of them is valid now.
    #[error("no platform certificate is valid at this time (held: {}); give a current one, and check this machine's clock", held.join(", "))]
    NoneValid {
        /// The serial numbers of the certificates held.
        held: Vec<String>,
    },
}

fn duplicate(item: KeyItem, id: &str) -> KeyError {
    KeyError::new(item, KeyProblem::Duplicate { id: id.to_owned() })
}

//! Issues keys, certificates and signatures as WeChat Pay does, for the sandbox and for tests.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{HeaderMap, HeaderValue};
use thiserror::Error;
use x509_cert::der::asn1::{Any, BitString, ObjectIdentifier, SetOfVec};
use x509_cert::der::{self, Decode, Encode, Tag};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::{Time, Validity};

use super::scheme::Family;
use super::verify::{NONCE, SERIAL, SIGNATURE, SIGNATURE_TYPE, TIMESTAMP};
use super::{
    Certificate, CryptoError, KeyError, KeyItem, KeyProblem, Nonce, PrivateKey, Scheme, message,
};

const ISSUER: &str = "Tenpay.com Root CA";
const PLATFORM: &str = "Tenpay.com sign";
const WECHAT_PAY: &str = "Tenpay.com";
const MERCHANTS: &str = "微信商户系统";

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const SHA256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const SM2_WITH_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");

/// 2020-01-01 and 2049-12-31 in UTC: by default, a certificate is valid whenever a test may run.
const DEFAULT_VALIDITY: (u64, u64) = (1_577_836_800, 2_524_607_999);

/// A private key with a certificate for it.
#[derive(Clone, Debug)]
pub struct Identity {
    private_key: PrivateKey,
    certificate: Certificate,
    certificate_pem: String,
}

impl Identity {
    /// Issues a merchant's key and certificate, like those of the merchant platform.
    ///
    /// # Errors
    /// [`IssuingError`] when the cryptographic library fails.
    pub fn merchant(mchid: &str) -> Result<Self, IssuingError> {
        Issue::new(mchid, MERCHANTS).build()
    }

    /// Issues a key and certificate of WeChat Pay, which sign responses and notifications.
    ///
    /// # Errors
    /// [`IssuingError`] when the cryptographic library fails.
    pub fn platform() -> Result<Self, IssuingError> {
        Issue::platform().build()
    }

    /// Reads a certificate and its private key.
    ///
    /// # Errors
    /// [`KeyError`] if one of them cannot be read, and if they do not belong together.
    pub fn from_pem(certificate: &str, private_key: &str) -> Result<Self, KeyError> {
        let (read, private_key) =
            (Certificate::from_pem(certificate)?, PrivateKey::from_pem(private_key)?);
        if read.public_key() != private_key.public_key() {
            let problem = KeyProblem::Mismatch { serial: read.serial().to_string() };
            return Err(KeyError::new(KeyItem::PrivateKey, problem));
        }
        Ok(Self { private_key, certificate: read, certificate_pem: certificate.to_owned() })
    }

    /// The private key.
    #[must_use]
    pub fn private_key(&self) -> &PrivateKey {
        &self.private_key
    }

    /// The certificate.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The certificate as PEM text, like `apiclient_cert.pem`.
    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The private key as PEM text in PKCS#8, like `apiclient_key.pem`.
    ///
    /// # Errors
    /// [`IssuingError`] when the cryptographic library fails.
    pub fn private_key_pem(&self) -> Result<String, IssuingError> {
        let pkcs8 = self.private_key.to_pkcs8().ok_or(IssuingError::Key)?;
        Ok(pem("PRIVATE KEY", &pkcs8))
    }

    /// The public key as PEM text in SPKI, like `pub_key.pem`.
    #[must_use]
    pub fn public_key_pem(&self) -> String {
        public_key_pem(&self.private_key)
    }
}

/// Writes the public half of a key as PEM text in SPKI, like `pub_key.pem`.
pub(crate) fn public_key_pem(private_key: &PrivateKey) -> String {
    pem("PUBLIC KEY", private_key.public_key().spki())
}

/// A certificate to be issued. It gets a new key unless [`key`](Issue::key) gives one.
///
/// The issuer is named “Tenpay.com Root CA”. The certificate is signed with its own key, because clients do not check
/// the chain.
#[derive(Clone, Debug)]
pub struct Issue {
    common_name: String,
    organization: String,
    serial: Option<Vec<u8>>,
    valid: (SystemTime, SystemTime),
    key: Option<PrivateKey>,
}

impl Issue {
    /// Starts a certificate for this subject, with a random serial number, valid from 2020 through 2049.
    #[must_use]
    pub fn new(common_name: impl Into<String>, organization: impl Into<String>) -> Self {
        let (from, to) = DEFAULT_VALIDITY;
        Self {
            common_name: common_name.into(),
            organization: organization.into(),
            serial: None,
            valid: (UNIX_EPOCH + Duration::from_secs(from), UNIX_EPOCH + Duration::from_secs(to)),
            key: None,
        }
    }

    /// Starts a platform certificate.
    #[must_use]
    pub fn platform() -> Self {
        Self::new(PLATFORM, WECHAT_PAY)
    }

    /// Sets the serial number, as big-endian bytes.
    #[must_use]
    pub fn serial(self, serial: impl Into<Vec<u8>>) -> Self {
        Self { serial: Some(serial.into()), ..self }
    }

    /// Sets the first and the last moment of validity, in whole seconds.
    #[must_use]
    pub fn valid(self, from: SystemTime, to: SystemTime) -> Self {
        Self { valid: (from, to), ..self }
    }

    /// Sets the certified key.
    #[must_use]
    pub fn key(self, key: PrivateKey) -> Self {
        Self { key: Some(key), ..self }
    }

    /// Certifies a new SM2 key. The signature is SM2 with SM3 ([protocol §1.6]).
    ///
    /// # Errors
    /// [`IssuingError`] when the cryptographic library fails.
    ///
    /// [protocol §1.6]: crate::docs::protocol::signing#16-sm2-signatures
    #[cfg(feature = "sm")]
    pub fn sm2(self) -> Result<Self, IssuingError> {
        let key = PrivateKey::generate_sm2().map_err(|_| IssuingError::Key)?;
        Ok(self.key(key))
    }

    /// Issues the certificate.
    ///
    /// # Errors
    /// [`IssuingError`] when a value does not fit into a certificate, or the cryptographic library fails.
    pub fn build(self) -> Result<Identity, IssuingError> {
        let private_key = match &self.key {
            Some(key) => key.clone(),
            None => generate()?,
        };
        let algorithm = signature_algorithm(&private_key)?;
        let content = self.content(&private_key)?;
        let signature = private_key.signature(&content)?;
        let certificate_der = sequence(&[content, algorithm, bit_string(&signature)?])?;
        let certificate =
            Certificate::from_der(&certificate_der).map_err(|_| IssuingError::Certificate)?;
        Ok(Identity {
            private_key,
            certificate,
            certificate_pem: pem("CERTIFICATE", &certificate_der),
        })
    }

    /// The `TBSCertificate` of RFC 5280.
    fn content(&self, key: &PrivateKey) -> Result<Vec<u8>, IssuingError> {
        let serial = match &self.serial {
            Some(serial) => serial.clone(),
            None => random_serial()?,
        };
        let (from, to) = self.valid;
        let validity: Validity = Validity::new(Time::try_from(from)?, Time::try_from(to)?);
        let version_3 = vec![0xa0, 0x03, 0x02, 0x01, 0x02];
        Ok(sequence(&[
            version_3,
            SerialNumber::<x509_cert::certificate::Rfc5280>::new(&serial)?.to_der()?,
            signature_algorithm(key)?,
            name(ISSUER, WECHAT_PAY)?,
            validity.to_der()?,
            name(&self.common_name, &self.organization)?,
            key.public_key().spki().to_vec(),
        ])?)
    }
}

/// Signs a response or a notification to a merchant with this scheme, and returns its headers ([protocol §2.1]).
///
/// # Errors
/// [`IssuingError`] when a header cannot carry `key_id`, or the cryptographic library fails.
///
/// [protocol §2.1]: crate::docs::protocol::verification#21-headers
pub fn signed_headers(
    scheme: Scheme,
    key: &PrivateKey,
    key_id: &str,
    timestamp: u64,
    nonce: &Nonce,
    body: &[u8],
) -> Result<HeaderMap, IssuingError> {
    let timestamp = timestamp.to_string();
    let signature = key.sign(&message::response(&timestamp, nonce.as_str(), body))?;
    let values = [
        (TIMESTAMP, timestamp.as_str()),
        (NONCE, nonce.as_str()),
        (SIGNATURE, signature.as_str()),
        (SERIAL, key_id),
        (SIGNATURE_TYPE, scheme.name()),
    ];
    let mut headers = HeaderMap::new();
    for (name, value) in values {
        headers
            .insert(name, HeaderValue::from_str(value).map_err(|_| IssuingError::Header { name })?);
    }
    Ok(headers)
}

/// Why a key, certificate or signature was not issued.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum IssuingError {
    /// The cryptographic library made no key.
    #[error("the cryptographic library made no key")]
    Key,
    /// The cryptographic library failed.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// A value does not fit into a certificate.
    #[error("a name, a time or the serial number does not fit into a certificate")]
    Value(#[from] der::Error),
    /// The issued certificate cannot be read back.
    #[error("the certificate issued cannot be read again")]
    Certificate,
    /// A value does not fit into a header.
    #[error("the header {name} cannot carry its value")]
    Header {
        /// The header's name.
        name: &'static str,
    },
}

fn generate() -> Result<PrivateKey, IssuingError> {
    PrivateKey::generate_rsa().map_err(|_| IssuingError::Key)
}

/// Makes a serial number of 20 bytes, like WeChat Pay's. The first byte keeps the number positive and its length fixed.
fn random_serial() -> Result<Vec<u8>, IssuingError> {
    let mut serial = [0; 20];
    rand::fill(&mut serial).map_err(|_| CryptoError::Random)?;
    let [first, ..] = &mut serial;
    *first = *first & 0x3f | 0x40;
    Ok(serial.to_vec())
}

fn signature_algorithm(key: &PrivateKey) -> der::Result<Vec<u8>> {
    let (oid, parameters) = match key.public_key().family() {
        Family::Rsa => (SHA256_WITH_RSA, Some(Any::null())),
        Family::Sm2 => (SM2_WITH_SM3, None),
    };
    AlgorithmIdentifierOwned { oid, parameters }.to_der()
}

fn name(common_name: &str, organization: &str) -> der::Result<Vec<u8>> {
    sequence(&[attribute(ORGANIZATION, organization)?, attribute(COMMON_NAME, common_name)?])
}

fn attribute(kind: ObjectIdentifier, text: &str) -> der::Result<Vec<u8>> {
    let value = Any::new(Tag::Utf8String, text.as_bytes())?;
    let pair = Any::from_der(&sequence(&[kind.to_der()?, value.to_der()?])?)?;
    SetOfVec::try_from(vec![pair])?.to_der()
}

fn sequence(members: &[Vec<u8>]) -> der::Result<Vec<u8>> {
    Any::new(Tag::Sequence, members.concat())?.to_der()
}

fn bit_string(bytes: &[u8]) -> der::Result<Vec<u8>> {
    BitString::from_bytes(bytes)?.to_der()
}

/// Writes PEM text, with 64 characters a line.
fn pem(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    for (index, character) in STANDARD.encode(der).chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text + "\n-----END " + label + "-----\n"
}

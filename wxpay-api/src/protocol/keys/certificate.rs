//! X.509 certificates.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use x509_cert::der::{Decode, Encode};
use x509_cert::name::Name;

use super::read::KeySource;
use super::read::pem::{self, Block};
use crate::protocol::{KeyError, KeyItem, KeyProblem, PublicKey, Serial};

/// An X.509 certificate with an RSA key of 2048 bits, or with the feature `sm` an SM2 key: the merchant's or WeChat
/// Pay's.
///
/// Cloning shares it. Neither its chain nor its revocation is checked, as in the official libraries ([protocol §3.3]).
///
/// [protocol §3.3]: crate::docs::protocol::keys#33-first-download-renewal-rotation
#[derive(Clone, Debug)]
pub struct Certificate(Arc<CertificateFields>);

#[derive(Debug)]
struct CertificateFields {
    serial: Serial,
    not_before: SystemTime,
    not_after: SystemTime,
    common_name: Option<String>,
    organization: Option<String>,
    issuer: Option<String>,
    public_key: PublicKey,
}

impl Certificate {
    /// Reads a PEM certificate (`BEGIN CERTIFICATE`).
    ///
    /// The text may be mangled, as [`PrivateKey::from_pem`](super::PrivateKey::from_pem) says.
    ///
    /// # Errors
    /// [`KeyError`] for anything else, a certificate whose key [`PublicKey`] does not take included.
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::parse(pem.as_ref()).map_err(|problem| KeyError::new(KeyItem::Certificate, problem))
    }

    /// Reads a PEM certificate from a file.
    ///
    /// # Errors
    /// As [`Certificate::from_pem`], and when the file cannot be read.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let file = KeySource::File(path.as_ref());
        Self::from_pem(file.read(KeyItem::Certificate)?).map_err(|error| file.blame(error))
    }

    /// The serial number.
    #[must_use]
    pub fn serial(&self) -> &Serial {
        &self.0.serial
    }

    /// The first moment it is valid.
    #[must_use]
    pub fn not_before(&self) -> SystemTime {
        self.0.not_before
    }

    /// The last moment it is valid.
    #[must_use]
    pub fn not_after(&self) -> SystemTime {
        self.0.not_after
    }

    /// Whether `now` lies within its validity.
    #[must_use]
    pub fn is_valid_at(&self, now: SystemTime) -> bool {
        (self.0.not_before..=self.0.not_after).contains(&now)
    }

    /// The subject's common name: the merchant number in a merchant's certificate.
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        self.0.common_name.as_deref()
    }

    /// The subject's organization.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.0.organization.as_deref()
    }

    /// The issuer's common name.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.0.issuer.as_deref()
    }

    /// The key it certifies.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.0.public_key
    }

    /// The merchant number, if this is a merchant's certificate: its common name is made of digits.
    pub(crate) fn merchant(&self) -> Option<&str> {
        self.common_name()
            .filter(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// The common name, if this is one of WeChat Pay's own: a platform certificate is made out to “Tenpay.com sign”.
    pub(crate) fn platform(&self) -> Option<&str> {
        self.common_name().filter(|name| name.to_ascii_lowercase().contains("tenpay.com"))
    }

    /// Every certificate in a PEM text, one at least.
    pub(crate) fn all_from_pem(pem: &[u8]) -> Result<Vec<Self>, KeyProblem> {
        pem::blocks(pem)?.into_iter().map(Self::from_block).collect()
    }

    fn parse(pem: &[u8]) -> Result<Self, KeyProblem> {
        Self::from_block(pem::only_block(pem)?)
    }

    fn from_block(Block { label, der }: Block) -> Result<Self, KeyProblem> {
        if label != "CERTIFICATE" {
            return Err(KeyProblem::WrongKind { found: pem::describe(&label) });
        }
        Self::from_der(&der)
    }

    pub(crate) fn from_der(der: &[u8]) -> Result<Self, KeyProblem> {
        let certificate =
            x509_cert::Certificate::from_der(der).map_err(|_| KeyProblem::Malformed)?;
        let content = certificate.tbs_certificate();
        let spki = content.subject_public_key_info().to_der().map_err(|_| KeyProblem::Malformed)?;
        Ok(Self(Arc::new(CertificateFields {
            serial: Serial::from_bytes(content.serial_number().as_bytes()),
            not_before: content.validity().not_before.to_system_time(),
            not_after: content.validity().not_after.to_system_time(),
            common_name: common_name(content.subject()),
            organization: organization(content.subject()),
            issuer: common_name(content.issuer()),
            public_key: PublicKey::from_spki(&spki)?,
        })))
    }
}

fn common_name(name: &Name) -> Option<String> {
    name.common_name().ok().flatten().map(|text| text.value().into_owned())
}

fn organization(name: &Name) -> Option<String> {
    name.organization().ok().flatten().map(|text| text.value().into_owned())
}

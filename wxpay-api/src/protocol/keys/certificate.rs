//! X.509 certificates of merchants and of WeChat Pay.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use x509_cert::der::{Decode, Encode};
use x509_cert::name::Name;

use super::read::KeySource;
use super::read::pem::{self, Block};
use crate::protocol::{KeyError, KeyItem, KeyProblem, PublicKey, Serial};

/// An X.509 certificate of a merchant or of WeChat Pay, with an RSA key of 2048 bits or, with the feature `sm`, an SM2
/// key.
///
/// Clones share the data. Like the official libraries, this crate checks neither the chain nor the revocation
/// ([protocol §3.3]).
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
    /// The text may be mangled, as [`PrivateKey::from_pem`](crate::protocol::PrivateKey::from_pem) says.
    ///
    /// # Errors
    /// [`KeyError`] for any other text, and for a certificate whose key [`PublicKey`] does not accept.
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

    /// The first moment at which the certificate is valid.
    #[must_use]
    pub fn not_before(&self) -> SystemTime {
        self.0.not_before
    }

    /// The last moment at which the certificate is valid.
    #[must_use]
    pub fn not_after(&self) -> SystemTime {
        self.0.not_after
    }

    /// Whether the certificate is valid at `now`.
    #[must_use]
    pub fn is_valid_at(&self, now: SystemTime) -> bool {
        (self.0.not_before..=self.0.not_after).contains(&now)
    }

    /// The subject's common name. In a merchant's certificate it is the merchant number.
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

    /// The certified key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.0.public_key
    }

    /// The merchant number of a merchant's certificate, whose common name has only digits.
    pub(crate) fn merchant(&self) -> Option<&str> {
        self.common_name()
            .filter(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// The common name of a platform certificate, which is “Tenpay.com sign”.
    pub(crate) fn platform(&self) -> Option<&str> {
        self.common_name().filter(|name| name.to_ascii_lowercase().contains("tenpay.com"))
    }

    /// Reads every certificate in a PEM text, at least one.
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

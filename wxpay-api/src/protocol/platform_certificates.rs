//! The list of platform certificates: reads and decrypts a downloaded one ([protocol §3.2]).
//!
//! [protocol §3.2]: crate::docs::protocol::keys#32-the-list-of-certificates

use serde_json::Value;
use thiserror::Error;

use super::excerpt::excerpt;
use super::{
    AeadError, ApiV3Key, Certificate, EncryptedResource, KeyError, KeyItem, Scheme, Serial,
};

/// Decrypts every certificate in the body of `GET /v3/certificates` for a merchant with this scheme.
///
/// Certificates of the other family, RSA or SM2, are left out. This function verifies no signature: build the new
/// [`WechatPayKeys`](super::WechatPayKeys), and verify the same response with them ([protocol §3.3]).
///
/// # Errors
/// [`PlatformCertificateError`] when the body is not such a list, when no certificate is left, or when a certificate does
/// not decrypt.
///
/// [protocol §3.3]: crate::docs::protocol::keys#33-first-download-renewal-rotation
pub fn decrypt(
    scheme: Scheme,
    body: &[u8],
    key: &ApiV3Key,
) -> Result<Vec<Certificate>, PlatformCertificateError> {
    let mut certificates = Vec::new();
    for (serial_no, resource) in items(body)? {
        match certificate(scheme, &serial_no, &resource, key) {
            Ok(certificate) if certificate.public_key().family() != scheme.family() => {}
            Ok(certificate) => certificates.push(certificate),
            Err(PlatformCertificateError::Decrypt {
                why: AeadError::OtherFamily { .. }, ..
            }) => {}
            Err(error) => return Err(error),
        }
    }
    if certificates.is_empty() { Err(PlatformCertificateError::None) } else { Ok(certificates) }
}

/// Decrypts one certificate, and checks that it has the serial number `serial_no`.
///
/// # Errors
/// [`PlatformCertificateError`] names the certificate and the problem.
pub fn certificate(
    scheme: Scheme,
    serial_no: &str,
    resource: &EncryptedResource,
    key: &ApiV3Key,
) -> Result<Certificate, PlatformCertificateError> {
    let named = || excerpt(serial_no);
    let pem = resource
        .decrypt(scheme, key)
        .map_err(|why| PlatformCertificateError::Decrypt { serial_no: named(), why })?;
    let certificate =
        Certificate::from_pem(pem).map_err(|error| PlatformCertificateError::Certificate {
            serial_no: named(),
            why: error.about(KeyItem::PlatformCertificate),
        })?;
    if Serial::from_text(serial_no).as_ref() == Some(certificate.serial()) {
        return Ok(certificate);
    }
    Err(PlatformCertificateError::Serial {
        serial_no: named(),
        found: certificate.serial().clone(),
    })
}

/// Why downloaded platform certificates cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PlatformCertificateError {
    /// The body is not a list of certificates.
    #[error("the response is not a list of platform certificates: it has no `{missing}`")]
    Body {
        /// The path of the missing member.
        missing: String,
    },
    /// The list has no certificate for this merchant.
    #[error(
        "the response has no platform certificate; a merchant that has only a WeChat Pay public key must use that key"
    )]
    None,
    /// A certificate does not decrypt.
    #[error("the platform certificate {serial_no} does not decrypt: {why}")]
    Decrypt {
        /// The serial number in the list.
        serial_no: String,
        /// Why the certificate does not decrypt.
        why: AeadError,
    },
    /// An entry is not a usable certificate.
    #[error("what was sent as the platform certificate {serial_no} is not one: {why}")]
    Certificate {
        /// The serial number in the list.
        serial_no: String,
        /// What is wrong with the entry.
        why: KeyError,
    },
    /// A certificate has another serial number than the list says.
    #[error("what was sent as the platform certificate {serial_no} has the serial number {found}")]
    Serial {
        /// The serial number in the list.
        serial_no: String,
        /// The serial number of the certificate itself.
        found: Serial,
    },
}

fn items(body: &[u8]) -> Result<Vec<(String, EncryptedResource)>, PlatformCertificateError> {
    let missing = |path: &str| PlatformCertificateError::Body { missing: path.to_owned() };
    let response: Value = serde_json::from_slice(body).map_err(|_| missing("data"))?;
    let data = response.get("data").and_then(Value::as_array).ok_or_else(|| missing("data"))?;
    data.iter()
        .map(|item| {
            let serial_no = item
                .get("serial_no")
                .and_then(Value::as_str)
                .ok_or_else(|| missing("serial_no"))?;
            let encrypted =
                item.get("encrypt_certificate").ok_or_else(|| missing("encrypt_certificate"))?;
            let resource = EncryptedResource::from_json(encrypted)
                .map_err(|name| missing(&format!("encrypt_certificate.{name}")))?;
            Ok((serial_no.to_owned(), resource))
        })
        .collect()
}

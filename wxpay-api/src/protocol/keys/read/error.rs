//! The error about a key, certificate or id that was configured: which item, from which file, and why.

use std::fmt;
use std::path::{Path, PathBuf};

use super::problem::KeyProblem;
use crate::protocol::excerpt::excerpt_of;

/// A configured key, certificate or id cannot be used: which item, from which file, and why.
///
/// Neither `Display` nor `Debug` shows any key material.
#[derive(Debug)]
pub struct KeyError {
    item: KeyItem,
    path: Option<PathBuf>,
    problem: KeyProblem,
}

impl KeyError {
    /// The configured item that cannot be used.
    #[must_use]
    pub fn item(&self) -> KeyItem {
        self.item
    }

    /// The file of the item, if it came from a file.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The problem of the item.
    #[must_use]
    pub fn problem(&self) -> &KeyProblem {
        &self.problem
    }

    pub(crate) fn new(item: KeyItem, problem: KeyProblem) -> Self {
        Self { item, path: None, problem }
    }

    /// Returns the same error about another item: the caller knows its role in the configuration.
    pub(crate) fn about(self, item: KeyItem) -> Self {
        Self { item, ..self }
    }

    pub(crate) fn in_file(self, path: &Path) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }
}

/// Paths and names inside certificates may have any length, and must not flood a log.
const LONGEST: usize = 600;

impl fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.item)?;
        if let Some(path) = &self.path {
            write!(formatter, " in {}", excerpt_of(&path.to_string_lossy(), LONGEST))?;
        }
        write!(formatter, ": {}", excerpt_of(&self.problem.to_string(), LONGEST))?;
        match (&self.problem, self.item.members()) {
            (KeyProblem::IsAPath, Some((_, file))) => {
                write!(formatter, "; give a path as `{file}` (WXPAY_{})", file.to_uppercase())?;
            }
            (KeyProblem::NotAPath, Some((text, _))) => {
                write!(
                    formatter,
                    "; give the content as `{text}` (WXPAY_{})",
                    text.to_uppercase()
                )?;
            }
            _ => {}
        }
        match self.item.source_of_supply() {
            Some(source) if self.problem.is_another_thing() => {
                write!(formatter, "; needed is {source}")
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for KeyError {}

/// An item of the configuration.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum KeyItem {
    /// The merchant number.
    Mchid,
    /// The brand's id.
    BrandId,
    /// The merchant's API certificate, `apiclient_cert.pem`.
    MerchantCertificate,
    /// The serial number of the merchant's API certificate.
    MerchantSerial,
    /// The merchant's API private key, `apiclient_key.pem`.
    MerchantPrivateKey,
    /// The APIv2 key.
    ApiV2Key,
    /// The APIv3 key.
    ApiV3Key,
    /// The WeChat Pay public key, `pub_key.pem`.
    WechatPayPublicKey,
    /// The id of the WeChat Pay public key, `PUB_KEY_ID_…`.
    WechatPayPublicKeyId,
    /// A WeChat Pay platform certificate.
    PlatformCertificate,
    /// A private key whose owner the caller did not name.
    PrivateKey,
    /// A public key whose owner the caller did not name.
    PublicKey,
    /// A certificate whose owner the caller did not name.
    Certificate,
}

impl KeyItem {
    pub(crate) fn source_of_supply(self) -> Option<&'static str> {
        match self {
            Self::MerchantCertificate => {
                Some("apiclient_cert.pem as downloaded from the merchant platform")
            }
            Self::MerchantPrivateKey => {
                Some("apiclient_key.pem as downloaded from the merchant platform")
            }
            Self::WechatPayPublicKey => {
                Some("pub_key.pem as downloaded from the merchant platform (BEGIN PUBLIC KEY)")
            }
            Self::PlatformCertificate => {
                Some("a platform certificate, the kind that GET /v3/certificates returns")
            }
            Self::PrivateKey => Some("a private key in PEM (BEGIN PRIVATE KEY)"),
            Self::PublicKey => Some("a public key in PEM (BEGIN PUBLIC KEY)"),
            Self::Certificate => Some("a certificate in PEM (BEGIN CERTIFICATE)"),
            Self::ApiV2Key => Some("the 32 characters set as APIv2 key on the merchant platform"),
            Self::ApiV3Key => {
                Some("the 32 characters set as APIv3 key (APIv3密钥) on the merchant platform")
            }
            Self::WechatPayPublicKeyId => {
                Some("PUB_KEY_ID_ and digits, shown beside the public key on the merchant platform")
            }
            Self::Mchid | Self::BrandId | Self::MerchantSerial => None,
        }
    }

    /// The members of a configuration for this item: its text, and its file's path.
    pub(crate) fn members(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::MerchantCertificate => Some(("certificate", "certificate_file")),
            Self::MerchantPrivateKey => Some(("private_key", "private_key_file")),
            Self::ApiV3Key => Some(("apiv3_key", "apiv3_key_file")),
            Self::WechatPayPublicKey => Some(("wechatpay_public_key", "wechatpay_public_key_file")),
            Self::PlatformCertificate => {
                Some(("platform_certificates", "platform_certificate_files"))
            }
            _ => None,
        }
    }
}

impl fmt::Display for KeyItem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Mchid => "the merchant number (mchid)",
            Self::BrandId => "the brand's id (brand_id)",
            Self::MerchantCertificate => "the merchant certificate",
            Self::MerchantSerial => "the merchant certificate's serial number",
            Self::MerchantPrivateKey => "the merchant's private key",
            Self::ApiV2Key => "the APIv2 key",
            Self::ApiV3Key => "the APIv3 key",
            Self::WechatPayPublicKey => "the WeChat Pay public key",
            Self::WechatPayPublicKeyId => "the WeChat Pay public key's id",
            Self::PlatformCertificate => "the WeChat Pay platform certificate",
            Self::PrivateKey => "the private key",
            Self::PublicKey => "the public key",
            Self::Certificate => "the certificate",
        })
    }
}

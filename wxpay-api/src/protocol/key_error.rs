//! What is wrong with a key, certificate or id that was configured.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::Scheme;
use super::scheme::Family;

/// A key, certificate or id that cannot be used: which one, from which file, and why.
///
/// Neither `Display` nor `Debug` shows any key material.
#[derive(Debug)]
pub struct KeyError {
    item: KeyItem,
    path: Option<PathBuf>,
    problem: KeyProblem,
}

impl KeyError {
    /// Which of the configured items is at fault.
    #[must_use]
    pub fn item(&self) -> KeyItem {
        self.item
    }

    /// The file it came from, if it came from one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What is wrong with it.
    #[must_use]
    pub fn problem(&self) -> &KeyProblem {
        &self.problem
    }

    pub(crate) fn new(item: KeyItem, problem: KeyProblem) -> Self {
        Self { item, path: None, problem }
    }

    /// The same error about the item under the name that the configuration gives it.
    pub(crate) fn about(self, item: KeyItem) -> Self {
        Self { item, ..self }
    }

    pub(crate) fn in_file(self, path: &Path) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.item)?;
        if let Some(path) = &self.path {
            write!(formatter, " in {}", path.display())?;
        }
        write!(formatter, ": {}", self.problem)?;
        match self.item.source_of_supply() {
            Some(source) if self.problem.is_another_thing() => {
                write!(formatter, "; needed is {source}")
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for KeyError {}

/// What was being configured.
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
    /// A private key that was not said to be anyone's.
    PrivateKey,
    /// A public key that was not said to be anyone's.
    PublicKey,
    /// A certificate that was not said to be anyone's.
    Certificate,
}

impl KeyItem {
    fn source_of_supply(self) -> Option<&'static str> {
        match self {
            Self::MerchantCertificate => {
                Some("apiclient_cert.pem as the merchant platform hands it out")
            }
            Self::MerchantPrivateKey => {
                Some("apiclient_key.pem as the merchant platform hands it out")
            }
            Self::WechatPayPublicKey => {
                Some("pub_key.pem as the merchant platform hands it out (BEGIN PUBLIC KEY)")
            }
            Self::PlatformCertificate => {
                Some("a platform certificate, the kind that GET /v3/certificates returns")
            }
            Self::PrivateKey => Some("a private key in PEM (BEGIN PRIVATE KEY)"),
            Self::PublicKey => Some("a public key in PEM (BEGIN PUBLIC KEY)"),
            Self::Certificate => Some("a certificate in PEM (BEGIN CERTIFICATE)"),
            Self::Mchid
            | Self::BrandId
            | Self::MerchantSerial
            | Self::ApiV2Key
            | Self::ApiV3Key
            | Self::WechatPayPublicKeyId => None,
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

/// What is wrong with a configured item.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeyProblem {
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(io::Error),
    /// The content of a file was given as its path, which no error shows.
    #[error("a file's path is needed, and what was given is the content of one")]
    NotAPath,
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// Binary DER instead of text.
    #[error(
        "it is binary (DER), not PEM text; `openssl` converts it with `-inform DER -outform PEM`"
    )]
    Binary,
    /// A PKCS#12 archive, `apiclient_cert.p12`.
    #[error("it is a PKCS#12 archive such as apiclient_cert.p12, not PEM text")]
    Pkcs12,
    /// Text without a PEM block.
    #[error("it has no PEM block: no line `-----BEGIN …-----` was found")]
    NoBlock,
    /// Base64 without the lines around it.
    #[error("it is Base64 without the lines `-----BEGIN …-----` and `-----END …-----` around it")]
    BareBase64,
    /// `\n` written out, as happens in environment variables.
    #[error(
        "its line ends are written out as a backslash and the letter n; they must be real line ends"
    )]
    EscapedLineEnds,
    /// The closing line is missing.
    #[error("its PEM block ends without the line `-----END {label}-----`: part of it is missing")]
    Truncated {
        /// What the opening line says.
        label: String,
    },
    /// The text inside is not Base64.
    #[error("the text inside its PEM block `{label}` is not Base64")]
    BadBase64 {
        /// What the opening line says.
        label: String,
    },
    /// More than one PEM block.
    #[error("it has several PEM blocks ({}), and which one is meant is a guess; it must have one", labels.join(", "))]
    SeveralBlocks {
        /// What the opening lines say.
        labels: Vec<String>,
    },
    /// A PEM block of another kind.
    #[error("it is {found}")]
    WrongKind {
        /// What it is, in words.
        found: String,
    },
    /// A private key behind a password.
    #[error("it is encrypted with a password; `openssl pkey -in … -out …` removes the password")]
    Encrypted,
    /// Neither an RSA key nor an SM2 key.
    #[error(
        "its key is {algorithm}, but WeChat Pay's schemes need an RSA key, or an SM2 key in PKCS#8"
    )]
    NotRsa {
        /// What it is, in words.
        algorithm: String,
    },
    /// Not 2048 bits.
    #[error("its RSA key has {bits} bits, but the scheme WECHATPAY2-SHA256-RSA2048 fixes 2048")]
    Size {
        /// The size it has.
        bits: usize,
    },
    /// An SM2 key, without the feature that reads it.
    #[error("its key is {}; enable the feature `sm` of wxpay-api to use it", Family::Sm2.key())]
    Sm2Disabled,
    /// An SM2 key where the merchant's scheme needs RSA, or the other way round.
    #[error("its key is {found}, but the scheme {scheme} has {} on both sides", scheme.family().key())]
    OtherFamily {
        /// What it is, in words.
        found: &'static str,
        /// The merchant's scheme.
        scheme: Scheme,
    },
    /// PEM around something that is not what it says.
    #[error("it is damaged: what is inside its PEM block cannot be read")]
    Malformed,
    /// A private key and a certificate that do not belong together.
    #[error("it does not belong to the merchant certificate {serial}: their public keys differ")]
    Mismatch {
        /// The certificate's serial number.
        serial: String,
    },
    /// Another merchant's certificate.
    #[error("it belongs to the merchant {subject}, not to {mchid}")]
    OtherMerchant {
        /// The merchant number in the certificate.
        subject: String,
        /// The merchant number configured.
        mchid: String,
    },
    /// WeChat Pay's certificate where the merchant's belongs.
    #[error("it is a WeChat Pay platform certificate ({subject})")]
    PlatformCertificate {
        /// The subject's common name.
        subject: String,
    },
    /// The merchant's certificate where WeChat Pay's belongs.
    #[error("it is the merchant certificate of {subject}, with which WeChat Pay signs nothing")]
    MerchantCertificate {
        /// The merchant number in the certificate.
        subject: String,
    },
    /// The merchant's own key or certificate among WeChat Pay's.
    #[error("{id} is the merchant's own, with which WeChat Pay signs nothing")]
    OwnKey {
        /// Its serial number or id.
        id: String,
    },
    /// One id, two keys.
    #[error("{id} was already given with another key")]
    Duplicate {
        /// The serial number or id.
        id: String,
    },
    /// The merchant number is not made of digits.
    #[error("it must be made of digits, as in 1900000001")]
    NotAMchid,
    /// The brand's id is not made of digits.
    #[error("it must be made of digits, as in 120344")]
    NotABrandId,
    /// A platform certificate for a brand.
    #[error(
        "nothing that WeChat Pay sends to a brand is signed with a certificate; give the WeChat Pay public key with its id instead"
    )]
    BrandNeedsPublicKey,
    /// A serial number that is not hexadecimal.
    #[error(
        "it must be the certificate's serial number in hexadecimal: `openssl x509 -noout -serial -in apiclient_cert.pem`"
    )]
    NotASerial,
    /// An id that does not begin with `PUB_KEY_ID_`.
    #[error(
        "it must begin with PUB_KEY_ID_ and is shown beside the public key on the merchant platform"
    )]
    NotAPublicKeyId,
    /// The APIv2 key does not have 32 bytes.
    #[error("it has {bytes} bytes{}, but an APIv2 key has exactly 32", if *line_end { " (the last is a line end)" } else { "" })]
    ApiV2KeyLength {
        /// The length it has.
        bytes: usize,
        /// Whether it ends in a line feed, the usual reason for a length of 33.
        line_end: bool,
    },
    /// The APIv3 key does not have 32 bytes.
    #[error("it has {bytes} bytes{}, but an APIv3 key has exactly 32", if *line_end { " (the last is a line end)" } else { "" })]
    ApiV3KeyLength {
        /// The length it has.
        bytes: usize,
        /// Whether it ends in a line feed, the usual reason for a length of 33.
        line_end: bool,
    },
    /// An APIv2 or APIv3 key is not ASCII.
    #[error("it has a character that is not ASCII, but such a key is made of letters and digits")]
    NotAscii,
}

impl KeyProblem {
    /// Whether the item was mistaken for another thing, so that it helps to say what is needed.
    fn is_another_thing(&self) -> bool {
        match self {
            Self::Empty
            | Self::Binary
            | Self::Pkcs12
            | Self::NoBlock
            | Self::BareBase64
            | Self::SeveralBlocks { .. }
            | Self::WrongKind { .. }
            | Self::PlatformCertificate { .. }
            | Self::MerchantCertificate { .. }
            | Self::OwnKey { .. } => true,
            Self::Unreadable(_)
            | Self::NotAPath
            | Self::EscapedLineEnds
            | Self::Truncated { .. }
            | Self::BadBase64 { .. }
            | Self::Encrypted
            | Self::NotRsa { .. }
            | Self::Size { .. }
            | Self::Sm2Disabled
            | Self::OtherFamily { .. }
            | Self::Malformed
            | Self::Mismatch { .. }
            | Self::OtherMerchant { .. }
            | Self::Duplicate { .. }
            | Self::NotAMchid
            | Self::NotABrandId
            | Self::BrandNeedsPublicKey
            | Self::NotASerial
            | Self::NotAPublicKeyId
            | Self::ApiV2KeyLength { .. }
            | Self::ApiV3KeyLength { .. }
            | Self::NotAscii => false,
        }
    }
}

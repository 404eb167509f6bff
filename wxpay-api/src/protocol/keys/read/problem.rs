//! The problems of configured keys, certificates and ids.

use std::io;

use thiserror::Error;

use crate::protocol::Scheme;
use crate::protocol::scheme::Family;

/// The problem of a configured item.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeyProblem {
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(io::Error),
    /// The content of a file was given as its path. No error shows that path.
    #[error("a file's path is needed, and what was given is the content of one")]
    NotAPath,
    /// A file's path was given as its content. The file is not opened.
    #[error(
        "its content is needed, and what was given looks like a file's path, which was not opened"
    )]
    IsAPath,
    /// The text or the file is empty.
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
    #[error(
        "it has no PEM block: no line `-----BEGIN …-----` was found, and it is no key in Base64"
    )]
    NoBlock,
    /// The closing line is missing.
    #[error("its PEM block ends without the line `-----END {label}-----`: part of it is missing")]
    Truncated {
        /// The label of the block.
        label: String,
    },
    /// The text inside is not Base64.
    #[error("the text inside its PEM block `{label}` is not Base64")]
    BadBase64 {
        /// The label of the block.
        label: String,
    },
    /// More than one PEM block.
    #[error("it has several PEM blocks ({}), and which one is meant is a guess; it must have one", labels.join(", "))]
    SeveralBlocks {
        /// The labels of the blocks.
        labels: Vec<String>,
    },
    /// A PEM block of another kind.
    #[error("it is {found}")]
    WrongKind {
        /// A description of what was found.
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
        /// A description of what was found.
        algorithm: String,
    },
    /// Not 2048 bits.
    #[error("its RSA key has {bits} bits, but the scheme WECHATPAY2-SHA256-RSA2048 fixes 2048")]
    Size {
        /// The size in bits.
        bits: usize,
    },
    /// The key is an SM2 key, and the feature `sm` is off.
    #[error("its key is {}; enable the feature `sm` of wxpay-api to use it", Family::Sm2.key())]
    Sm2Disabled,
    /// An SM2 key where the merchant's scheme needs RSA, or the other way round.
    #[error("its key is {found}, but the scheme {scheme} has {} on both sides", scheme.family().key())]
    OtherFamily {
        /// A description of what was found.
        found: &'static str,
        /// The merchant's scheme.
        scheme: Scheme,
    },
    /// The content of PEM or Base64 cannot be read.
    #[error("it is damaged or cut: what is inside the Base64 cannot be read")]
    Malformed,
    /// The private key does not belong to the certificate.
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
    /// WeChat Pay's certificate was given instead of the merchant's.
    #[error("it is a WeChat Pay platform certificate ({subject})")]
    PlatformCertificate {
        /// The subject's common name.
        subject: String,
    },
    /// The merchant's certificate was given instead of WeChat Pay's.
    #[error("it is the merchant certificate of {subject}, with which WeChat Pay signs nothing")]
    MerchantCertificate {
        /// The merchant number in the certificate.
        subject: String,
    },
    /// The merchant's own key or certificate was given as one of WeChat Pay's.
    #[error("{id} is the merchant's own, with which WeChat Pay signs nothing")]
    OwnKey {
        /// Its serial number or id.
        id: String,
    },
    /// Two different keys were given with one id.
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
    /// A serial number that is not hexadecimal, or too long.
    #[error(
        "it must be the certificate's serial number in hexadecimal, with at most 40 digits: `openssl x509 -noout -serial -in \
         apiclient_cert.pem` prints it"
    )]
    NotASerial,
    /// A serial number in decimal, as Java prints it.
    #[error(
        "it has decimal digits alone, as Java prints serial numbers, but WeChat Pay takes the hexadecimal one: `openssl x509 \
         -noout -serial -in apiclient_cert.pem` prints it"
    )]
    DecimalSerial,
    /// An id that is not `PUB_KEY_ID_` and digits.
    #[error(
        "it must be PUB_KEY_ID_ with the digits after it, as shown beside the public key on the merchant platform"
    )]
    NotAPublicKeyId,
    /// The id of a public key is in the wrong case, or lacks its prefix.
    #[error("WeChat Pay compares it letter by letter, and knows it as {right}; write it so")]
    PublicKeyIdSpelling {
        /// The id as it should be spelled.
        right: String,
    },
    /// The APIv2 key does not have 32 bytes.
    #[error("it has {bytes} bytes{}, but an APIv2 key has exactly 32", if *line_end { " (the last is a line end)" } else { "" })]
    ApiV2KeyLength {
        /// The length in bytes.
        bytes: usize,
        /// Whether it ends in a line feed, the usual reason for a length of 33.
        line_end: bool,
    },
    /// The APIv3 key does not have 32 bytes.
    #[error("it has {bytes} bytes{}, but an APIv3 key has exactly 32", if *line_end { " (the last is a line end)" } else { "" })]
    ApiV3KeyLength {
        /// The length in bytes.
        bytes: usize,
        /// Whether it ends in a line feed, the usual reason for a length of 33.
        line_end: bool,
    },
    /// An APIv2 or APIv3 key is not ASCII.
    #[error("it has a character that is not ASCII, but such a key is made of letters and digits")]
    NotAscii,
}

impl KeyProblem {
    /// Whether another item was given by mistake, so that the error should say what is needed.
    pub(crate) fn is_another_thing(&self) -> bool {
        match self {
            Self::Empty
            | Self::Binary
            | Self::Pkcs12
            | Self::NoBlock
            | Self::SeveralBlocks { .. }
            | Self::WrongKind { .. }
            | Self::PlatformCertificate { .. }
            | Self::MerchantCertificate { .. }
            | Self::OwnKey { .. } => true,
            Self::Unreadable(_)
            | Self::NotAPath
            | Self::IsAPath
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
            | Self::DecimalSerial
            | Self::NotAPublicKeyId
            | Self::PublicKeyIdSpelling { .. }
            | Self::ApiV2KeyLength { .. }
            | Self::ApiV3KeyLength { .. }
            | Self::NotAscii => false,
        }
    }
}

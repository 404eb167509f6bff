//! The signature schemes, and the two families of keys and ciphers.

use std::fmt;

/// How a merchant and WeChat Pay sign what they send to each other ([protocol §1.5] to [§1.7]).
///
/// The merchant's key decides between RSA and SM2. The configuration says whether the owner is a brand.
///
/// [protocol §1.5]: crate::docs::protocol::signing#15-rsa-signatures
/// [§1.7]: crate::docs::protocol::signing#17-the-brand-scheme
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Scheme {
    /// `WECHATPAY2-SHA256-RSA2048`: nearly every merchant.
    Rsa,
    /// `WECHATPAY2-SM2-WITH-SM3`: merchants for whom WeChat Pay enabled SM2 (国密).
    Sm2,
    /// `WECHATPAY-BRAND-SHA256-RSA2048`: brands, on paths that begin with `/brand/`.
    Brand,
}

impl Scheme {
    const ALL: [Self; 3] = [Self::Rsa, Self::Sm2, Self::Brand];

    /// The name on the wire, in `Authorization` and `Wechatpay-Signature-Type`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rsa => "WECHATPAY2-SHA256-RSA2048",
            Self::Sm2 => "WECHATPAY2-SM2-WITH-SM3",
            Self::Brand => "WECHATPAY-BRAND-SHA256-RSA2048",
        }
    }

    /// Returns the scheme with exactly this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.name() == name)
    }

    /// The name of the signer's id in `Authorization`: `mchid` or `brand_id`.
    #[must_use]
    pub fn id_name(self) -> &'static str {
        match self {
            Self::Rsa | Self::Sm2 => "mchid",
            Self::Brand => "brand_id",
        }
    }
}

/// The beginning of the paths that only brands call (docs/protocol/signing.md §1.7).
pub(crate) const BRAND_PATHS: &str = "/brand/";

impl Scheme {
    /// Whether a path belongs to signers of this scheme.
    pub(crate) fn may_call(self, path: &str) -> bool {
        path.starts_with(BRAND_PATHS) == (self == Self::Brand)
    }

    pub(crate) fn family(self) -> Family {
        match self {
            Self::Rsa | Self::Brand => Family::Rsa,
            Self::Sm2 => Family::Sm2,
        }
    }
}

/// The kind of all keys and ciphers of a scheme. One call never mixes families.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Family {
    Rsa,
    Sm2,
}

impl Family {
    /// Describes a key of the family.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Rsa => "an RSA key",
            Self::Sm2 => "an SM2 key (国密)",
        }
    }
}

/// Writes the name on the wire.
impl fmt::Display for Scheme {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

//! A message that an unknown key signed: why the key is missing, and what to do ([protocol §3.4]).
//!
//! [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use super::public_key_id::is_public_key_id;
use super::serial::Serial;

/// Why the set of keys lacks the key that signed, judged by the ids of both.
///
/// `Display` says what to do.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum UnknownKeySituation {
    /// No WeChat Pay key is held.
    NoneHeld,
    /// A platform certificate signed, and only the public key is held: the merchant has not started the switch to it.
    SwitchNotStarted,
    /// The public key signed, and only platform certificates are held: the merchant has switched to the public key.
    PublicKeyMissing,
    /// Another public key signed than the one held.
    OtherPublicKey,
    /// Another platform certificate signed than those held.
    OtherCertificate,
    /// The name of the key is neither the id of a public key nor a serial number.
    NotAnId,
}

impl UnknownKeySituation {
    /// Finds the situation of a merchant who holds the keys `held` when the key `id` signed.
    #[must_use]
    pub fn of(id: &str, held: &[String]) -> Self {
        let by_public_key = is_public_key_id(id);
        let holds_public_key = held.iter().any(|id| is_public_key_id(id));
        let holds_certificate = held.iter().any(|id| !is_public_key_id(id));
        match (by_public_key, holds_public_key, holds_certificate) {
            (false, _, _) if Serial::from_text(id).is_none() => Self::NotAnId,
            (_, false, false) => Self::NoneHeld,
            (true, true, _) => Self::OtherPublicKey,
            (true, false, true) => Self::PublicKeyMissing,
            (false, _, true) => Self::OtherCertificate,
            (false, true, false) => Self::SwitchNotStarted,
        }
    }

    /// Explains what to do when an unknown key signed the list of platform certificates.
    pub(crate) fn advice_for_list(self) -> &'static str {
        match self {
            Self::NoneHeld | Self::OtherCertificate | Self::SwitchNotStarted => {
                "the list does not have the certificate that signed it; WeChat Pay's own list does, so check which server responds in its \
                 place (a proxy, or the base URL)"
            }
            other => other.advice(),
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::NoneHeld => {
                "no WeChat Pay key is held: give the public key with its id, as the merchant platform shows it \
                 (`wechatpay_public_key`), or have the platform certificates downloaded (`download_certificates`)"
            }
            Self::SwitchNotStarted => {
                "a platform certificate signed, and the public key alone is held: start the switch to the public key \
                 (开启公钥切换) on the merchant platform, and until it is finished hold the certificates beside it \
                 (`download_certificates` or `platform_certificate`)"
            }
            Self::PublicKeyMissing => {
                "the merchant has switched to the WeChat Pay public key, and certificates alone are held: take the public key \
                 with that id from the merchant platform and give it (`wechatpay_public_key`); downloading certificates \
                 cannot help"
            }
            Self::OtherPublicKey => {
                "another public key is held: it was replaced on the merchant platform, its id is mistyped, or it is another \
                 merchant's; give the public key and the id that the merchant platform shows for this merchant"
            }
            Self::OtherCertificate => {
                "other platform certificates are held: they are outdated, or another merchant's; download them anew \
                 (`download_certificates` keeps them current), and check that the keys are this merchant's"
            }
            Self::NotAnId => {
                "that is neither PUB_KEY_ID_ with digits nor a serial number, so WeChat Pay did not write it; check what \
                 changes headers on the way"
            }
        }
    }
}

impl fmt::Display for UnknownKeySituation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.advice())
    }
}

/// Why the platform certificates, which might include a missing key, could not be downloaded.
///
/// It holds a [`CertificateError`](crate::CertificateError), and has the text and the causes of that error.
#[derive(Clone)]
pub struct DownloadFailure(Arc<dyn Error + Send + Sync>);

impl DownloadFailure {
    pub(crate) fn new(error: impl Error + Send + Sync + 'static) -> Self {
        Self(Arc::new(error))
    }

    /// Returns the error. It can be downcast to a [`CertificateError`](crate::CertificateError).
    #[must_use]
    pub fn get_ref(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.0
    }
}

/// Two failures are equal when they have the same text.
impl PartialEq for DownloadFailure {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.to_string() == other.to_string()
    }
}

impl Eq for DownloadFailure {}

impl fmt::Display for DownloadFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl fmt::Debug for DownloadFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl Error for DownloadFailure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

//! How platform certificates are downloaded, and why that fails.

use std::sync::Arc;
use std::time::Duration;

use crate::client::{ApiError, Error};
use crate::protocol::{KeyError, PlatformCertificateError, VerificationError};

/// How platform certificates are downloaded and kept current ([protocol §3.3]).
///
/// The first call downloads them; later calls and notifications renew them by age. A signature by
/// an unknown certificate also starts a renewal. Renewals by age have their own pause, so that
/// forged serial numbers cannot delay them. One download runs at a time, for at most four seconds,
/// and continues when its call is dropped; there is no other task. While a renewal fails, the
/// current certificates serve on.
///
/// [protocol §3.3]: crate::docs::protocol::keys#33-first-download-renewal-rotation
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub struct CertificateDownload {
    pub(crate) host: Option<&'static str>,
    pub(crate) path: &'static str,
    pub(crate) refresh_after: Duration,
    pub(crate) at_least_apart: Duration,
}

impl CertificateDownload {
    /// Downloads from `/v3/certificates`, renews after 12 hours, and waits at least a minute
    /// between two downloads.
    pub const fn new() -> Self {
        Self {
            host: None,
            path: "/v3/certificates",
            refresh_after: Duration::from_secs(12 * 60 * 60),
            at_least_apart: Duration::from_secs(60),
        }
    }

    /// Downloads from `/v3/global/certificates` at the overseas host.
    pub const fn global() -> Self {
        let host = Some("apihk.mch.weixin.qq.com");
        Self { host, path: "/v3/global/certificates", ..Self::new() }
    }

    /// Downloads from `/hk/v3/certificates`, for merchants of Hong Kong.
    pub const fn hong_kong() -> Self {
        Self { path: "/hk/v3/certificates", ..Self::new() }
    }

    /// Sets the age at which the certificates are renewed. WeChat Pay advises one hour to two days.
    pub const fn refresh_after(self, age: Duration) -> Self {
        Self { refresh_after: age, ..self }
    }

    /// Sets the shortest time between two downloads by age, and between two because of unknown
    /// serials.
    pub const fn at_least_apart(self, pause: Duration) -> Self {
        Self { at_least_apart: pause, ..self }
    }

    /// Returns how long the client waits after an attempt. A refusal usually stays one. After a
    /// probe, which WeChat Pay signs wrongly on purpose (docs/protocol/verification.md §2.9), the
    /// next response has a right signature.
    pub(crate) fn rest_after(&self, error: Option<&CertificateError>) -> Duration {
        match error {
            Some(CertificateError::PublicKeyMode { .. }) => self.at_least_apart.saturating_mul(60),
            Some(CertificateError::Verification(why)) if why.is_probe() => Duration::ZERO,
            _ => self.at_least_apart,
        }
    }
}

impl Default for CertificateDownload {
    fn default() -> Self {
        Self::new()
    }
}

/// Why the platform certificates could not be downloaded.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// The merchant has no platform certificates.
    #[error(
        "the platform certificates were refused ({refusal}); merchants of recent years have only a WeChat Pay public \
         key: download it from the merchant platform, and give it with its id PUB_KEY_ID_… (`wechatpay_public_key`)"
    )]
    PublicKeyMode {
        /// The error response of WeChat Pay.
        refusal: Box<ApiError>,
    },
    /// The download failed on its way.
    #[error("the platform certificates could not be downloaded: {0}")]
    Call(Arc<Error>),
    /// The body is not a list of certificates that the APIv3 key decrypts.
    #[error("{0}")]
    Content(Arc<PlatformCertificateError>),
    /// The list does not prove to come from WeChat Pay.
    #[error("the list of platform certificates is not verified: {}", unverified(.0))]
    Verification(Box<VerificationError>),
    /// A certificate cannot be used beside the other keys.
    #[error("{0}")]
    Key(Arc<KeyError>),
    /// There is no APIv3 key to decrypt the certificates with.
    #[error("downloading platform certificates needs the APIv3 key (`apiv3_key`)")]
    NoApiV3Key,
}

impl CertificateError {
    /// Whether another attempt may succeed.
    pub(crate) fn is_transient(&self) -> bool {
        matches!(self, Self::Call(_))
    }
}

/// Explains why the list is not verified. An unknown key means something else here than in other
/// responses.
fn unverified(why: &VerificationError) -> String {
    match (why, why.situation()) {
        (VerificationError::UnknownKey { id, .. }, Some(situation)) => {
            format!("it is signed with the WeChat Pay key {id}: {}", situation.advice_for_list())
        }
        _ => why.to_string(),
    }
}

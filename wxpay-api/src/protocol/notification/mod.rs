//! Notifications: verify, then parse, then decrypt ([protocol §8.1]).
//!
//! [protocol §8.1]: crate::docs::protocol::notifications#81-transport

pub(super) mod envelope;
pub(super) mod misdelivery;

use std::fmt;
use std::time::SystemTime;

use http::HeaderMap;
use thiserror::Error;
use zeroize::Zeroizing;

use super::{
    AeadError, ApiV3Key, DownloadFailure, Envelope, EnvelopeError, Misdelivery, Scheme,
    SignedHeaders, UnknownKeySituation, VerificationError, WechatPayKeys,
};

/// Verifies and decrypts a notification to a merchant with this scheme.
///
/// `headers` and `body` are those of the request; `body` is the raw bytes.
///
/// # Errors
/// [`NotificationError`]: respond with 4xx or 5xx, and WeChat Pay sends the notification again ([protocol §8.3]). If
/// verification fails, the body is not read.
///
/// [protocol §8.3]: crate::docs::protocol::notifications#83-acknowledgement
pub fn decrypt(
    scheme: Scheme,
    keys: &WechatPayKeys,
    apiv3_key: &ApiV3Key,
    headers: &HeaderMap,
    body: &[u8],
    now: SystemTime,
) -> Result<Decrypted, NotificationError> {
    let untrusted = |error| NotificationError::untrusted(error, headers, body);
    let signed = SignedHeaders::read(scheme, headers).map_err(untrusted)?;
    signed.verify(keys, body, now).map_err(untrusted)?;
    let envelope = Envelope::parse(body)?;
    match envelope.resource.decrypt(scheme, apiv3_key) {
        Ok(plaintext) => Ok(Decrypted { envelope, plaintext, key_id: signed.key_id().to_owned() }),
        Err(why) => Err(NotificationError::Resource { envelope: Box::new(envelope), why }),
    }
}

/// A verified notification with its decrypted resource.
///
/// `Debug` does not show the resource.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct Decrypted {
    /// The members around the resource.
    pub envelope: Envelope,
    /// The resource: JSON, in UTF-8.
    pub plaintext: Zeroizing<Vec<u8>>,
    /// The id of the WeChat Pay key that signed, as the header `Wechatpay-Serial` names it.
    pub key_id: String,
}

impl fmt::Debug for Decrypted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Decrypted")
            .field("envelope", &self.envelope)
            .field("key_id", &self.key_id)
            .field("plaintext", &format_args!("[redacted, {} bytes]", self.plaintext.len()))
            .finish()
    }
}

/// Why a notification cannot be accepted.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum NotificationError {
    /// The client has no APIv3 key.
    #[error("no APIv3 key was given, so no notification can be decrypted; give the APIv3 key")]
    NoApiV3Key,
    /// None of several merchants holds the key that signed.
    #[error(
        "the notification is signed with the WeChat Pay key {}, which none of the {merchants} merchants holds: {situation}{}",
        super::excerpt::excerpt(key_id),
        if download.is_some() { "; the latest download of certificates failed" } else { "" }
    )]
    NoMerchant {
        /// The id in `Wechatpay-Serial`.
        key_id: String,
        /// How many merchants there are.
        merchants: usize,
        /// Why the key is missing, judged by the keys of all merchants.
        situation: UnknownKeySituation,
        /// Why the platform certificates of a merchant, which might include the key, could not be downloaded.
        #[source]
        download: Option<DownloadFailure>,
    },
    /// The notification is one of WeChat Pay's probes ([protocol §2.9]). Count probes apart, and refuse them like any
    /// wrong signature.
    ///
    /// [protocol §2.9]: crate::docs::protocol::verification#29-signature-probes
    #[error(
        "the notification is one of WeChat Pay's probes (WECHATPAY/SIGNTEST/), wrongly signed on purpose; respond with \
         4xx, and WeChat Pay sends it again with a right signature"
    )]
    Probe {
        /// The id of the claimed signing key.
        key_id: String,
    },
    /// Nothing proves that the request is from WeChat Pay.
    #[error(transparent)]
    Verification(VerificationError),
    /// Nothing proves that the request is from WeChat Pay, and it does not look like a notification.
    #[error("{found}")]
    NotAsSent {
        /// The kind of request that it looks like.
        found: Misdelivery,
        /// Why the request is not trusted.
        source: VerificationError,
    },
    /// WeChat Pay signed the notification, but its body cannot be read.
    #[error("the notification is from WeChat Pay, but cannot be read: {0}")]
    Envelope(EnvelopeError),
    /// WeChat Pay signed the notification, but its resource does not decrypt.
    #[error("the notification {} is from WeChat Pay, but its resource does not decrypt: {why}", super::excerpt::excerpt(&envelope.id))]
    Resource {
        /// The members around the resource.
        envelope: Box<Envelope>,
        /// Why the resource does not decrypt.
        why: AeadError,
    },
}

impl From<EnvelopeError> for NotificationError {
    fn from(why: EnvelopeError) -> Self {
        Self::Envelope(why)
    }
}

impl NotificationError {
    /// Whether this is one of WeChat Pay's probes ([protocol §2.9]). A probe shows that verification works.
    ///
    /// [protocol §2.9]: crate::docs::protocol::verification#29-signature-probes
    #[must_use]
    pub fn is_probe(&self) -> bool {
        matches!(self, Self::Probe { .. })
    }

    /// Why the key that signed is not held, and what to do. `None` for other errors.
    #[must_use]
    pub fn situation(&self) -> Option<UnknownKeySituation> {
        match self {
            Self::Verification(why) | Self::NotAsSent { source: why, .. } => why.situation(),
            Self::NoMerchant { situation, .. } => Some(*situation),
            _ => None,
        }
    }

    /// Chooses the error about an untrusted request by the look of the request. The request is
    /// refused in any case.
    pub(crate) fn untrusted(error: VerificationError, headers: &HeaderMap, body: &[u8]) -> Self {
        if let VerificationError::Probe { key_id } = error {
            return Self::Probe { key_id };
        }
        match Misdelivery::find(headers, body, &error) {
            Some(found) => Self::NotAsSent { found, source: error },
            None => Self::Verification(error),
        }
    }
}

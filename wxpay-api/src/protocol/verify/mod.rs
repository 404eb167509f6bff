//! Verifies that a response or a notification comes from WeChat Pay.

pub(super) mod statement;

use std::time::{SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use thiserror::Error;

use super::excerpt::excerpt;
use super::{
    DownloadFailure, Scheme, UnknownKeySituation, WechatPayKeys, is_public_key_id, message,
};

/// A message is refused if its timestamp is this many seconds or more from this machine's clock.
const TOLERANCE: u64 = 300;

pub(crate) const TIMESTAMP: &str = "Wechatpay-Timestamp";
pub(crate) const NONCE: &str = "Wechatpay-Nonce";
pub(crate) const SIGNATURE: &str = "Wechatpay-Signature";
pub(crate) const SERIAL: &str = "Wechatpay-Serial";
pub(crate) const SIGNATURE_TYPE: &str = "Wechatpay-Signature-Type";

/// A deliberately wrong signature begins with this text.
const PROBE: &str = "WECHATPAY/SIGNTEST/";

/// Verifies the signature of a response or a notification: [`SignedHeaders::read`], then [`SignedHeaders::verify`].
///
/// # Errors
/// [`VerificationError`] says why the message is not trusted.
pub fn verify(
    scheme: Scheme,
    keys: &WechatPayKeys,
    headers: &HeaderMap,
    body: &[u8],
    now: SystemTime,
) -> Result<(), VerificationError> {
    SignedHeaders::read(scheme, headers)?.verify(keys, body, now)
}

/// The headers that carry a signature of WeChat Pay ([protocol §2.1]).
///
/// [protocol §2.1]: crate::docs::protocol::verification#21-headers
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedHeaders {
    timestamp: String,
    nonce: String,
    signature: String,
    key_id: String,
}

impl SignedHeaders {
    /// Reads the headers of a response or a notification to a merchant with this scheme.
    ///
    /// `Wechatpay-Signature-Type` must name the scheme. Without this header the signature is RSA ([protocol §2.5]).
    ///
    /// # Errors
    /// [`VerificationError`] names the header that is missing, comes twice, is not ASCII, or names another scheme.
    ///
    /// [protocol §2.5]: crate::docs::protocol::verification#25-the-signature-type
    pub fn read(scheme: Scheme, headers: &HeaderMap) -> Result<Self, VerificationError> {
        let read = Self {
            timestamp: required_header(headers, TIMESTAMP)?,
            nonce: required_header(headers, NONCE)?,
            signature: required_header(headers, SIGNATURE)?,
            key_id: required_header(headers, SERIAL)?,
        };
        match (optional_header(headers, SIGNATURE_TYPE)?, scheme) {
            (Some(found), _) if found != scheme.name() => {
                Err(VerificationError::SignatureType { found: excerpt(found), expected: scheme })
            }
            (None, Scheme::Sm2) => Err(VerificationError::MissingHeader { name: SIGNATURE_TYPE }),
            _ => Ok(read),
        }
    }

    /// Verifies the signature over the raw `body` with the key that the headers name ([protocol §2.3]).
    ///
    /// # Errors
    /// [`VerificationError`] says why the message is not trusted.
    ///
    /// [protocol §2.3]: crate::docs::protocol::verification#23-order-and-limits-of-the-checks
    pub fn verify(
        &self,
        keys: &WechatPayKeys,
        body: &[u8],
        now: SystemTime,
    ) -> Result<(), VerificationError> {
        self.verified_message(keys, body, now).map(drop)
    }

    /// Verifies as [`verify`](Self::verify) does, and returns the message that the signature covers.
    pub(crate) fn verified_message(
        &self,
        keys: &WechatPayKeys,
        body: &[u8],
        now: SystemTime,
    ) -> Result<Vec<u8>, VerificationError> {
        check_freshness(&self.timestamp, now)?;
        let key = keys.find(&self.key_id).ok_or_else(|| VerificationError::UnknownKey {
            id: excerpt(&self.key_id),
            held: keys.ids(),
            download: keys.failed_download().cloned(),
        })?;
        let message = self.message(body);
        let genuine = key.verify(&message, &self.signature);
        // Probes fail verification like any bad signature, with their own error.
        match (genuine, self.signature.starts_with(PROBE)) {
            (true, false) => Ok(message),
            (_, true) => Err(VerificationError::Probe { key_id: excerpt(&self.key_id) }),
            (false, false) => Err(VerificationError::Signature { key_id: excerpt(&self.key_id) }),
        }
    }

    /// The id of the claimed signing key: `PUB_KEY_ID_…` or a certificate's serial number.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Whether the claimed signing key is a WeChat Pay public key, not a certificate ([protocol §2.4]).
    ///
    /// [protocol §2.4]: crate::docs::protocol::verification#24-selecting-the-key
    #[must_use]
    pub fn is_by_public_key(&self) -> bool {
        is_public_key_id(&self.key_id)
    }

    /// Builds the message that the signature covers, with `body` as its last line ([protocol §2.2]).
    ///
    /// [protocol §2.2]: crate::docs::protocol::verification#22-the-message
    #[must_use]
    pub fn message(&self, body: &[u8]) -> Vec<u8> {
        message::response(&self.timestamp, &self.nonce, body)
    }
}

/// Why a message is not trusted.
///
/// WeChat Pay may have executed a call whose response fails verification: query the order before you try again
/// ([protocol §10.3]).
///
/// [protocol §10.3]: crate::docs::protocol::errors#103-idempotency-and-retries
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum VerificationError {
    /// A header is missing or empty.
    #[error(
        "the header {name} is missing; WeChat Pay signs everything it sends, but a proxy may strip headers"
    )]
    MissingHeader {
        /// The header's name.
        name: &'static str,
    },
    /// A header came more than once.
    #[error("the header {name} comes more than once, so it is unclear which one is signed")]
    DuplicateHeader {
        /// The header's name.
        name: &'static str,
    },
    /// A header has characters that are not visible ASCII.
    #[error("the header {name} is not ASCII text")]
    UnreadableHeader {
        /// The header's name.
        name: &'static str,
    },
    /// The signature has another scheme than the merchant's.
    #[error("it is signed with {found}, but this merchant's scheme is {expected}")]
    SignatureType {
        /// The scheme found.
        found: String,
        /// The merchant's scheme.
        expected: Scheme,
    },
    /// The timestamp is not a number of seconds.
    #[error("the header Wechatpay-Timestamp is not a number of seconds: `{found}`")]
    Timestamp {
        /// The text found.
        found: String,
    },
    /// The timestamp is too far from this machine's clock.
    #[error("{}", clock_error(*seconds))]
    Clock {
        /// This machine's clock minus the timestamp.
        seconds: i64,
    },
    /// The key that signed is not held. [`situation`](VerificationError::situation) says why.
    #[error(
        "it is signed with the WeChat Pay key {id}, which is not held (held: {}): {}{}",
        if held.is_empty() { "none".to_owned() } else { held.join(", ") },
        UnknownKeySituation::of(id, held),
        if download.is_some() { "; the latest download of certificates failed" } else { "" }
    )]
    UnknownKey {
        /// The id in `Wechatpay-Serial`.
        id: String,
        /// The ids of the keys held.
        held: Vec<String>,
        /// Why the platform certificates, which might include the key, could not be downloaded.
        #[source]
        download: Option<DownloadFailure>,
    },
    /// WeChat Pay sent a deliberately wrong signature, to test that the merchant verifies signatures.
    #[error(
        "the signature is one of WeChat Pay's probes (WECHATPAY/SIGNTEST/), wrong on purpose; refuse it, and WeChat \
         Pay sends the same message again with a right signature"
    )]
    Probe {
        /// The id of the claimed signing key.
        key_id: String,
    },
    /// The signature is wrong.
    #[error(
        "the signature does not match the body and the key {key_id}; was the body changed on its way, or re-encoded?"
    )]
    Signature {
        /// The id of the claimed signing key.
        key_id: String,
    },
}

impl VerificationError {
    /// Whether this is one of WeChat Pay's probes ([protocol §2.9]). Count probes apart, and never accept them.
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
            Self::UnknownKey { id, held, .. } => Some(UnknownKeySituation::of(id, held)),
            _ => None,
        }
    }
}

/// Returns the value of a header that must be there exactly once.
pub(crate) fn required_header(
    headers: &HeaderMap,
    name: &'static str,
) -> Result<String, VerificationError> {
    let value = optional_header(headers, name)?.ok_or(VerificationError::MissingHeader { name })?;
    Ok(value.to_owned())
}

fn optional_header<'a>(
    headers: &'a HeaderMap,
    name: &'static str,
) -> Result<Option<&'a str>, VerificationError> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(VerificationError::DuplicateHeader { name });
    }
    let text = value.to_str().map_err(|_| VerificationError::UnreadableHeader { name })?;
    Ok((!text.is_empty()).then_some(text))
}

/// Refuses a timestamp that is stale, too early, or not a number of seconds. An attacker may send a captured message
/// again ([protocol §2.3]).
///
/// [protocol §2.3]: crate::docs::protocol::verification#23-order-and-limits-of-the-checks
fn check_freshness(timestamp: &str, now: SystemTime) -> Result<(), VerificationError> {
    let theirs: i64 = timestamp
        .parse()
        .map_err(|_| VerificationError::Timestamp { found: excerpt(timestamp) })?;
    let seconds = unix_seconds(now).saturating_sub(theirs);
    if seconds.unsigned_abs() < TOLERANCE {
        return Ok(());
    }
    Err(VerificationError::Clock { seconds })
}

fn unix_seconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(before) => {
            i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds)
        }
    }
}

/// Describes a timestamp that is too far from the clock.
fn clock_error(seconds: i64) -> String {
    let direction = if seconds < 0 { "ahead of" } else { "behind" };
    format!(
        "its timestamp is {} s {direction} this machine's clock, and 300 s is the limit; check the clock, or it is an old \
         message played again",
        seconds.unsigned_abs()
    )
}

//! What went wrong with a call.

use std::fmt;
use std::time::Duration;

use crate::client::{ApiError, CertificateError, InputError};
use crate::protocol::excerpt::excerpt_of;
use crate::protocol::{BillDecryptionError, CryptoError, NoEncryptionKey, VerificationError};
use crate::wire::DecodeError;

/// What went wrong.
///
/// ```
/// use wxpay_api::{Error, ErrorKind};
///
/// fn describe(error: &Error) -> String {
///     match error.kind() {
///         ErrorKind::Api(api) => format!("{} {}: {}", api.status, api.code, api.message),
///         ErrorKind::Deadline(limit) => format!("no response in {limit:?}"),
///         kind => kind.to_string(),
///     }
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request cannot be sent as it is.
    #[error(transparent)]
    Input(#[from] InputError),
    /// No WeChat Pay key is valid now, so that no response could be verified.
    #[error(transparent)]
    Keys(#[from] NoEncryptionKey),
    /// There is no WeChat Pay key yet, and the platform certificates could not be downloaded.
    #[error(transparent)]
    Certificates(#[from] CertificateError),
    /// The request could not be signed.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// No connection was made: name resolution, the proxy, TCP or TLS failed.
    #[error("no connection was made")]
    Connect(#[source] TransportError),
    /// No connection was made in the time that one attempt has for it.
    #[error("no connection was made within {} s", .0.as_secs_f32())]
    ConnectTimeout(Duration),
    /// The connection failed after the request may have been sent.
    #[error("the connection failed before the whole response was here")]
    Transport(#[source] TransportError),
    /// One attempt took too long, and the deadline left no other.
    #[error("no response within the {} s of one attempt", .0.as_secs_f32())]
    AttemptTimeout(Duration),
    /// The deadline of the call passed.
    #[error("no response within {} s", .0.as_secs_f32())]
    Deadline(Duration),
    /// The response was longer than the client's limit.
    #[error("the response is longer than {limit} bytes")]
    #[non_exhaustive]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// A redirect, which is never followed: a signature holds for one target.
    #[error("the response is {status}, a redirect, which is not followed; is a proxy in between?")]
    #[non_exhaustive]
    Redirect {
        /// The status.
        status: u16,
    },
    /// The response did not prove to come from WeChat Pay ([protocol §2]).
    ///
    /// [protocol §2]: crate::docs::protocol::verification
    #[error(transparent)]
    Verification(#[from] VerificationError),
    /// An error response ([protocol §10.1]), WeChat Pay's or a gateway's.
    ///
    /// [protocol §10.1]: crate::docs::protocol::errors#101-the-body-of-an-error
    #[error("{0}")]
    Api(Box<ApiError>),
    /// Verified and accepted, but the body is not as documented.
    #[error("accepted and verified, but unreadable: the body is {0}")]
    Unreadable(DecodeError),
    /// WeChat Pay accepted the request and is still working on it: query for the result
    /// ([protocol §10.2]). A 202 with a body is read like any other 2xx.
    ///
    /// [protocol §10.2]: crate::docs::protocol::errors#102-status-codes
    #[error("the response is 202 without a result: still being processed, query for it")]
    Pending,
    /// A downloaded file is damaged: it is no whole gzip file.
    #[error("the downloaded file is damaged, its gzip cannot be unpacked")]
    Damaged(#[source] std::io::Error),
    /// An encrypted bill does not decrypt ([protocol §7.4]).
    ///
    /// [protocol §7.4]: crate::docs::protocol::downloads#74-encrypted-bills
    #[error(transparent)]
    Decryption(#[from] BillDecryptionError),
    /// The download already failed, or a part of it was read before the whole was requested.
    #[error("the download failed before, or a part of it was already read; start it again")]
    Stopped,
    /// A downloaded file could not be written.
    #[error("the file cannot be written")]
    Write(#[source] std::io::Error),
    /// A downloaded file is not the one that was announced ([protocol §7]).
    ///
    /// [protocol §7]: crate::docs::protocol::downloads
    #[error("the file's {algorithm} is {found}, announced was {announced}")]
    #[non_exhaustive]
    Digest {
        /// The digest's algorithm.
        algorithm: &'static str,
        /// The announced digest.
        announced: String,
        /// The digest of the received bytes.
        found: String,
    },
}

/// A proxy's text in a transport's error must not flood a log.
const LONGEST_CAUSE: usize = 200;

/// The error that the HTTP stack reported, without the URL.
#[derive(Debug)]
pub struct TransportError(reqwest::Error);

impl TransportError {
    pub(crate) fn new(error: reqwest::Error) -> Self {
        Self(error.without_url())
    }
}

/// Returns the innermost cause. The layers above it only say that a request failed.
impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cause: &dyn std::error::Error = &self.0;
        while let Some(source) = cause.source() {
            cause = source;
        }
        f.write_str(&excerpt_of(&cause.to_string(), LONGEST_CAUSE))
    }
}

impl std::error::Error for TransportError {}

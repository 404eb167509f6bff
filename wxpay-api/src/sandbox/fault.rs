//! Faults that a test injects: wrong signatures, broken bodies and connections, delays.

use std::time::Duration;

/// A fault of one exchange; see [`Sandbox::inject_fault`](super::Sandbox::inject_fault).
///
/// A fault changes what the sandbox sends. The sandbox still checks, records and executes the request, unless the
/// variant says otherwise or the fault is [`unexecuted`](Fault::unexecuted).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// The right body with a wrong signature.
    Signature(SignatureFault),
    /// A gateway's HTML page in place of the response.
    Html {
        /// The HTTP status.
        status: u16,
        /// Whether the page has a right signature. A success is signed only if the request was executed.
        signed: bool,
    },
    /// Random bytes as JSON, rightly signed.
    Garbage {
        /// The number of bytes.
        length: usize,
    },
    /// JSON with a byte that is not UTF-8, rightly signed.
    InvalidUtf8,
    /// Half the body, then the connection is closed.
    TruncatedBody,
    /// The right response with a slow body.
    Drip {
        /// Bytes at a time, at least one.
        piece: usize,
        /// How long the sandbox waits after each piece.
        pause: Duration,
    },
    /// A redirect.
    Redirect {
        /// The URL of the `Location` header.
        location: String,
    },
    /// An error: `RATELIMIT_EXCEEDED` for status 429, else `SYSTEM_ERROR`. With 429, the sandbox does not execute
    /// the request ([protocol §10.2]).
    ///
    /// [protocol §10.2]: crate::docs::protocol::errors#102-status-codes
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// The seconds of `Retry-After`; `None` omits the header.
        retry_after: Option<u64>,
    },
    /// Closes the connection before the request's body is read. The journal does not record such a request.
    CloseBeforeReading,
    /// Closes the connection after executing the request, without a response.
    CloseAfterReading,
    /// Resets the connection before the request's body is read. The journal does not record such a request.
    ResetBeforeReading,
    /// Resets the connection after executing the request, without a response.
    ResetAfterReading,
    /// The right response after a delay.
    Delay(Duration),
    /// Another fault, without executing the request; see [`unexecuted`](Fault::unexecuted).
    Unexecuted(Box<Fault>),
}

impl Fault {
    /// Returns this fault without execution: the sandbox records the request and does not execute it.
    ///
    /// If the fault would leave the right response as it is, the sandbox sends a `SYSTEM_ERROR` instead.
    #[must_use]
    pub fn unexecuted(self) -> Self {
        Self::Unexecuted(Box::new(self))
    }
}

/// A fault of a signature.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SignatureFault {
    /// One of WeChat Pay's probes, `WECHATPAY/SIGNTEST/…` ([protocol §2.9]).
    ///
    /// [protocol §2.9]: crate::docs::protocol::verification#29-signature-probes
    Probe,
    /// The signature of another body.
    OtherBody,
    /// No header of this kind.
    Without(SignedHeader),
    /// `Wechatpay-Serial` names a key that does not exist.
    UnknownSerial,
    /// A right signature by WeChat Pay's other key ([protocol §3.4]): a certificate's if the request named the
    /// public key, and the reverse.
    ///
    /// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
    OtherKey,
    /// A right signature with a timestamp this many seconds in the future; in the past if negative.
    Clock(i64),
    /// A right signature with a nonce of this length.
    NonceLength(usize),
    /// A right signature with this `Wechatpay-Signature-Type`.
    SignatureType(&'static str),
}

/// A header of a signature.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SignedHeader {
    /// `Wechatpay-Timestamp`.
    Timestamp,
    /// `Wechatpay-Nonce`.
    Nonce,
    /// `Wechatpay-Signature`.
    Signature,
    /// `Wechatpay-Serial`.
    Serial,
    /// `Wechatpay-Signature-Type`.
    SignatureType,
}

impl SignedHeader {
    /// Returns the name of the header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Timestamp => "Wechatpay-Timestamp",
            Self::Nonce => "Wechatpay-Nonce",
            Self::Signature => "Wechatpay-Signature",
            Self::Serial => "Wechatpay-Serial",
            Self::SignatureType => "Wechatpay-Signature-Type",
        }
    }
}

impl From<SignatureFault> for Fault {
    fn from(fault: SignatureFault) -> Self {
        Self::Signature(fault)
    }
}

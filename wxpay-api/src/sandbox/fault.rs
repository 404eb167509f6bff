//! What goes wrong between WeChat Pay and a merchant, on demand.

use std::time::Duration;

/// How the sandbox spoils an answer; see [`Sandbox::inject_fault`](super::Sandbox::inject_fault).
///
/// The request is checked, noted down and carried out as always, unless a variant says otherwise or
/// it is [`unexecuted`](Fault::unexecuted); only what is sent differs.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// The right body with a wrong signature.
    Signature(SignatureFault),
    /// A gateway's HTML page in place of the answer.
    Html {
        /// The status.
        status: u16,
        /// Whether it carries a right signature.
        signed: bool,
    },
    /// This many random bytes as JSON, rightly signed.
    Garbage {
        /// How many.
        length: usize,
    },
    /// JSON with a byte that is not UTF-8, rightly signed.
    InvalidUtf8,
    /// Half the body, then the connection is closed.
    TruncatedBody,
    /// The right answer, its body slowly.
    Drip {
        /// Bytes at a time, at least one.
        piece: usize,
        /// How long the sandbox waits after each piece.
        pause: Duration,
    },
    /// A redirect to a URL.
    Redirect {
        /// The URL.
        location: String,
    },
    /// An error, with `Retry-After` if it is given: 429 `RATELIMIT_EXCEEDED`, else `SYSTEM_ERROR`. A
    /// request answered with 429 is not carried out ([protocol §10.2]).
    ///
    /// [protocol §10.2]: crate::docs::protocol::errors#102-status-codes
    Unavailable {
        /// The status.
        status: u16,
        /// Seconds to wait.
        retry_after: Option<u64>,
    },
    /// The connection is closed before the request's body is read. Such a request is not noted down.
    CloseBeforeReading,
    /// The connection is closed when the request was read and acted upon.
    CloseAfterReading,
    /// The connection is reset before the request's body is read. Such a request is not noted down.
    ResetBeforeReading,
    /// The connection is reset when the request was read and acted upon.
    ResetAfterReading,
    /// The right answer, late.
    Delay(Duration),
    /// Without the request being carried out; made by [`unexecuted`](Fault::unexecuted).
    Unexecuted(Box<Fault>),
}

impl Fault {
    /// The same, but the request is not carried out, though it is noted down. Where the right answer
    /// would be sent, a `SYSTEM_ERROR` is.
    #[must_use]
    pub fn unexecuted(self) -> Self {
        Self::Unexecuted(Box::new(self))
    }
}

/// How a signature is wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SignatureFault {
    /// One of WeChat Pay's probes, `WECHATPAY/SIGNTEST/…` ([protocol §2.9]).
    ///
    /// [protocol §2.9]: crate::docs::protocol::verification#29-signature-probes
    Probe,
    /// The signature of another body.
    OtherBody,
    /// A header is left out, for example `Wechatpay-Nonce`.
    Without(&'static str),
    /// `Wechatpay-Serial` names a key that nobody has.
    UnknownSerial,
    /// Rightly signed by WeChat Pay's other key: by a certificate where the public key was asked for,
    /// and the other way round ([protocol §3.4]).
    ///
    /// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
    OtherKey,
    /// Rightly signed, this many seconds in the future; in the past if negative.
    Clock(i64),
    /// Rightly signed, with a nonce of this length.
    NonceLength(usize),
    /// Rightly signed, and `Wechatpay-Signature-Type` says this.
    SignatureType(&'static str),
}

impl From<SignatureFault> for Fault {
    fn from(fault: SignatureFault) -> Self {
        Self::Signature(fault)
    }
}

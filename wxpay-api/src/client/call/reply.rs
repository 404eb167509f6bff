//! A verified response and everything around it.

use std::fmt;

use http::{HeaderMap, StatusCode};

use crate::client::error::failure::AttemptFailure;
use crate::client::operation::facts::OperationFacts;
use crate::client::{Error, FromResponse, Payload, RawResponse};
use crate::protocol::{Authorization, Merchant};
use crate::wire::{Correction, Json};

/// A verified response: the value, and beside it everything of HTTP and of the protocol.
///
/// The value is a field, and everything else is a method, because many responses have members such
/// as `status` or `body`. `reply.value.status` is the order's, and `reply.http_status()` the
/// response's.
#[derive(Clone)]
pub struct Reply<T> {
    /// The value that WeChat Pay returned.
    pub value: T,
    corrections: Vec<Correction>,
    exchange: CheckedResponse,
}

/// The request as it was sent, for inspection.
#[derive(Clone)]
#[non_exhaustive]
pub struct Sent {
    /// The HTTP method.
    pub method: &'static str,
    /// Scheme and host the request went to.
    pub origin: String,
    /// Path and query, as sent and as signed.
    pub target: String,
    /// The body as sent; secrets in it are encrypted.
    pub body: Payload,
    /// The parts of the `Authorization` header.
    pub authorization: Authorization,
    /// The message that was signed ([protocol §1.1]).
    ///
    /// [protocol §1.1]: crate::docs::protocol::signing#11-the-message
    pub signed_message: Vec<u8>,
    /// The key id sent as `Wechatpay-Serial` ([protocol §3.4]); empty while no key was held yet.
    ///
    /// [protocol §3.4]: crate::docs::protocol::keys#34-the-public-key-and-wechatpay-serial
    pub wechatpay_serial: String,
    /// How many times the request was sent.
    pub attempts: u32,
}

/// A request, and the response that passed the checks.
#[derive(Clone)]
pub(crate) struct CheckedResponse {
    pub(crate) facts: OperationFacts,
    pub(crate) sent: Sent,
    pub(crate) received: RawResponse,
    pub(crate) verified_message: Vec<u8>,
    /// Whether bodies are traced.
    pub(crate) trace_bodies: bool,
    /// The merchant with the keys of the call's start. They decrypt the response's secrets.
    pub(crate) merchant: Merchant,
}

impl CheckedResponse {
    pub(crate) fn typed<T: FromResponse>(self) -> Result<Reply<T>, Error> {
        self.trace(T::secret_paths);
        self.read()
    }

    /// The response as JSON; one without a body is `null`.
    pub(crate) fn untyped(self) -> Result<Reply<Json>, Error> {
        self.trace_untyped();
        if self.received.body.is_empty() {
            return Ok(Reply { value: Json::Null, corrections: Vec::new(), exchange: self });
        }
        self.read()
    }

    fn read<T: FromResponse>(self) -> Result<Reply<T>, Error> {
        match T::from_response(&self.received.body, &self.merchant) {
            Ok((value, corrections)) => Ok(Reply { value, corrections, exchange: self }),
            Err(why) => {
                let failure = AttemptFailure::unreadable(why).received(self.received);
                Err(Error::new(&self.facts, failure, self.sent.attempts))
            }
        }
    }

    /// Traces the response, if bodies are traced. `secrets` returns the key paths of its secrets.
    fn trace(&self, secrets: impl FnOnce(&[u8]) -> Vec<String>) {
        #[cfg(feature = "trace-bodies")]
        if self.trace_bodies {
            crate::client::body_trace::typed(&self.received, &secrets(&self.received.body));
        }
        #[cfg(not(feature = "trace-bodies"))]
        let _ = (self.trace_bodies, secrets);
    }

    fn trace_untyped(&self) {
        #[cfg(feature = "trace-bodies")]
        if self.trace_bodies {
            crate::client::body_trace::untyped(&self.received);
        }
    }
}

impl<T> Reply<T> {
    /// The value alone.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The HTTP status.
    pub fn http_status(&self) -> StatusCode {
        self.exchange.received.status
    }

    /// The HTTP headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.exchange.received.headers
    }

    /// The `Request-ID` to give to WeChat Pay's support.
    pub fn request_id(&self) -> Option<&str> {
        self.exchange.received.request_id()
    }

    /// The body as it came.
    pub fn body(&self) -> &[u8] {
        &self.exchange.received.body
    }

    /// Returns where the response deviates from its documentation, and how the client read it.
    pub fn corrections(&self) -> &[Correction] {
        &self.corrections
    }

    /// Returns the request as it was sent.
    pub fn sent(&self) -> &Sent {
        &self.exchange.sent
    }

    /// The message whose signature was verified ([protocol §2.2]).
    ///
    /// [protocol §2.2]: crate::docs::protocol::verification#22-the-message
    pub fn verified_message(&self) -> &[u8] {
        &self.exchange.verified_message
    }
}

/// Shows neither the body nor the value: they may hold personal data.
impl<T> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("received", &self.exchange.received)
            .field("corrections", &self.corrections)
            .finish_non_exhaustive()
    }
}

/// Shows lengths in place of the body and the message: they may hold personal data.
impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent")
            .field("method", &self.method)
            .field("origin", &self.origin)
            .field("body_length", &self.body.len())
            .field("authorization", &self.authorization)
            .field("wechatpay_serial", &self.wechatpay_serial)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

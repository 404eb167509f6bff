//! The invoker, which signs the values of one merchant's front ends with the time and a nonce.

use std::time::SystemTime;

use super::value::InvokeError;
use crate::protocol::{CryptoError, Merchant, Nonce};

/// Makes the values of one merchant's front ends.
///
/// [`Client::invoke`](crate::Client::invoke) and [`Merchant::invoke`] return it. Each value has the current time and a new
/// random nonce, unless [`at`](Invoker::at) fixes them.
#[derive(Clone, Debug)]
pub struct Invoker {
    merchant: Merchant,
    stamp: Option<SigningMoment>,
}

impl Merchant {
    /// Returns the invoker, which makes the values for front ends ([protocol §9]).
    ///
    /// [protocol §9]: crate::docs::protocol::invocation
    #[must_use]
    pub fn invoke(&self) -> Invoker {
        Invoker { merchant: self.clone(), stamp: None }
    }
}

impl Invoker {
    /// Fixes the time, in Unix seconds, and the nonce, of at most 32 characters ([protocol §1.9]).
    ///
    /// Tests get the same signature twice.
    ///
    /// [protocol §1.9]: crate::docs::protocol::signing#19-nonces
    #[must_use]
    pub fn at(self, timestamp: u64, nonce: Nonce) -> Self {
        Self { stamp: Some(SigningMoment::new(timestamp, &nonce)), ..self }
    }

    pub(super) fn merchant(&self) -> &Merchant {
        &self.merchant
    }

    /// The merchant number; a service provider's own in partner mode.
    pub(super) fn mchid(&self) -> String {
        self.merchant.id().to_owned()
    }

    pub(super) fn stamp(&self) -> Result<SigningMoment, InvokeError> {
        self.stamp.clone().map_or_else(SigningMoment::now, SigningMoment::checked)
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<String, CryptoError> {
        self.merchant.sign(message)
    }
}

/// Front ends accept nonces of at most 32 characters.
const LONGEST_NONCE: usize = 32;

/// The time and the nonce of one signature.
#[derive(Clone, Debug)]
pub(super) struct SigningMoment {
    /// Unix seconds as decimal text: front ends refuse a number.
    pub(super) timestamp: String,
    pub(super) nonce: String,
}

impl SigningMoment {
    pub(super) fn new(timestamp: u64, nonce: &Nonce) -> Self {
        Self { timestamp: timestamp.to_string(), nonce: nonce.as_str().to_owned() }
    }

    pub(super) fn now() -> Result<Self, InvokeError> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Ok(Self::new(now.as_secs(), &Nonce::random()?))
    }

    pub(super) fn checked(self) -> Result<Self, InvokeError> {
        match self.nonce.len() {
            ..=LONGEST_NONCE => Ok(self),
            length => Err(InvokeError::NonceLength { length }),
        }
    }
}

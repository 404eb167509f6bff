use super::InvokeError;
use super::stamp::Stamp;
use crate::protocol::{CryptoError, Merchant, Nonce};

/// Makes the values of one merchant's front ends; [`Client::invoke`](crate::Client::invoke) and [`Merchant::invoke`]
/// give it.
///
/// Every value takes the clock and a random nonce of its own, unless [`at`](Invoker::at) says otherwise.
#[derive(Clone, Debug)]
pub struct Invoker {
    merchant: Merchant,
    stamp: Option<Stamp>,
}

impl Merchant {
    /// Makes what the front end needs to pay, to confirm or to collect ([protocol §9]).
    ///
    /// [protocol §9]: crate::docs::protocol::invocation
    #[must_use]
    pub fn invoke(&self) -> Invoker {
        Invoker { merchant: self.clone(), stamp: None }
    }
}

impl Invoker {
    /// With this time in Unix seconds and this nonce of at most 32 characters ([protocol §1.9]), for tests: the same
    /// signature twice.
    ///
    /// [protocol §1.9]: crate::docs::protocol::signing#19-nonces
    #[must_use]
    pub fn at(self, timestamp: u64, nonce: Nonce) -> Self {
        Self { stamp: Some(Stamp::new(timestamp, &nonce)), ..self }
    }

    pub(super) fn merchant(&self) -> &Merchant {
        &self.merchant
    }

    /// The merchant number; a service provider's own in partner mode.
    pub(super) fn mchid(&self) -> String {
        self.merchant.id().to_owned()
    }

    pub(super) fn stamp(&self) -> Result<Stamp, InvokeError> {
        self.stamp.clone().map_or_else(Stamp::now, Stamp::checked)
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<String, CryptoError> {
        self.merchant.sign(message)
    }
}

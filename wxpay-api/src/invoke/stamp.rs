use std::time::SystemTime;

use super::InvokeError;
use crate::protocol::Nonce;

/// The longest nonce of an invocation (docs/protocol/signing.md §1.9).
const LONGEST: usize = 32;

/// The time and the nonce of one signature.
#[derive(Clone, Debug)]
pub(super) struct Stamp {
    /// Decimal Unix seconds: front ends refuse a number (docs/protocol/invocation.md §9.1).
    pub(super) timestamp: String,
    pub(super) nonce: String,
}

impl Stamp {
    pub(super) fn new(timestamp: u64, nonce: &Nonce) -> Self {
        Self { timestamp: timestamp.to_string(), nonce: nonce.as_str().to_owned() }
    }

    pub(super) fn now() -> Result<Self, InvokeError> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Ok(Self::new(now.as_secs(), &Nonce::random()?))
    }

    pub(super) fn checked(self) -> Result<Self, InvokeError> {
        match self.nonce.len() {
            ..=LONGEST => Ok(self),
            length => Err(InvokeError::NonceLength { length }),
        }
    }
}

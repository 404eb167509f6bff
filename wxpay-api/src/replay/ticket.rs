use super::{ReplayError, ReplayKeys};
use crate::protocol::Nonce;

/// A claim that was granted. Complete or release it; one that is dropped holds until its lease ends.
#[derive(Debug)]
#[must_use = "complete or release it, or the event waits for the end of the lease"]
pub struct Ticket {
    keys: ReplayKeys,
    token: Nonce,
}

impl Ticket {
    /// A ticket for these keys, for implementations of [`ReplayGuard`](super::ReplayGuard).
    ///
    /// # Errors
    ///
    /// [`ReplayError::Store`] when the system has no randomness to tell it from others.
    pub fn new(keys: &ReplayKeys) -> Result<Self, ReplayError> {
        let token = Nonce::random().map_err(ReplayError::store)?;
        Ok(Self { keys: keys.clone(), token })
    }

    /// What was claimed.
    #[must_use]
    pub fn keys(&self) -> &ReplayKeys {
        &self.keys
    }

    /// What tells this claim from every other: 32 letters and digits.
    #[must_use]
    pub fn token(&self) -> &str {
        self.token.as_str()
    }
}

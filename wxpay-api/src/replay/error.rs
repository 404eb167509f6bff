use std::error::Error;

/// Why a guard does not know, or could not note down, whether an event was acted upon.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The store did not answer, or not as it should.
    #[error("the store of the replay guard failed; answer 5xx, and the notification comes again")]
    Store(#[source] Box<dyn Error + Send + Sync>),
    /// As many keys as the guard holds are claimed at this moment.
    #[error("{capacity} keys are claimed at this moment, which is all that the replay guard holds")]
    Full {
        /// How many keys it holds.
        capacity: usize,
    },
    /// The lease ended before the event was completed, and another claimed it since.
    #[error(
        "the lease ended before the event was completed, and it was claimed again: it may be acted upon twice; give \
         handlers a longer lease"
    )]
    LeaseLost,
}

impl ReplayError {
    /// What a store says of itself, for implementations of [`ReplayGuard`](super::ReplayGuard).
    pub fn store(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Store(source.into())
    }
}

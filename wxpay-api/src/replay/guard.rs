//! The contract of a replay guard: claims, tickets and errors.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use super::ReplayKeys;
use crate::protocol::Nonce;

/// The default lease of a claim: 45 seconds.
///
/// A handler has 5 seconds to respond, so the lease is long enough. It ends before the third repeat, which comes a minute
/// after the first attempt ([protocol §8.4]).
///
/// [protocol §8.4]: crate::docs::protocol::notifications#84-retry-schedule
pub const DEFAULT_LEASE: Duration = Duration::from_secs(45);

/// How long a guard remembers handled events by default: 48 hours.
///
/// WeChat Pay repeats a notification for 24 hours and 4 minutes ([protocol §8.4]).
///
/// [protocol §8.4]: crate::docs::protocol::notifications#84-retry-schedule
pub const DEFAULT_MEMORY: Duration = Duration::from_secs(48 * 60 * 60);

/// The future that a guard's methods return.
pub type ReplayFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, ReplayError>> + Send + 'a>>;

/// Remembers the notifications that were handled. Usable as `Arc<dyn ReplayGuard>`.
///
/// [`once`](super::once) calls the methods in the right order. An implementation for another store keeps three rules:
///
/// * Of any number of simultaneous claims of a key, exactly one is [`Claim::New`].
/// * A lease ends by itself.
/// * A store that does not respond is an error, never [`Claim::New`].
pub trait ReplayGuard: fmt::Debug + Send + Sync {
    /// Claims all keys, or none of them.
    ///
    /// # Errors
    ///
    /// [`ReplayError`] if the store does not respond. Respond with 5xx, so that WeChat Pay sends the notification again.
    fn claim<'a>(&'a self, keys: &'a ReplayKeys) -> ReplayFuture<'a, Claim>;

    /// Records that the event was handled: its keys are [`Claim::Done`] from now on.
    ///
    /// This works even after the lease, unless another handler claimed a key since.
    ///
    /// # Errors
    ///
    /// [`ReplayError::LeaseLost`] if another handler claimed a key since; its claim stays. After any error, acknowledge
    /// the notification all the same: the event was handled.
    fn complete(&self, ticket: Ticket) -> ReplayFuture<'_, ()>;

    /// Releases the keys, so that the next notification is [`Claim::New`] at once. Claims of other handlers stay.
    ///
    /// # Errors
    ///
    /// [`ReplayError`] if the store does not respond. The end of the lease then releases the keys.
    fn release(&self, ticket: Ticket) -> ReplayFuture<'_, ()>;
}

/// The result of a claim.
#[derive(Debug)]
#[must_use = "only a new event may be handled"]
pub enum Claim {
    /// The event is new: handle it, then complete or release the ticket.
    New(Ticket),
    /// Another handler has the lease. Respond with 5xx, so that WeChat Pay sends the notification again.
    InProgress,
    /// The event was handled: acknowledge the notification and do nothing.
    Done,
}

/// A granted claim. Complete or release it: a dropped ticket keeps its keys until the lease ends.
#[derive(Debug)]
#[must_use = "complete or release it, or the event waits for the end of the lease"]
pub struct Ticket {
    keys: ReplayKeys,
    token: Nonce,
}

impl Ticket {
    /// Creates a ticket for these keys, for implementations of [`ReplayGuard`].
    ///
    /// # Errors
    ///
    /// [`ReplayError::Store`] if the system has no randomness for the token.
    pub fn new(keys: &ReplayKeys) -> Result<Self, ReplayError> {
        let token = Nonce::random().map_err(ReplayError::store)?;
        Ok(Self { keys: keys.clone(), token })
    }

    /// Returns the claimed keys.
    #[must_use]
    pub fn keys(&self) -> &ReplayKeys {
        &self.keys
    }

    /// Returns the token, which only this claim has: 32 letters and digits.
    #[must_use]
    pub fn token(&self) -> &str {
        self.token.as_str()
    }
}

/// Why a guard could not find out or record whether an event was handled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The store did not respond, or its response was not the expected one.
    #[error(
        "the store of the replay guard failed; respond with 5xx, and WeChat Pay sends the notification again"
    )]
    Store(#[source] Box<dyn Error + Send + Sync>),
    /// As many keys are claimed as the guard can hold.
    #[error("{capacity} keys are claimed, which is the capacity of the replay guard; raise it")]
    Full {
        /// The capacity of the guard.
        capacity: usize,
    },
    /// The lease ended before the event was completed, and another handler claimed the event since.
    #[error(
        "the lease ended before the event was completed, and another handler claimed it: the event may be handled \
         twice; set a longer lease"
    )]
    LeaseLost,
}

impl ReplayError {
    /// Wraps the error of a store, for implementations of [`ReplayGuard`].
    pub fn store(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Store(source.into())
    }
}

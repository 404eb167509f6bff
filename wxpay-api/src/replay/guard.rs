use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use super::{ReplayError, ReplayKeys, Ticket};

/// How long a claim holds unless it is said otherwise: longer than a handler takes, which has 5 seconds
/// to answer, and over before the third repeat, a minute after the first attempt ([protocol §8.4]).
///
/// [protocol §8.4]: crate::docs::protocol::notifications#84-retry-schedule
pub const DEFAULT_LEASE: Duration = Duration::from_secs(45);

/// How long it is remembered what was acted upon unless it is said otherwise: twice the 24 hours and
/// 4 minutes for which WeChat Pay repeats a notification ([protocol §8.4]).
///
/// [protocol §8.4]: crate::docs::protocol::notifications#84-retry-schedule
pub const DEFAULT_MEMORY: Duration = Duration::from_secs(48 * 60 * 60);

/// What a guard answers with, later.
pub type ReplayFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, ReplayError>> + Send + 'a>>;

/// Remembers which notifications were acted upon. Usable as `Arc<dyn ReplayGuard>`.
///
/// [`once`](super::once) goes through the steps in their order. Whoever implements one for another store
/// keeps to three rules: of any number of simultaneous claims to a key, one is [`Claim::New`]; a lease ends
/// by itself; and a store that does not answer is an error, never `New`.
pub trait ReplayGuard: fmt::Debug + Send + Sync {
    /// Claims all keys, or none of them.
    ///
    /// # Errors
    ///
    /// [`ReplayError`] when the store does not answer: answer 5xx, and the notification comes again.
    fn claim<'a>(&'a self, keys: &'a ReplayKeys) -> ReplayFuture<'a, Claim>;

    /// Says that the event was acted upon: its keys are [`Claim::Done`] from now on. That works after the
    /// lease too, as long as nobody else claimed a key.
    ///
    /// # Errors
    ///
    /// [`ReplayError::LeaseLost`] when somebody else did, whose claim stays untouched. Whatever the error,
    /// answer that the event was handled, because it was.
    fn complete(&self, ticket: Ticket) -> ReplayFuture<'_, ()>;

    /// Gives the keys back, so that the next notification is [`Claim::New`] at once; another's claim
    /// stays untouched.
    ///
    /// # Errors
    ///
    /// [`ReplayError`] when the store does not answer: the keys come free with the end of the lease.
    fn release(&self, ticket: Ticket) -> ReplayFuture<'_, ()>;
}

/// What becomes of a notification.
#[derive(Debug)]
#[must_use = "only a new event may be acted upon"]
pub enum Claim {
    /// Nobody acted upon it: act, then complete or release the ticket.
    New(Ticket),
    /// Somebody is at it, or crashed within the lease: answer 5xx, so that it comes again.
    InProgress,
    /// It was acted upon: answer success, and do nothing.
    Done,
}

use std::future::ready;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::aging::Aging;
use super::{
    Claim, DEFAULT_LEASE, DEFAULT_MEMORY, ReplayError, ReplayFuture, ReplayGuard, ReplayKeys,
    Ticket,
};

/// How many keys are held unless it is said otherwise; some 30 MB when each is held.
const CAPACITY: usize = 100_000;

/// A guard in the memory of this process, for a service that runs once.
///
/// It holds at most as many keys as its capacity: what was acted upon longest ago is forgotten first, and
/// what is claimed never.
#[derive(Debug)]
pub struct MemoryReplayGuard {
    lease: Duration,
    memory: Duration,
    capacity: usize,
    held: Mutex<Held>,
}

/// Keys that are claimed, by whom, and keys of what was acted upon. No key is both.
#[derive(Debug)]
struct Held {
    claimed: Aging<String>,
    done: Aging<()>,
}

impl MemoryReplayGuard {
    /// A guard with [`DEFAULT_LEASE`], [`DEFAULT_MEMORY`] and room for 100,000 keys.
    #[must_use]
    pub fn new() -> Self {
        let held = Held { claimed: Aging::new(), done: Aging::new() };
        Self {
            lease: DEFAULT_LEASE,
            memory: DEFAULT_MEMORY,
            capacity: CAPACITY,
            held: Mutex::new(held),
        }
    }

    /// How long a claim holds. A handler that takes longer may see its event acted upon twice.
    #[must_use]
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// How long it is remembered what was acted upon; longer than WeChat Pay repeats it ([protocol §8.4]).
    ///
    /// [protocol §8.4]: crate::docs::protocol::notifications#84-retry-schedule
    #[must_use]
    pub fn memory(self, memory: Duration) -> Self {
        Self { memory, ..self }
    }

    /// How many keys are held; a notification has one or two.
    #[must_use]
    pub fn capacity(self, capacity: usize) -> Self {
        Self { capacity, ..self }
    }

    /// What is held now, without what is too old.
    fn held(&self, now: Instant) -> MutexGuard<'_, Held> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.claimed.forget_older(now, self.lease);
        held.done.forget_older(now, self.memory);
        held
    }

    fn try_claim(&self, keys: &ReplayKeys) -> Result<Claim, ReplayError> {
        let now = Instant::now();
        let mut held = self.held(now);
        if keys.iter().any(|key| held.done.get(key).is_some()) {
            return Ok(Claim::Done);
        }
        if keys.iter().any(|key| held.claimed.get(key).is_some()) {
            return Ok(Claim::InProgress);
        }
        held.make_room(keys, self.capacity)?;
        let ticket = Ticket::new(keys)?;
        for key in keys.iter() {
            held.claimed.insert(key, now, ticket.token().to_owned());
        }
        Ok(Claim::New(ticket))
    }

    fn try_complete(&self, ticket: &Ticket) -> Result<(), ReplayError> {
        let now = Instant::now();
        let mut held = self.held(now);
        if ticket.keys().iter().any(|key| held.is_others(key, ticket)) {
            return Err(ReplayError::LeaseLost);
        }
        held.release(ticket);
        held.make_room(ticket.keys(), self.capacity)?;
        for key in ticket.keys().iter() {
            held.done.insert(key, now, ());
        }
        Ok(())
    }
}

impl Default for MemoryReplayGuard {
    fn default() -> Self {
        Self::new()
    }
}

impl ReplayGuard for MemoryReplayGuard {
    fn claim<'a>(&'a self, keys: &'a ReplayKeys) -> ReplayFuture<'a, Claim> {
        Box::pin(async { self.try_claim(keys) })
    }

    fn complete(&self, ticket: Ticket) -> ReplayFuture<'_, ()> {
        Box::pin(async move { self.try_complete(&ticket) })
    }

    fn release(&self, ticket: Ticket) -> ReplayFuture<'_, ()> {
        self.held(Instant::now()).release(&ticket);
        Box::pin(ready(Ok(())))
    }
}

impl Held {
    /// Forgets what was acted upon longest ago until there is room for as many keys as these.
    fn make_room(&mut self, keys: &ReplayKeys, capacity: usize) -> Result<(), ReplayError> {
        while self.claimed.len() + self.done.len() + keys.iter().count() > capacity {
            if !self.done.forget_oldest() {
                return Err(ReplayError::Full { capacity });
            }
        }
        Ok(())
    }

    fn is_others(&self, key: &str, ticket: &Ticket) -> bool {
        let claimed = self.claimed.get(key);
        self.done.get(key).is_some() || claimed.is_some_and(|token| token != ticket.token())
    }

    fn release(&mut self, ticket: &Ticket) {
        for key in ticket.keys().iter() {
            if !self.is_others(key, ticket) {
                self.claimed.remove(key);
            }
        }
    }
}

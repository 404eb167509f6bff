//! The replay guard in memory, for one process.

use std::collections::{BTreeSet, HashMap};
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{
    Claim, DEFAULT_LEASE, DEFAULT_MEMORY, ReplayError, ReplayFuture, ReplayGuard, ReplayKeys,
    Ticket,
};

/// The default capacity in keys. A full guard takes about 30 MB.
const CAPACITY: usize = 100_000;

/// A guard in the memory of this process, for a service with one instance.
///
/// A full guard forgets the event that was handled longest ago. It never forgets claimed keys.
#[derive(Debug)]
pub struct MemoryReplayGuard {
    lease: Duration,
    memory: Duration,
    capacity: usize,
    held: Mutex<HeldKeys>,
}

/// Claimed keys with their tokens, and keys of handled events. No key is both.
#[derive(Debug)]
struct HeldKeys {
    claimed: AgingKeys<String>,
    done: AgingKeys<()>,
}

impl MemoryReplayGuard {
    /// Creates a guard with [`DEFAULT_LEASE`], [`DEFAULT_MEMORY`] and room for 100,000 keys.
    #[must_use]
    pub fn new() -> Self {
        let held = HeldKeys { claimed: AgingKeys::new(), done: AgingKeys::new() };
        Self {
            lease: DEFAULT_LEASE,
            memory: DEFAULT_MEMORY,
            capacity: CAPACITY,
            held: Mutex::new(held),
        }
    }

    /// Sets how long a claim holds. If a handler takes longer, its event may be handled twice.
    #[must_use]
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// Sets how long the guard remembers handled events. It must be longer than WeChat Pay repeats notifications
    /// ([protocol §8.4]).
    ///
    /// [protocol §8.4]: crate::docs::protocol::notifications#84-retry-schedule
    #[must_use]
    pub fn memory(self, memory: Duration) -> Self {
        Self { memory, ..self }
    }

    /// Sets how many keys the guard can hold. A notification has one or two.
    #[must_use]
    pub fn capacity(self, capacity: usize) -> Self {
        Self { capacity, ..self }
    }

    /// Locks the keys, and forgets those that are too old.
    fn held(&self, now: Instant) -> MutexGuard<'_, HeldKeys> {
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

impl HeldKeys {
    /// Forgets the oldest handled events until there is room for these keys.
    fn make_room(&mut self, keys: &ReplayKeys, capacity: usize) -> Result<(), ReplayError> {
        while self.claimed.len() + self.done.len() + keys.iter().count() > capacity {
            if !self.done.forget_oldest() {
                return Err(ReplayError::Full { capacity });
            }
        }
        Ok(())
    }

    /// Returns whether a key belongs to another ticket, or to a handled event.
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

/// Keys with a value each, ordered by age.
#[derive(Debug)]
struct AgingKeys<T> {
    by_key: HashMap<Arc<str>, (Instant, T)>,
    by_age: BTreeSet<(Instant, Arc<str>)>,
}

impl<T> AgingKeys<T> {
    fn new() -> Self {
        Self { by_key: HashMap::new(), by_age: BTreeSet::new() }
    }

    fn len(&self) -> usize {
        self.by_key.len()
    }

    fn get(&self, key: &str) -> Option<&T> {
        self.by_key.get(key).map(|(_, value)| value)
    }

    fn insert(&mut self, key: &str, now: Instant, value: T) {
        self.remove(key);
        let key: Arc<str> = key.into();
        self.by_age.insert((now, Arc::clone(&key)));
        self.by_key.insert(key, (now, value));
    }

    fn remove(&mut self, key: &str) {
        if let Some((key, (since, _))) = self.by_key.remove_entry(key) {
            self.by_age.remove(&(since, key));
        }
    }

    /// Forgets the oldest key. Returns whether there was one.
    fn forget_oldest(&mut self) -> bool {
        let oldest = self.by_age.pop_first();
        oldest.is_some_and(|(_, key)| self.by_key.remove(&key).is_some())
    }

    /// Forgets keys that were kept for this long.
    fn forget_older(&mut self, now: Instant, keep: Duration) {
        let is_old = |since: Instant| now.saturating_duration_since(since) >= keep;
        while self.by_age.first().is_some_and(|(since, _)| is_old(*since)) {
            self.forget_oldest();
        }
    }
}

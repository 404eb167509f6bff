//! Keys that are forgotten in the order in which they came.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Keys with what is known of each, all kept for the same time.
#[derive(Debug)]
pub(super) struct Aging<T> {
    by_key: HashMap<Arc<str>, (Instant, T)>,
    by_age: BTreeSet<(Instant, Arc<str>)>,
}

impl<T> Aging<T> {
    pub(super) fn new() -> Self {
        Self { by_key: HashMap::new(), by_age: BTreeSet::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.by_key.len()
    }

    pub(super) fn get(&self, key: &str) -> Option<&T> {
        self.by_key.get(key).map(|(_, value)| value)
    }

    pub(super) fn insert(&mut self, key: &str, now: Instant, value: T) {
        self.remove(key);
        let key: Arc<str> = key.into();
        self.by_age.insert((now, Arc::clone(&key)));
        self.by_key.insert(key, (now, value));
    }

    pub(super) fn remove(&mut self, key: &str) {
        if let Some((key, (since, _))) = self.by_key.remove_entry(key) {
            self.by_age.remove(&(since, key));
        }
    }

    /// Forgets the oldest key, unless there is none.
    pub(super) fn forget_oldest(&mut self) -> bool {
        let oldest = self.by_age.pop_first();
        oldest.is_some_and(|(_, key)| self.by_key.remove(&key).is_some())
    }

    /// Forgets what was kept for this long.
    pub(super) fn forget_older(&mut self, now: Instant, keep: Duration) {
        let is_old = |since: Instant| now.saturating_duration_since(since) >= keep;
        while self.by_age.first().is_some_and(|(since, _)| is_old(*since)) {
            self.forget_oldest();
        }
    }
}

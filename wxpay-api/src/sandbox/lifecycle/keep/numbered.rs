//! The newest entries of something, by numbers that are never used again.

use std::collections::BTreeMap;
use std::ops::RangeBounds;

/// The newest entries, in the order of their numbers.
#[derive(Debug)]
pub(in crate::sandbox) struct Numbered<T> {
    entries: BTreeMap<u64, T>,
    /// The number of the next entry.
    next: u64,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), next: 0 }
    }
}

impl<T> Numbered<T> {
    /// Adds an entry, and returns its number.
    pub(in crate::sandbox) fn push(&mut self, entry: T) -> u64 {
        let number = self.next;
        self.entries.insert(number, entry);
        self.next += 1;
        number
    }

    /// Puts back an entry that was stored.
    pub(in crate::sandbox) fn restore(&mut self, number: u64, entry: T) {
        self.entries.insert(number, entry);
        self.skip(number + 1);
    }

    /// Uses no number below `next` for another entry.
    pub(in crate::sandbox) fn skip(&mut self, next: u64) {
        self.next = self.next.max(next);
    }

    /// Removes the oldest entry if there are more than `limit`, which is at least 1.
    pub(in crate::sandbox) fn shrink(&mut self, limit: usize) -> Option<(u64, T)> {
        if self.entries.len() > limit.max(1) { self.entries.pop_first() } else { None }
    }

    pub(in crate::sandbox) fn next(&self) -> u64 {
        self.next
    }

    pub(in crate::sandbox) fn get(&self, number: u64) -> Option<&T> {
        self.entries.get(&number)
    }

    pub(in crate::sandbox) fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        self.entries.get_mut(&number)
    }

    /// Returns the entries with these numbers, the oldest first.
    pub(in crate::sandbox) fn range(
        &self,
        numbers: impl RangeBounds<u64>,
    ) -> impl DoubleEndedIterator<Item = (u64, &T)> {
        self.entries.range(numbers).map(|(number, entry)| (*number, entry))
    }

    /// Returns the entries, the oldest first.
    pub(in crate::sandbox) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.entries.values()
    }
}

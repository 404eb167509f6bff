//! The ledger: records of money that moved. Bills are made of these.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::Value as Json;

use super::resource::ResourceId;

/// Money that moved.
#[derive(Clone, Debug, Serialize)]
pub(in crate::sandbox) struct LedgerEntry {
    /// The kind, such as `payment` or `refund`.
    pub(in crate::sandbox) kind: String,
    /// The amount in fen.
    pub(in crate::sandbox) amount: i64,
    /// The resource that moved it.
    pub(in crate::sandbox) resource: ResourceId,
    pub(in crate::sandbox) lifecycle: String,
    /// The merchant number or brand id of the account.
    pub(in crate::sandbox) owner: String,
    /// The business time, RFC 3339 in Beijing.
    pub(in crate::sandbox) time: String,
    /// The object of the resource after the change, with all its members.
    pub(in crate::sandbox) object: Json,
}

/// The newest records, at most as many as resources.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct Ledger(VecDeque<LedgerEntry>);

impl Ledger {
    /// Adds a record; the oldest goes if there are too many.
    pub(in crate::sandbox) fn add(&mut self, entry: LedgerEntry, limit: usize) {
        self.0.push_back(entry);
        while self.0.len() > limit.max(1) {
            self.0.pop_front();
        }
    }

    /// Returns the records, the oldest first.
    pub(in crate::sandbox) fn entries(&self) -> impl Iterator<Item = &LedgerEntry> {
        self.0.iter()
    }
}

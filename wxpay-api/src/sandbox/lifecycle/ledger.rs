//! The ledger: records of money that moved. Bills are made of these.

use serde::Serialize;

use super::world::ResourceId;

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
    pub(in crate::sandbox) object: serde_json::Value,
}

//! The ledger: records of money that moved. Bills are made of these.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use super::clock::Moment;
use super::numbered::Numbered;
use super::resource::{Resource, ResourceId};
use super::store::Store;

/// Money that moved.
#[derive(Clone, Serialize)]
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
    /// The objects of the resources that it belongs to, by the links' names: the payment of a refund. Theirs too. Bills
    /// need them, even when the sandbox has forgotten the resources.
    #[serde(skip)]
    pub(in crate::sandbox) related: BTreeMap<String, Json>,
}

/// The newest records, at most as many as resources.
pub(in crate::sandbox) type Ledger = Numbered<LedgerEntry>;

/// The ledger at one moment of the business clock, and the resources as they are then.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct LedgerView<'a> {
    pub(in crate::sandbox) now: Moment,
    ledger: &'a Ledger,
    store: &'a Store,
}

impl<'a> LedgerView<'a> {
    pub(in crate::sandbox) fn new(now: Moment, ledger: &'a Ledger, store: &'a Store) -> Self {
        Self { now, ledger, store }
    }

    /// Returns the records, the oldest first.
    pub(in crate::sandbox) fn entries(self) -> impl Iterator<Item = &'a LedgerEntry> {
        self.ledger.iter()
    }

    /// Returns a resource, unless it is forgotten.
    pub(in crate::sandbox) fn resource(self, id: ResourceId) -> Option<&'a Resource> {
        self.store.get(id).map(AsRef::as_ref)
    }

    /// Returns whether a merchant has made anything for this sub-merchant, whose name the member `sub_mchid` has.
    pub(in crate::sandbox) fn has_sub_merchant(self, owner: &str, sub_mchid: &str) -> bool {
        let named = |object: &Json| {
            object.get("sub_mchid").and_then(Json::as_str).is_some_and(|named| named == sub_mchid)
        };
        // A part may have another owner than the whole: 合单 orders have one for each.
        let is_owner = |resource: &Resource| {
            let whole = || self.resource(resource.whole.as_ref()?.id);
            *resource.owner == *owner || whole().is_some_and(|whole| *whole.owner == *owner)
        };
        self.store.newest_first().any(|resource| named(&resource.object) && is_owner(resource))
            || self.entries().any(|entry| named(&entry.object) && entry.owner == owner)
    }
}

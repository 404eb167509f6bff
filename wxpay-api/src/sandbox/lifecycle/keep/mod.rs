//! What the sandbox keeps: resources, the business clock, switches, records of money.

pub(in crate::sandbox) mod clock;
pub(in crate::sandbox) mod ledger;
pub(in crate::sandbox) mod numbered;
pub(in crate::sandbox) mod resource;
pub(in crate::sandbox) mod store;
pub(in crate::sandbox) mod switch;

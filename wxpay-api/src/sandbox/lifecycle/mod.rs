//! Lifecycles: resources that the sandbox remembers, as the descriptors say how they live.

pub(super) mod error;
pub(super) mod ledger;
pub(super) mod notify;
pub(super) mod world;

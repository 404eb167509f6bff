//! Acting once on a notification that comes twice (PROTOCOL §8.1).
//!
//! WeChat Pay sends an event until it is acknowledged, at times a copy over a second link within
//! seconds, and whoever captured a notification can send it again for five minutes. A [`ReplayGuard`]
//! remembers what was acted upon, and never loses an event for it: a claim is a lease, which ends by
//! itself when the handler crashes, and what cannot be claimed is answered so that it comes again.
//!
//! [`MemoryReplayGuard`] serves one process; `RedisReplayGuard` (feature `redis`) serves several. Neither
//! spares the comparison with your own order: the memory of one ends with the process, that of the
//! other with its Redis server.

mod aging;
mod error;
mod guard;
mod keys;
mod memory;
#[cfg(feature = "redis")]
mod redis;
mod ticket;

#[cfg(feature = "redis")]
pub use self::redis::RedisReplayGuard;
pub use error::ReplayError;
pub use guard::{Claim, DEFAULT_LEASE, DEFAULT_MEMORY, ReplayFuture, ReplayGuard};
pub use keys::ReplayKeys;
pub use memory::MemoryReplayGuard;
pub use ticket::Ticket;

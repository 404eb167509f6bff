//! Acting once on a notification that comes twice ([protocol §8.1]).
//!
//! WeChat Pay sends an event until it is acknowledged, at times a copy over a second link within
//! seconds, and whoever captured a notification can send it again for five minutes. A [`ReplayGuard`]
//! remembers what was acted upon, and never loses an event for it: a claim is a lease, which ends by
//! itself when the handler crashes, and what cannot be claimed is answered so that it comes again.
//!
//! ```
//! use wxpay_api::compare::ExpectedPayment;
//! use wxpay_api::replay::{self, MemoryReplayGuard, ReplayGuard};
//! use wxpay_api::v3::pay::types::Transaction;
//! use wxpay_api::{Acknowledgement, Notification};
//!
//! async fn paid(guard: &dyn ReplayGuard, notification: Notification) -> Acknowledgement {
//!     let Ok(transaction) = notification.resource::<Transaction>() else {
//!         return Acknowledgement::failed("not a payment");
//!     };
//!     // Find the order by the number in your own database.
//!     let order = ExpectedPayment::direct("1900000109", "order-1", 100).appid("wxd678efh567hg6787");
//!     let keys = notification
//!         .replay_keys()
//!         .and_state(&transaction.out_trade_no, transaction.trade_state.as_str());
//!     replay::once(guard, &keys, async {
//!         match order.check(&transaction) {
//!             Ok(matched) if matched.is_success() => {} // ship it
//!             Ok(_) => {} // a payment that failed is told, too
//!             Err(_) => return Acknowledgement::failed("the payment differs from the order"),
//!         }
//!         Acknowledgement::handled()
//!     })
//!     .await
//! }
//! # let _ = |notification| async move { paid(&MemoryReplayGuard::new(), notification).await };
//! ```
//!
//! [`MemoryReplayGuard`] serves one process; `RedisReplayGuard` (feature `redis`) serves several. Neither
//! spares the [comparison](crate::compare) with your own order: the memory of one ends with the process, that of the
//! other with its Redis server.
//!
//! [protocol §8.1]: crate::docs::protocol::notifications#81-transport

mod aging;
mod error;
mod guard;
mod keys;
mod memory;
mod once;
#[cfg(feature = "redis")]
mod redis;
mod ticket;

#[cfg(feature = "redis")]
pub use self::redis::RedisReplayGuard;
pub use error::ReplayError;
pub use guard::{Claim, DEFAULT_LEASE, DEFAULT_MEMORY, ReplayFuture, ReplayGuard};
pub use keys::ReplayKeys;
pub use memory::MemoryReplayGuard;
pub use once::once;
pub use ticket::Ticket;

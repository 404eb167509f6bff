//! Replay guards: handle each event once, although its notification may come again ([protocol §8.1]).
//!
//! WeChat Pay repeats a notification until it is acknowledged, and sometimes sends a copy over a second link within
//! seconds. An attacker who captured a notification can send it again for five minutes.
//!
//! A [`ReplayGuard`] remembers the events that were handled, and never loses one. A claim is a lease: if the handler
//! crashes, the lease ends by itself. If an event cannot be claimed, the response makes WeChat Pay send it again.
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
//!             Ok(matched) if matched.is_success() => {} // ship the order
//!             Ok(_) => {} // the payment failed
//!             Err(_) => return Acknowledgement::failed("the payment differs from the order"),
//!         }
//!         Acknowledgement::handled()
//!     })
//!     .await
//! }
//! # let _ = |notification| async move { paid(&MemoryReplayGuard::new(), notification).await };
//! ```
//!
//! [`MemoryReplayGuard`] serves one process; `RedisReplayGuard` (feature `redis`) serves several. [Compare](crate::compare)
//! each payment with your own order all the same: a guard forgets when its process or its Redis server ends.
//!
//! [protocol §8.1]: crate::docs::protocol::notifications#81-transport

mod guard;
mod keys;
mod memory;
#[cfg(feature = "redis")]
mod redis;

#[cfg(feature = "redis")]
pub use self::redis::RedisReplayGuard;
pub use guard::{
    Claim, DEFAULT_LEASE, DEFAULT_MEMORY, ReplayError, ReplayFuture, ReplayGuard, Ticket,
};
pub use keys::ReplayKeys;
pub use memory::MemoryReplayGuard;

use crate::acknowledgement::Acknowledgement;

/// Does the work for an event unless it was done before, and returns the response to the notification.
///
/// * If the event is new, runs `work` and returns its response. A [`failed`](Acknowledgement::failed) response releases
///   the keys. Work that never ends or is dropped keeps them until the lease ends.
/// * If the event was handled before, returns [`Acknowledgement::handled`].
/// * If the event is being handled, or the guard fails, returns 5xx, so that WeChat Pay sends the notification again.
///
/// A failure of the guard writes a warning to `tracing`. After completed work, it does not change the response.
pub async fn once(
    guard: &dyn ReplayGuard,
    keys: &ReplayKeys,
    work: impl Future<Output = Acknowledgement>,
) -> Acknowledgement {
    match guard.claim(keys).await {
        Ok(Claim::New(ticket)) => {
            let response = work.await;
            settle(guard, ticket, &response).await;
            response
        }
        Ok(Claim::InProgress) => Acknowledgement::failed("the event is being handled"),
        Ok(Claim::Done) => Acknowledgement::handled(),
        Err(error) => {
            tracing::warn!(%error, key = keys.iter().next(), "a notification cannot be claimed");
            Acknowledgement::failed("the event cannot be handled now")
        }
    }
}

async fn settle(guard: &dyn ReplayGuard, ticket: Ticket, response: &Acknowledgement) {
    let key = ticket.keys().iter().next().map(str::to_owned);
    let settled = match response.is_handled() {
        true => guard.complete(ticket).await,
        false => guard.release(ticket).await,
    };
    if let Err(error) = settled {
        tracing::warn!(%error, key, "a notification's claim cannot be settled");
    }
}

//! The guard in this process's memory.

use std::sync::Arc;
use std::time::Duration;

use wxpay_api::replay::{Claim, MemoryReplayGuard, ReplayError, ReplayGuard};

use crate::contract::{LONG, SHORT, claim, contract, keys, ticket};

struct Memory;

impl Memory {
    fn guard(&self, lease: Duration, memory: Duration) -> Arc<dyn ReplayGuard> {
        Arc::new(MemoryReplayGuard::new().lease(lease).memory(memory))
    }
}

async fn memory() -> Option<Memory> {
    Some(Memory)
}

contract!(memory);

#[tokio::test]
async fn a_full_guard_forgets_the_oldest_completed_event() {
    let guard = MemoryReplayGuard::new().capacity(6);
    for order in ["order-1", "order-2", "order-3", "order-4"] {
        let ticket = ticket(&guard, &keys(&format!("id of {order}"), order)).await;
        guard.complete(ticket).await.unwrap();
    }
    for order in ["order-3", "order-4"] {
        let copy = claim(&guard, &keys("id", order)).await;
        assert!(matches!(copy, Claim::Done), "{order}: {copy:?}");
    }
    let _forgotten = ticket(&guard, &keys("id of order-1", "order-1")).await;
}

#[tokio::test]
async fn a_full_guard_never_forgets_a_claim() {
    let guard = MemoryReplayGuard::new().capacity(4);
    let first = ticket(&guard, &keys("id-1", "order-1")).await;
    let second = ticket(&guard, &keys("id-2", "order-2")).await;
    let error = guard.claim(&keys("id-3", "order-3")).await.unwrap_err();
    assert!(matches!(error, ReplayError::Full { capacity: 4 }), "{error}");
    guard.complete(first).await.unwrap();
    let _third = ticket(&guard, &keys("id-3", "order-3")).await;
    guard.complete(second).await.unwrap();
}

#[tokio::test]
async fn a_full_guard_has_room_again_when_leases_end() {
    let guard = MemoryReplayGuard::new().capacity(2).lease(SHORT).memory(LONG);
    let _crashed = ticket(&guard, &keys("id-1", "order-1")).await;
    tokio::time::sleep(2 * SHORT).await;
    let _next = ticket(&guard, &keys("id-2", "order-2")).await;
}

#[tokio::test]
async fn very_long_durations_are_kept() {
    let guard = MemoryReplayGuard::new().lease(Duration::MAX).memory(Duration::MAX);
    let first = ticket(&guard, &keys("id-1", "order-1")).await;
    guard.complete(first).await.unwrap();
    let copy = claim(&guard, &keys("id-1", "order-1")).await;
    assert!(matches!(copy, Claim::Done), "{copy:?}");
}

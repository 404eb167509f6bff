//! Work that is done once, and the responses to the notification and its copies.

use std::cell::Cell;
use std::sync::Arc;

use wxpay_api::Acknowledgement;
use wxpay_api::replay::{
    Claim, MemoryReplayGuard, ReplayError, ReplayFuture, ReplayGuard, ReplayKeys, Ticket, once,
};

use crate::contract::{claim, keys};

/// A guard whose store never responds.
#[derive(Debug)]
struct Unreachable;

impl ReplayGuard for Unreachable {
    fn claim<'a>(&'a self, _: &'a ReplayKeys) -> ReplayFuture<'a, Claim> {
        Box::pin(async { Err(ReplayError::store("unreachable")) })
    }

    fn complete(&self, _: Ticket) -> ReplayFuture<'_, ()> {
        Box::pin(async { Err(ReplayError::store("unreachable")) })
    }

    fn release(&self, _: Ticket) -> ReplayFuture<'_, ()> {
        Box::pin(async { Err(ReplayError::store("unreachable")) })
    }
}

/// A guard that grants every claim and cannot record anything.
#[derive(Debug)]
struct Forgetful;

impl ReplayGuard for Forgetful {
    fn claim<'a>(&'a self, keys: &'a ReplayKeys) -> ReplayFuture<'a, Claim> {
        Box::pin(async { Ok(Claim::New(Ticket::new(keys)?)) })
    }

    fn complete(&self, _: Ticket) -> ReplayFuture<'_, ()> {
        Box::pin(async { Err(ReplayError::LeaseLost) })
    }

    fn release(&self, _: Ticket) -> ReplayFuture<'_, ()> {
        Box::pin(async { Err(ReplayError::LeaseLost) })
    }
}

#[tokio::test]
async fn a_copy_of_a_handled_event_is_acknowledged_and_not_handled() {
    let guard = MemoryReplayGuard::new();
    let keys = keys("id-1", "order-1");
    let worked = Cell::new(0);
    for _ in 0..3 {
        let response = once(&guard, &keys, async {
            worked.set(worked.get() + 1);
            Acknowledgement::handled_with_body()
        });
        assert!(response.await.is_handled());
    }
    assert_eq!(worked.get(), 1);
}

#[tokio::test]
async fn a_failed_event_is_handled_again() {
    let guard = MemoryReplayGuard::new();
    let keys = keys("id-1", "order-1");
    let failed = once(&guard, &keys, async { Acknowledgement::failed("no stock") }).await;
    assert!(!failed.is_handled());
    assert!(once(&guard, &keys, async { Acknowledgement::handled() }).await.is_handled());
}

#[tokio::test]
async fn a_copy_of_an_event_in_progress_is_delivered_again() {
    let guard = MemoryReplayGuard::new();
    let keys = keys("id-1", "order-1");
    let outer = once(&guard, &keys, async {
        let copy = once(&guard, &keys, async { unreachable!("it is being handled") }).await;
        assert_eq!(copy.status(), 500);
        Acknowledgement::handled()
    });
    assert!(outer.await.is_handled());
}

#[tokio::test]
async fn without_its_store_nothing_is_done_and_the_event_is_delivered_again() {
    let never = async { unreachable!("without its store nothing may be done") };
    let response = once(&Unreachable, &keys("id-1", "order-1"), never).await;
    assert_eq!(response.status(), 500);
}

#[tokio::test]
async fn a_handled_event_is_acknowledged_even_if_it_cannot_be_recorded() {
    let keys = keys("id-1", "order-1");
    let handled = once(&Forgetful, &keys, async { Acknowledgement::handled() }).await;
    assert_eq!(handled, Acknowledgement::handled());
    let failed = once(&Forgetful, &keys, async { Acknowledgement::failed("no stock") }).await;
    assert_eq!(failed, Acknowledgement::failed("no stock"));
}

#[tokio::test]
async fn work_that_is_dropped_keeps_its_claim() {
    let guard: Arc<dyn ReplayGuard> = Arc::new(MemoryReplayGuard::new());
    let keys = keys("id-1", "order-1");
    let hanging = tokio::spawn({
        let (guard, keys) = (Arc::clone(&guard), keys.clone());
        async move { once(&*guard, &keys, std::future::pending()).await }
    });
    tokio::task::yield_now().await;
    hanging.abort();
    assert!(hanging.await.unwrap_err().is_cancelled());
    let copy = claim(&*guard, &keys).await;
    assert!(matches!(copy, Claim::InProgress), "{copy:?}");
}

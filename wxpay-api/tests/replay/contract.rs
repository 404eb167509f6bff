//! The contract that every guard keeps, with any store.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::sleep;
use wxpay_api::protocol::Envelope;
use wxpay_api::replay::{Claim, ReplayError, ReplayGuard, ReplayKeys, Ticket};

/// A lease that does not end within a test.
pub(crate) const LONG: Duration = Duration::from_secs(600);
/// A lease short enough to wait for its end.
pub(crate) const SHORT: Duration = Duration::from_millis(500);

/// The keys of a payment's notification.
pub(crate) fn keys(id: &str, out_trade_no: &str) -> ReplayKeys {
    let body = json!({
        "id": id,
        "event_type": "TRANSACTION.SUCCESS",
        "resource": { "algorithm": "AEAD_AES_256_GCM", "ciphertext": "", "nonce": "", "original_type": "transaction" },
    });
    let envelope = Envelope::parse(body.to_string().as_bytes()).unwrap();
    ReplayKeys::new("1900000109", &envelope).and_state(out_trade_no, "SUCCESS")
}

pub(crate) async fn claim(guard: &dyn ReplayGuard, keys: &ReplayKeys) -> Claim {
    guard.claim(keys).await.unwrap()
}

/// Returns the ticket of a claim that must be granted.
pub(crate) async fn ticket(guard: &dyn ReplayGuard, keys: &ReplayKeys) -> Ticket {
    match claim(guard, keys).await {
        Claim::New(ticket) => ticket,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn one_of_many_tasks_gets_the_claim(guard: Arc<dyn ReplayGuard>) {
    let mut tasks = JoinSet::new();
    for copy in 0..64 {
        let guard = Arc::clone(&guard);
        // Half of them are copies under another id.
        let keys = keys(&format!("id-{}", copy % 2 * copy), "order-1");
        tasks.spawn(async move { claim(&*guard, &keys).await });
    }
    let claims = tasks.join_all().await;
    let new = claims.iter().filter(|claim| matches!(claim, Claim::New(_))).count();
    assert_eq!(new, 1, "{claims:?}");
    assert!(!claims.iter().any(|claim| matches!(claim, Claim::Done)), "{claims:?}");
}

pub(crate) async fn a_completed_event_is_done(guard: Arc<dyn ReplayGuard>) {
    let ticket = ticket(&*guard, &keys("id-1", "order-1")).await;
    guard.complete(ticket).await.unwrap();
    for copy in [keys("id-1", "order-1"), keys("id-2", "order-1"), keys("id-1", "order-2")] {
        let claim = claim(&*guard, &copy).await;
        assert!(matches!(claim, Claim::Done), "{copy:?}: {claim:?}");
    }
    let claim = claim(&*guard, &keys("id-3", "order-3")).await;
    assert!(matches!(claim, Claim::New(_)), "{claim:?}");
}

pub(crate) async fn a_claimed_event_is_in_progress_and_a_copy_claims_nothing(
    guard: Arc<dyn ReplayGuard>,
) {
    let first = ticket(&*guard, &keys("id-1", "order-1")).await;
    let copy = claim(&*guard, &keys("id-2", "order-1")).await;
    assert!(matches!(copy, Claim::InProgress), "{copy:?}");
    // The refused copy did not claim its own id.
    let other = claim(&*guard, &keys("id-2", "order-2")).await;
    assert!(matches!(other, Claim::New(_)), "{other:?}");
    guard.complete(first).await.unwrap();
}

pub(crate) async fn a_released_event_is_new_at_once(guard: Arc<dyn ReplayGuard>) {
    let first = ticket(&*guard, &keys("id-1", "order-1")).await;
    guard.release(first).await.unwrap();
    let again = ticket(&*guard, &keys("id-1", "order-1")).await;
    guard.complete(again).await.unwrap();
}

pub(crate) async fn keys_of_another_event_do_not_meet(guard: Arc<dyn ReplayGuard>) {
    let _paid = ticket(&*guard, &keys("id-1", "order-1")).await;
    let _also_paid = ticket(&*guard, &keys("id-2", "order-2")).await;
    let without_id = keys("", "");
    assert_eq!(without_id.iter().count(), 0);
    for _ in 0..2 {
        let claim = claim(&*guard, &without_id).await;
        assert!(matches!(claim, Claim::New(_)), "nothing tells it from others: {claim:?}");
    }
}

/// With a guard whose lease is [`SHORT`].
pub(crate) async fn a_crash_does_not_swallow_the_event(guard: Arc<dyn ReplayGuard>) {
    let crashed = ticket(&*guard, &keys("id-1", "order-1")).await;
    drop(crashed);
    sleep(2 * SHORT).await;
    let _again = ticket(&*guard, &keys("id-1", "order-1")).await;
}

/// With a guard whose lease is [`SHORT`].
pub(crate) async fn a_late_completion_counts(guard: Arc<dyn ReplayGuard>) {
    let slow = ticket(&*guard, &keys("id-1", "order-1")).await;
    sleep(2 * SHORT).await;
    guard.complete(slow).await.unwrap();
    let copy = claim(&*guard, &keys("id-1", "order-1")).await;
    assert!(matches!(copy, Claim::Done), "{copy:?}");
}

/// With a guard whose lease is [`SHORT`].
pub(crate) async fn an_expired_lease_does_not_touch_another_claim(guard: Arc<dyn ReplayGuard>) {
    let slow = ticket(&*guard, &keys("id-1", "order-1")).await;
    let slower = ticket(&*guard, &keys("id-2", "order-2")).await;
    sleep(2 * SHORT).await;
    let second = ticket(&*guard, &keys("id-1", "order-1")).await;
    let error = guard.complete(slow).await.unwrap_err();
    assert!(matches!(error, ReplayError::LeaseLost), "{error}");
    guard.complete(second).await.unwrap();

    let second = ticket(&*guard, &keys("id-2", "order-2")).await;
    guard.release(slower).await.unwrap();
    let copy = claim(&*guard, &keys("id-2", "order-2")).await;
    assert!(matches!(copy, Claim::InProgress), "the release took another's claim: {copy:?}");
    guard.complete(second).await.unwrap();
}

/// With a guard whose memory is [`SHORT`].
pub(crate) async fn a_completed_event_is_forgotten_after_its_time(guard: Arc<dyn ReplayGuard>) {
    let first = ticket(&*guard, &keys("id-1", "order-1")).await;
    guard.complete(first).await.unwrap();
    sleep(2 * SHORT).await;
    let _new = ticket(&*guard, &keys("id-1", "order-1")).await;
}

/// Makes one test for each part of the contract. `$start` returns the maker of the guards, which
/// must outlive them, or `None` to skip the test.
macro_rules! contract {
    ($start:path: $($name:ident($lease:ident, $memory:ident)),+ $(,)?) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $name() {
            let Some(backing) = $start().await else { return };
            crate::contract::$name(backing.guard(crate::contract::$lease, crate::contract::$memory)).await;
        }
    )+};
    ($start:path) => {
        crate::contract::contract! { $start:
            one_of_many_tasks_gets_the_claim(LONG, LONG),
            a_completed_event_is_done(LONG, LONG),
            a_claimed_event_is_in_progress_and_a_copy_claims_nothing(LONG, LONG),
            a_released_event_is_new_at_once(LONG, LONG),
            keys_of_another_event_do_not_meet(LONG, LONG),
            a_crash_does_not_swallow_the_event(SHORT, LONG),
            a_late_completion_counts(SHORT, LONG),
            an_expired_lease_does_not_touch_another_claim(SHORT, LONG),
            a_completed_event_is_forgotten_after_its_time(LONG, SHORT),
        }
    };
}

pub(crate) use contract;

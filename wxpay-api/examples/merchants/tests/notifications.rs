//! Notifications: forged, strange, for another merchant, twice, of another amount; and orders without a response.

use std::fs;

use serde_json::json;
use wxpay_api::sandbox::{Fault, KeyMode, SandboxNotification, SignatureFault};

use super::{NATIVE, payment, to};
use crate::harness::{Harness, config};

#[tokio::test]
async fn a_forged_notification_pays_nothing() {
    let harness = Harness::quiet().await;
    let first = harness.first();
    harness.order(&first, "order-1").await.unwrap();
    let paths = [to(&first), String::new()];
    for path in &paths {
        for fault in [SignatureFault::OtherBody, SignatureFault::Probe] {
            let forged = payment(&first, "order-1", 880).fault(fault);
            assert_eq!(harness.notify(&first, path, forged).await.unwrap(), 401);
        }
    }
    assert_eq!(harness.stored(&first, "order-1").await.unwrap(), "unpaid");
    for path in &paths {
        let right = payment(&first, "order-1", 880);
        assert_eq!(harness.notify(&first, path, right).await.unwrap(), 204);
    }
    assert_eq!(harness.stored(&first, "order-1").await.unwrap(), "paid");
}

#[tokio::test]
async fn a_notification_pays_only_an_order_of_its_own_merchant() {
    let harness = Harness::quiet().await;
    let first = harness.first();
    let books = harness.account("1900000200", KeyMode::PublicKey).unwrap();
    harness.write(&books, &config(&books)).unwrap();
    harness.reload().await;
    for account in [&first, &books] {
        assert_eq!(harness.order(account, "order-1").await.unwrap().status, 200);
    }
    // A genuine one at another merchant's URL.
    let strange = payment(&books, "order-1", 880);
    assert_eq!(harness.notify(&books, &to(&first), strange).await.unwrap(), 401);
    // A genuine one whose content names another merchant.
    let strange = payment(&first, "order-1", 880);
    assert_eq!(harness.notify(&books, &to(&books), strange).await.unwrap(), 500);
    for account in [&first, &books] {
        assert_eq!(harness.stored(account, "order-1").await.unwrap(), "unpaid");
    }
    // At the URL of all, the keys tell whose it is.
    let right = payment(&books, "order-1", 880);
    assert_eq!(harness.notify(&books, "", right).await.unwrap(), 204);
    assert_eq!(harness.stored(&books, "order-1").await.unwrap(), "paid");
    assert_eq!(harness.stored(&first, "order-1").await.unwrap(), "unpaid");
}

#[tokio::test]
async fn a_removed_merchant_acknowledges_nothing() {
    let harness = Harness::quiet().await;
    let books = harness.account("1900000200", KeyMode::PublicKey).unwrap();
    harness.write(&books, &config(&books)).unwrap();
    harness.reload().await;
    let ordered = harness.order(&books, "order-1").await.unwrap();
    let folder = harness.path(&books, "");
    let elsewhere = harness.service.settings.folder.with_extension("elsewhere");
    fs::rename(&folder, &elsewhere).unwrap();
    assert_eq!(harness.reload().await.removed, ["1900000200"]);
    for path in [to(&books), String::new()] {
        let late = payment(&books, "order-1", 880);
        let status = harness.notify(&books, &path, late).await.unwrap();
        assert!(status == 404 || status == 401, "{status}");
    }
    assert_eq!(harness.stored(&books, "order-1").await.unwrap(), "unpaid");
    // It comes back, and WeChat Pay sends again what nobody acknowledged.
    harness.pay(ordered.text("code_url"));
    fs::rename(&elsewhere, &folder).unwrap();
    harness.assert_loads(&books).await;
    harness.sandbox.notifications_settled().await;
    assert_eq!(harness.stored(&books, "order-1").await.unwrap(), "paid");
}

#[tokio::test]
async fn what_contradicts_the_books_is_not_acknowledged() {
    let harness = Harness::quiet().await;
    let first = harness.first();
    harness.order(&first, "order-1").await.unwrap();
    for (number, total) in [("order-1", 1), ("order-2", 880)] {
        let wrong = payment(&first, number, total);
        assert_eq!(harness.notify(&first, &to(&first), wrong).await.unwrap(), 500);
    }
    let refund = SandboxNotification::example("refund/refund");
    assert_eq!(harness.notify(&first, &to(&first), refund).await.unwrap(), 500);
    assert_eq!(harness.stored(&first, "order-1").await.unwrap(), "unpaid");
    // A copy changes nothing, and another payment of the same order is for a person.
    for _ in 0..2 {
        let right = payment(&first, "order-1", 880);
        assert_eq!(harness.notify(&first, &to(&first), right).await.unwrap(), 204);
    }
    let twice = payment(&first, "order-1", 880);
    let twice = twice.with(json!({ "transaction_id": "4200000000000000000000000002" }));
    assert_eq!(harness.notify(&first, &to(&first), twice).await.unwrap(), 500);
}

#[tokio::test]
async fn an_unknown_outcome_is_called_unknown() {
    let harness = Harness::quiet().await;
    let first = harness.first();
    // A client tries three times, and every response is lost.
    for _ in 0..3 {
        harness.sandbox.inject_fault_at("POST", NATIVE, Fault::CloseAfterReading).unwrap();
    }
    let lost = harness.order(&first, "order-1").await.unwrap();
    assert_eq!(lost.status, 504);
    assert!(lost.text("error").contains("the outcome is unknown"), "{}", lost.value);
    assert_eq!(harness.show(&first, "order-1").await, (200, "unpaid".to_owned()));
    // The same number again is the same order, and another total under it is refused.
    let ordered = harness.order(&first, "order-1").await.unwrap();
    assert_eq!(ordered.status, 200);
    let path = format!("/merchants/{}/orders/order-1", first.merchant().id());
    let other = json!({ "description": "龙井茶", "total": 881 });
    let other = harness.call("PUT", &path, Some(other)).await.unwrap();
    assert_eq!(other.status, 409);
    assert_eq!(harness.sandbox.resources("pay/transaction").unwrap().len(), 1);
    // No notification comes, and the query finds the payment.
    let number = harness.sandbox.order("order-1").unwrap();
    number.pay().unwrap();
    harness.sandbox.notifications_settled().await;
    assert_eq!(harness.show(&first, "order-1").await, (200, "paid".to_owned()));
    assert_eq!(harness.order(&first, "order-1").await.unwrap().status, 409);
    assert_eq!(harness.show(&first, "order-2").await.0, 404);
    // What the client itself refuses is the caller's to mend.
    let path = format!("/merchants/{}/orders/order-3", first.merchant().id());
    let emoji = json!({ "description": "🍵", "total": 880 });
    let refused = harness.call("PUT", &path, Some(emoji)).await.unwrap();
    assert_eq!(refused.status, 400);
    assert!(refused.text("error").contains("description"), "{}", refused.value);
}

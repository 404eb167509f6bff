//! Orders and payments: copies, differences, unknown outcomes, closing.

use serde_json::json;
use wxpay_api::sandbox::{PlannedResponse, SandboxNotification};

use super::{incidents, paid_order, shipments};
use crate::harness::{Harness, TEA};
use crate::wechat_pay::PREPAY;

const CLOSE: &str = "/v3/pay/transactions/out-trade-no/{out_trade_no}/close";

#[tokio::test]
async fn a_notification_that_comes_twice_ships_once() {
    let harness = Harness::open().await.unwrap();
    let number = harness.order().await.unwrap();
    // At the same moment, as over two links, and later once more.
    let (first, second) =
        tokio::join!(harness.notify_paid(&number, TEA), harness.notify_paid(&number, TEA));
    assert_eq!((first.unwrap(), second.unwrap()), (204, 204));
    assert_eq!(harness.notify_paid(&number, TEA).await.unwrap(), 204);
    assert_eq!(harness.state(&number).await.unwrap(), "paid");
    assert_eq!((shipments(&harness).await, incidents(&harness).await), (1, 0));
}

#[tokio::test]
async fn nothing_is_acknowledged_before_it_is_stored() {
    let harness = Harness::open().await.unwrap();
    let number = harness.order().await.unwrap();
    let other = rusqlite::Connection::open(harness.database_file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(harness.notify_paid(&number, TEA).await.unwrap(), 500);
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(harness.state(&number).await.unwrap(), "unpaid");
    assert_eq!(harness.notify_paid(&number, TEA).await.unwrap(), 204);
    assert_eq!(harness.state(&number).await.unwrap(), "paid");
}

#[tokio::test]
async fn a_payment_that_differs_pays_nothing() {
    let harness = Harness::open().await.unwrap();
    let number = harness.order().await.unwrap();
    let paid = |changes| harness.wechat_pay.paid(&number, TEA).with(changes);
    for (path, changes) in [
        ("amount.total", json!({ "amount": { "total": TEA - 1 } })),
        ("amount.total", json!({ "amount": { "total": TEA + 1 } })),
        ("amount.currency", json!({ "amount": { "currency": "USD" } })),
        ("appid", json!({ "appid": "wx0000000000000000" })),
        ("mchid", json!({ "mchid": "1900000109" })),
    ] {
        for _ in 0..2 {
            let status =
                harness.wechat_pay.notify(&harness.notify_url(), paid(changes.clone())).await;
            assert_eq!(status.unwrap(), 500, "{path}");
        }
        assert_eq!(harness.state(&number).await.unwrap(), "unpaid", "{path}");
        let all = harness.incidents(&number).await.unwrap();
        assert!(all.iter().any(|what| what.contains(&format!("`{path}`"))), "{path}: {all:?}");
    }
    assert_eq!((shipments(&harness).await, incidents(&harness).await), (0, 5));

    // A query is compared in the same way.
    harness.wechat_pay.respond_paid(&number, 1).unwrap();
    let confirm = format!("/orders/{number}/confirm");
    assert_eq!(harness.call("POST", &confirm, None).await.unwrap().status, 500);
    assert_eq!(harness.state(&number).await.unwrap(), "unpaid");

    // The right payment pays the order all the same.
    assert_eq!(harness.notify_paid(&number, TEA).await.unwrap(), 204);
    assert_eq!(harness.state(&number).await.unwrap(), "paid");
}

#[tokio::test]
async fn nothing_is_paid_that_cannot_be_committed() {
    let harness = Harness::open().await.unwrap();
    let orphan =
        "PRAGMA defer_foreign_keys = ON; INSERT INTO shipments (out_trade_no) VALUES ('none')";
    let committed = harness.shop.database.transaction(|db| Ok(db.execute_batch(orphan)?)).await;
    assert!(committed.is_err());
    assert_eq!(shipments(&harness).await, 0);
    // The connection is good for the next transaction.
    paid_order(&harness).await;
    assert_eq!(shipments(&harness).await, 1);
}

#[tokio::test]
async fn a_paid_order_stays_paid() {
    let harness = Harness::open().await.unwrap();
    let number = paid_order(&harness).await;
    let confirm = format!("/orders/{number}/confirm");
    // (the state at WeChat Pay, the status of the shop's response, incidents)
    for (state, status, seen) in [("NOTPAY", 200, 0), ("CLOSED", 500, 1), ("REVOKED", 500, 2)] {
        harness.wechat_pay.respond_state(&number, TEA, state).unwrap();
        let response = harness.call("POST", &confirm, None).await.unwrap();
        assert_eq!(response.status, status, "{state}");
        assert_eq!(harness.state(&number).await.unwrap(), "paid", "{state}");
        assert_eq!(incidents(&harness).await, seen, "{state}");
    }
    // After a refund, the payment has the state REFUND.
    let mut refunded = harness.wechat_pay.payment(&number, TEA);
    refunded["trade_state"] = json!("REFUND");
    harness.wechat_pay.plan_order(&number, PlannedResponse::json(refunded)).unwrap();
    assert_eq!(harness.call("POST", &confirm, None).await.unwrap().text("state"), "paid");
    assert_eq!(shipments(&harness).await, 1);
}

#[tokio::test]
async fn a_payment_of_an_unknown_order_is_not_acknowledged() {
    let harness = Harness::open().await.unwrap();
    assert_eq!(harness.notify_paid("of-another-shop", TEA).await.unwrap(), 500);
    assert_eq!(harness.incidents("of-another-shop").await.unwrap().len(), 1);
    // Nor is an event that has no handler.
    let partner = SandboxNotification::example("pay/partner_transaction");
    assert_eq!(harness.wechat_pay.notify(&harness.notify_url(), partner).await.unwrap(), 500);
    assert_eq!(incidents(&harness).await, 2);
}

#[tokio::test]
async fn an_unknown_outcome_that_was_a_payment_is_found() {
    let harness = Harness::open().await.unwrap();
    let number = harness.order().await.unwrap();
    harness.wechat_pay.lose_responses("POST", PREPAY).unwrap();
    let checkout = harness.call("POST", &format!("/orders/{number}/checkout"), None).await.unwrap();
    assert_eq!(checkout.status, 504);
    assert_eq!(harness.state(&number).await.unwrap(), "unpaid");

    // The timer wants to close it: the query says that it is paid, and nothing is closed.
    harness.wechat_pay.respond_paid(&number, TEA).unwrap();
    assert_eq!(harness.close(&number).await.unwrap(), "paid");
    assert_eq!(harness.wechat_pay.executions("POST", CLOSE).unwrap(), 0);
    // The notification comes after all.
    assert_eq!(harness.notify_paid(&number, TEA).await.unwrap(), 204);
    assert_eq!((shipments(&harness).await, incidents(&harness).await), (1, 0));
}

#[tokio::test]
async fn an_order_that_is_paid_while_it_is_closed_is_paid() {
    let harness = Harness::open().await.unwrap();
    let number = harness.order().await.unwrap();
    harness.wechat_pay.respond_state(&number, TEA, "NOTPAY").unwrap();
    let refused = PlannedResponse::error(400, "ORDER_PAID", "该订单已支付");
    harness.wechat_pay.sandbox.respond("POST", CLOSE, refused).unwrap();
    harness.wechat_pay.respond_paid(&number, TEA).unwrap();
    assert_eq!(harness.close(&number).await.unwrap(), "paid");
    assert_eq!((shipments(&harness).await, incidents(&harness).await), (1, 0));
}

#[tokio::test]
async fn a_close_without_a_response_is_queried() {
    let harness = Harness::open().await.unwrap();
    let number = harness.order().await.unwrap();
    harness.wechat_pay.respond_state(&number, TEA, "NOTPAY").unwrap();
    harness.wechat_pay.lose_responses("POST", CLOSE).unwrap();
    harness.wechat_pay.respond_state(&number, TEA, "CLOSED").unwrap();
    assert_eq!(harness.close(&number).await.unwrap(), "closed");

    // Still open: the error stays, and so does the order.
    let number = harness.order().await.unwrap();
    harness.wechat_pay.respond_state(&number, TEA, "NOTPAY").unwrap();
    harness.wechat_pay.lose_responses("POST", CLOSE).unwrap();
    harness.wechat_pay.respond_state(&number, TEA, "NOTPAY").unwrap();
    assert!(harness.close(&number).await.is_err());
    assert_eq!(harness.state(&number).await.unwrap(), "unpaid");
}

#[tokio::test]
async fn a_payment_of_a_closed_order_is_an_incident() {
    let harness = Harness::open().await.unwrap();
    let number = harness.order().await.unwrap();
    harness.wechat_pay.respond_absent(&number);
    assert_eq!(harness.close(&number).await.unwrap(), "closed");
    assert_eq!(harness.notify_paid(&number, TEA).await.unwrap(), 500);
    assert_eq!(harness.state(&number).await.unwrap(), "closed");
    assert_eq!((shipments(&harness).await, incidents(&harness).await), (0, 1));
}

#[tokio::test]
async fn an_order_stays_open_while_its_prepay_may_be_on_its_way() {
    let harness = Harness::open().await.unwrap();
    let number = harness.order().await.unwrap();
    harness.wechat_pay.lose_requests("POST", PREPAY);
    let checkout = format!("/orders/{number}/checkout");
    assert_eq!(harness.call("POST", &checkout, None).await.unwrap().status, 504);
    harness.wechat_pay.respond_absent(&number);
    assert_eq!(harness.close(&number).await.unwrap(), "unpaid");

    let long_ago = "UPDATE orders SET prepaid_at = prepaid_at - 600";
    let aged = harness.shop.database.transaction(|db| Ok(db.execute(long_ago, [])?));
    assert_eq!(aged.await.unwrap(), 1);
    harness.wechat_pay.respond_absent(&number);
    assert_eq!(harness.close(&number).await.unwrap(), "closed");
    assert_eq!(harness.wechat_pay.executions("POST", CLOSE).unwrap(), 0);
}

//! Orders and payments: copies, differences, unknown outcomes, closing.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;
use wxpay_api::sandbox::{Fault, SandboxNotification};

use super::{incidents, notifications_arrive, paid_order, pay, secretly_paid_order, shipments};
use crate::play::harness::{Harness, TEA};
use crate::play::wechat_pay::PREPAY;

const QUERY: &str = "/v3/pay/transactions/out-trade-no/{out_trade_no}";
const CLOSE: &str = "/v3/pay/transactions/out-trade-no/{out_trade_no}/close";

#[tokio::test]
async fn a_notification_that_comes_twice_ships_once() {
    let harness = Harness::open().await.unwrap();
    let number = secretly_paid_order(&harness).await;
    // At the same moment, as over two links, and later once more.
    let copy = || harness.notify(harness.wechat_pay.copy(&number).unwrap());
    let (first, second) = tokio::join!(copy(), copy());
    assert_eq!((first.unwrap(), second.unwrap()), (204, 204));
    notifications_arrive(&harness).await;
    assert_eq!(harness.state(&number).await.unwrap(), "paid");
    assert_eq!((shipments(&harness).await, incidents(&harness).await), (1, 0));
}

#[tokio::test]
async fn nothing_is_acknowledged_before_it_is_stored() {
    let harness = Harness::open().await.unwrap();
    let number = harness.order().await.unwrap();
    let page = harness.checkout(&number).await.unwrap();
    let other = rusqlite::Connection::open(harness.database_file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    harness.wechat_pay.pay(&page).unwrap();
    let order = harness.wechat_pay.sandbox.order(&number).unwrap();
    let attempts = || order.notifications().first().map_or(Vec::new(), |it| it.attempts.clone());
    while attempts().is_empty() {
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(attempts()[0].status, Some(500));
    let state = other.query_row("SELECT state FROM orders", [], |row| row.get::<_, String>(0));
    assert_eq!(state.unwrap(), "unpaid");
    other.execute_batch("ROLLBACK").unwrap();
    notifications_arrive(&harness).await;
    assert_eq!(harness.state(&number).await.unwrap(), "paid");
}

#[tokio::test]
async fn a_payment_that_differs_pays_nothing() {
    let harness = Harness::open().await.unwrap();
    let number = secretly_paid_order(&harness).await;
    for (path, changes) in [
        ("amount.total", json!({ "amount": { "total": TEA - 1 } })),
        ("amount.total", json!({ "amount": { "total": TEA + 1 } })),
        ("amount.currency", json!({ "amount": { "currency": "USD" } })),
        ("appid", json!({ "appid": "wx0000000000000000" })),
        ("mchid", json!({ "mchid": "1900000109" })),
    ] {
        for _ in 0..2 {
            let changed = harness.wechat_pay.copy(&number).unwrap().with(changes.clone());
            assert_eq!(harness.notify(changed).await.unwrap(), 500, "{path}");
        }
        assert_eq!(harness.state(&number).await.unwrap(), "unpaid", "{path}");
        let all = harness.incidents(&number).await.unwrap();
        assert!(all.iter().any(|what| what.contains(&format!("`{path}`"))), "{path}: {all:?}");
    }
    assert_eq!((shipments(&harness).await, incidents(&harness).await), (0, 5));

    // The right payment pays the order all the same.
    notifications_arrive(&harness).await;
    assert_eq!(harness.state(&number).await.unwrap(), "paid");

    // A query is compared in the same way.
    let number = harness.order().await.unwrap();
    harness.wechat_pay.paid_elsewhere(&number, 1).await;
    assert_eq!(harness.confirm(&number).await.unwrap().status, 500);
    assert_eq!(harness.state(&number).await.unwrap(), "unpaid");
    assert_eq!((shipments(&harness).await, incidents(&harness).await), (1, 6));
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
    // A notification says that it is paid, and WeChat Pay does not know it.
    let number = harness.order().await.unwrap();
    harness.checkout(&number).await.unwrap();
    let invented = harness.wechat_pay.invented(&number, TEA);
    assert_eq!(harness.notify(invented).await.unwrap(), 204);
    assert_eq!(harness.confirm(&number).await.unwrap().status, 200);
    let state = harness.state(&number).await.unwrap();
    assert_eq!((state.as_str(), incidents(&harness).await), ("paid", 0));
    let orders = || harness.shop.wx.v3().pay().transactions().out_trade_no();
    let close = orders().out_trade_no(&number).close();
    close.post(|r| r.mchid(harness.shop.wx.id())).await.unwrap();
    assert_eq!(harness.confirm(&number).await.unwrap().status, 500);
    let state = harness.state(&number).await.unwrap();
    assert_eq!((state.as_str(), incidents(&harness).await), ("paid", 1));

    // A cash desk charges a payment code under the same number, and reverses it.
    let number = harness.order().await.unwrap();
    let invented = harness.wechat_pay.invented(&number, TEA);
    assert_eq!(harness.notify(invented).await.unwrap(), 204);
    harness.wechat_pay.reversed_elsewhere(&number, TEA).await;
    assert_eq!(harness.confirm(&number).await.unwrap().status, 500);
    let state = harness.state(&number).await.unwrap();
    assert_eq!((state.as_str(), incidents(&harness).await), ("paid", 2));

    // After a refund, the payment has the state REFUND.
    let number = paid_order(&harness).await;
    harness.refund(&number, "return-1", TEA).await.unwrap();
    let order = harness.wechat_pay.sandbox.order(&number).unwrap();
    assert_eq!(order.state().unwrap(), "REFUND");
    assert_eq!(harness.confirm(&number).await.unwrap().text("state"), "paid");
    assert_eq!((shipments(&harness).await, incidents(&harness).await), (3, 2));
}

#[tokio::test]
async fn a_payment_of_an_unknown_order_is_not_acknowledged() {
    let harness = Harness::open().await.unwrap();
    let unknown = harness.wechat_pay.invented("of-another-shop", TEA);
    assert_eq!(harness.notify(unknown).await.unwrap(), 500);
    assert_eq!(harness.incidents("of-another-shop").await.unwrap().len(), 1);
    // Nor is an event that has no handler.
    let partner = SandboxNotification::example("pay/partner_transaction");
    assert_eq!(harness.notify(partner).await.unwrap(), 500);
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
    harness.lose_notifications(true);
    harness.wechat_pay.sandbox.order(&number).unwrap().pay().unwrap();
    assert_eq!(harness.close(&number).await.unwrap(), "paid");
    assert_eq!(harness.wechat_pay.executions("POST", CLOSE).unwrap(), 0);
    // The notification comes after all.
    notifications_arrive(&harness).await;
    assert_eq!((shipments(&harness).await, incidents(&harness).await), (1, 0));
}

#[tokio::test]
async fn an_order_that_is_paid_while_it_is_closed_is_paid() {
    let harness = Harness::open().await.unwrap();
    let number = harness.order().await.unwrap();
    let page = harness.checkout(&number).await.unwrap();
    harness.lose_notifications(true);
    let sandbox = &harness.wechat_pay.sandbox;
    // WeChat Pay says that the order is unpaid. The user pays before the shop hears it.
    sandbox.inject_fault_at("GET", QUERY, Fault::Delay(Duration::from_millis(300))).unwrap();
    let paid = async {
        while sandbox.executions("GET", QUERY).unwrap() == 0 {
            sleep(Duration::from_millis(5)).await;
        }
        harness.wechat_pay.pay(&page).unwrap();
    };
    let (closed, ()) = tokio::join!(harness.close(&number), paid);
    assert_eq!(closed.unwrap(), "paid");
    let received = sandbox.received();
    let close = received.iter().find(|it| it.target.ends_with("/close")).unwrap();
    assert_eq!((close.status, close.executed), (400, false));
    notifications_arrive(&harness).await;
    assert_eq!((shipments(&harness).await, incidents(&harness).await), (1, 0));
}

#[tokio::test]
async fn a_close_without_a_response_is_queried() {
    let harness = Harness::open().await.unwrap();
    let number = harness.order().await.unwrap();
    harness.checkout(&number).await.unwrap();
    harness.wechat_pay.lose_responses("POST", CLOSE).unwrap();
    assert_eq!(harness.close(&number).await.unwrap(), "closed");

    // Still open: the error stays, and so does the order.
    let number = harness.order().await.unwrap();
    harness.checkout(&number).await.unwrap();
    harness.wechat_pay.lose_requests("POST", CLOSE);
    assert!(harness.close(&number).await.is_err());
    assert_eq!(harness.state(&number).await.unwrap(), "unpaid");
    assert_eq!(harness.wechat_pay.sandbox.order(&number).unwrap().state().unwrap(), "NOTPAY");
}

#[tokio::test]
async fn a_payment_of_a_closed_order_is_an_incident() {
    let harness = Harness::open().await.unwrap();
    let number = harness.order().await.unwrap();
    assert_eq!(harness.close(&number).await.unwrap(), "closed");
    let payment = harness.wechat_pay.invented(&number, TEA);
    assert_eq!(harness.notify(payment).await.unwrap(), 500);
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
    assert_eq!(harness.close(&number).await.unwrap(), "unpaid");

    let long_ago = "UPDATE orders SET prepaid_at = prepaid_at - 600";
    let aged = harness.shop.database.transaction(|db| Ok(db.execute(long_ago, [])?));
    assert_eq!(aged.await.unwrap(), 1);
    assert_eq!(harness.close(&number).await.unwrap(), "closed");
    assert_eq!(harness.wechat_pay.executions("POST", CLOSE).unwrap(), 0);
}

#[tokio::test]
async fn arguments_that_were_changed_on_the_way_pay_nothing() {
    let harness = Harness::open().await.unwrap();
    let number = harness.order().await.unwrap();
    let page = harness.checkout(&number).await.unwrap();
    for member in ["timeStamp", "nonceStr", "package", "paySign"] {
        let mut changed = page.clone();
        changed[member] = json!(format!("{}0", page[member].as_str().unwrap()));
        assert!(harness.wechat_pay.pay(&changed).is_err(), "{member}");
    }
    assert_eq!(harness.wechat_pay.sandbox.order(&number).unwrap().state().unwrap(), "NOTPAY");
    harness.wechat_pay.pay(&page).unwrap();
    notifications_arrive(&harness).await;
    assert_eq!(harness.state(&number).await.unwrap(), "paid");
}

#[tokio::test]
async fn the_page_gets_a_new_prepay_id_when_the_old_one_has_expired() {
    let harness = Harness::open().await.unwrap();
    let number = harness.order().await.unwrap();
    let page = harness.checkout(&number).await.unwrap();
    harness.wechat_pay.sandbox.advance(Duration::from_secs(3 * 60 * 60));
    assert!(harness.wechat_pay.pay(&page).is_err());
    pay(&harness, &number).await;
    notifications_arrive(&harness).await;
    assert_eq!(harness.state(&number).await.unwrap(), "paid");
}

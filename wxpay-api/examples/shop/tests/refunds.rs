//! Refunds: twice, of unknown outcome, different from the request, out of order.

use serde_json::json;
use wxpay_api::sandbox::PlannedResponse;

use super::{incidents, paid_order, shipments};
use crate::harness::{Harness, TEA};
use crate::refunds;
use crate::wechat_pay::REFUND;

/// Notifies a refund's state, and returns the status of the shop's response.
async fn notify_refund(harness: &Harness, state: &str, order: &str, fen: i64) -> u16 {
    let notification = harness.wechat_pay.refunded(state, order, "return-1", fen, TEA);
    harness.wechat_pay.notify(&harness.notify_url(), notification).await.unwrap()
}

#[tokio::test]
async fn a_refund_that_is_requested_twice_is_made_once() {
    let harness = Harness::open().await.unwrap();
    let order = paid_order(&harness).await;
    harness.wechat_pay.accept_refund(&order, "return-1", 300, TEA);
    for _ in 0..2 {
        let refund = harness.refund(&order, "return-1", 300).await.unwrap();
        assert_eq!(refund.text("state"), "processing");
    }
    assert_eq!(harness.wechat_pay.executions("POST", REFUND).unwrap(), 1);

    // Another return may refund what is left, and no more.
    let left = TEA - 300;
    for (number, fen) in [("return-2", left + 1), ("return-2", 0), ("return-2", -1)] {
        assert_eq!(harness.refund(&order, number, fen).await.unwrap().status, 409, "{fen}");
    }
    harness.wechat_pay.accept_refund(&order, "return-2", left, TEA);
    assert_eq!(harness.refund(&order, "return-2", left).await.unwrap().text("state"), "processing");
    assert_eq!(harness.refund(&order, "return-3", 1).await.unwrap().status, 409);
    assert_eq!(harness.wechat_pay.executions("POST", REFUND).unwrap(), 2);

    // A closed refund moved no money, so its amount can be refunded under a new number.
    assert_eq!(notify_refund(&harness, "CLOSED", &order, 300).await, 204);
    harness.wechat_pay.accept_refund(&order, "return-4", 300, TEA);
    assert_eq!(harness.refund(&order, "return-4", 300).await.unwrap().text("state"), "processing");
}

#[tokio::test]
async fn a_refund_of_unknown_outcome_is_queried_and_sent_under_its_number() {
    let harness = Harness::open().await.unwrap();
    let order = paid_order(&harness).await;
    harness.wechat_pay.lose_requests("POST", REFUND);
    harness.wechat_pay.respond_no_refund("return-1");
    let lost = harness.refund(&order, "return-1", TEA).await.unwrap();
    assert_eq!(lost.status, 504, "{}", lost.value);
    // Its amount stays reserved.
    assert_eq!(harness.refund(&order, "return-2", 1).await.unwrap().status, 409);

    // Refused because the balance is too low: it may be sent again later.
    harness.wechat_pay.respond_no_refund("return-1");
    let refused = PlannedResponse::error(403, "NOT_ENOUGH", "余额不足");
    harness.wechat_pay.sandbox.respond("POST", REFUND, refused).unwrap();
    harness.wechat_pay.respond_no_refund("return-1");
    assert_eq!(harness.refund(&order, "return-1", TEA).await.unwrap().status, 502);

    harness.wechat_pay.respond_no_refund("return-1");
    harness.wechat_pay.accept_refund(&order, "return-1", TEA, TEA);
    let sent = harness.refund(&order, "return-1", TEA).await.unwrap();
    assert_eq!(sent.text("state"), "processing");
    assert_eq!(harness.wechat_pay.executions("POST", REFUND).unwrap(), 1);
    assert_eq!(incidents(&harness).await, 0);
}

#[tokio::test]
async fn two_clicks_at_once_request_one_refund() {
    let harness = Harness::open().await.unwrap();
    let order = paid_order(&harness).await;
    for _ in 0..2 {
        harness.wechat_pay.accept_refund(&order, "return-1", 300, TEA);
        harness.wechat_pay.respond_no_refund("return-1");
    }
    let click = || harness.refund(&order, "return-1", 300);
    let (first, second) = tokio::join!(click(), click());
    for response in [first.unwrap(), second.unwrap()] {
        assert_eq!(response.text("state"), "processing", "{}", response.value);
    }
    assert_eq!(harness.count("SELECT count(*) FROM refunds").await.unwrap(), 1);
    // WeChat Pay makes one refund of all requests with one number.
    let received = harness.wechat_pay.sandbox.received();
    let requests = received.iter().filter(|it| it.target == REFUND && it.method == "POST");
    for request in requests {
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body.get("out_refund_no"), Some(&json!("return-1")));
    }
}

#[tokio::test]
async fn a_refund_that_may_have_been_sent_is_queried_before_it_is_sent() {
    let harness = Harness::open().await.unwrap();
    let order = paid_order(&harness).await;
    // Neither the refund nor the query gets a response.
    harness.wechat_pay.lose_responses("POST", REFUND).unwrap();
    harness.wechat_pay.lose_responses("GET", &format!("{REFUND}/return-1")).unwrap();
    assert_eq!(harness.refund(&order, "return-1", 300).await.unwrap().status, 504);
    let sent = harness.wechat_pay.executions("POST", REFUND).unwrap();

    harness.wechat_pay.respond_refund(&order, "return-1", 300, TEA).unwrap();
    let again = harness.refund(&order, "return-1", 300).await.unwrap();
    assert_eq!(again.text("state"), "processing");
    assert_eq!(harness.wechat_pay.executions("POST", REFUND).unwrap(), sent);
}

#[tokio::test]
async fn a_refund_that_differs_is_an_incident() {
    let harness = Harness::open().await.unwrap();
    let order = paid_order(&harness).await;
    harness.wechat_pay.accept_refund(&order, "return-1", 300, TEA);
    harness.refund(&order, "return-1", 300).await.unwrap();
    assert_eq!(notify_refund(&harness, "SUCCESS", &order, 301).await, 500);
    assert_eq!(notify_refund(&harness, "SUCCESS", "another-order", 300).await, 500);
    let state = harness.refund(&order, "return-1", 300).await.unwrap();
    assert_eq!(state.text("state"), "processing");
    assert_eq!(incidents(&harness).await, 2);
}

#[tokio::test]
async fn older_news_of_a_refund_changes_nothing() {
    let harness = Harness::open().await.unwrap();
    let order = paid_order(&harness).await;
    harness.wechat_pay.accept_refund(&order, "return-1", 300, TEA);
    harness.refund(&order, "return-1", 300).await.unwrap();
    for (stated, status, state) in [
        ("ABNORMAL", 204, "abnormal"),
        ("PROCESSING", 204, "abnormal"),
        ("SUCCESS", 204, "succeeded"),
        ("ABNORMAL", 204, "succeeded"),
        ("PROCESSING", 204, "succeeded"),
        // The money cannot be back and never have moved.
        ("CLOSED", 500, "succeeded"),
    ] {
        // WeChat Pay notifies no PROCESSING; a late response to the call says it.
        match stated {
            "PROCESSING" => {
                harness.wechat_pay.respond_refund(&order, "return-1", 300, TEA).unwrap();
                refunds::query(&harness.shop, "return-1").await.unwrap();
            }
            _ => assert_eq!(notify_refund(&harness, stated, &order, 300).await, status, "{stated}"),
        }
        let refund = harness.refund(&order, "return-1", 300).await.unwrap();
        assert_eq!(refund.text("state"), state, "after {stated}");
    }
    assert_eq!(incidents(&harness).await, 1);
}

#[tokio::test]
async fn a_number_of_wechat_pay_belongs_to_one_order_or_refund() {
    let harness = Harness::open().await.unwrap();
    let order = paid_order(&harness).await;
    let other = harness.order().await.unwrap();
    let id = harness.wechat_pay.payment(&order, TEA)["transaction_id"].clone();
    for id in [id, json!("")] {
        let paid = harness.wechat_pay.paid(&other, TEA).with(json!({ "transaction_id": id }));
        let status = harness.wechat_pay.notify(&harness.notify_url(), paid).await;
        assert_eq!(status.unwrap(), 500);
    }
    assert_eq!(harness.state(&other).await.unwrap(), "unpaid");

    harness.wechat_pay.accept_refund(&order, "return-1", 300, TEA);
    harness.refund(&order, "return-1", 300).await.unwrap();
    let another = json!({ "refund_id": "50300000000" });
    let result = harness.wechat_pay.refunded("SUCCESS", &order, "return-1", 300, TEA).with(another);
    let status = harness.wechat_pay.notify(&harness.notify_url(), result).await;
    assert_eq!(status.unwrap(), 500);
    assert_eq!((shipments(&harness).await, incidents(&harness).await), (1, 3));
}

#[tokio::test]
async fn only_a_paid_order_is_refunded() {
    let harness = Harness::open().await.unwrap();
    let paid = paid_order(&harness).await;
    assert_eq!(harness.refund(&paid, "return%201", 300).await.unwrap().status, 400);
    let order = harness.order().await.unwrap();
    assert_eq!(harness.refund(&order, "return-1", 300).await.unwrap().status, 409);
    assert_eq!(harness.refund("none", "return-1", 300).await.unwrap().status, 404);
    assert_eq!(harness.wechat_pay.executions("POST", REFUND).unwrap(), 0);
}

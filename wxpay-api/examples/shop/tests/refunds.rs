//! Refunds: twice, of unknown outcome, different from the request, out of order.

use serde_json::json;

use super::{incidents, notifications_arrive, paid_order, shipments};
use crate::play::harness::{Harness, TEA};
use crate::play::wechat_pay::REFUND;
use crate::refunds::{self, RefundState};

/// Lets an event of a refund happen at WeChat Pay, and waits until the shop has acknowledged it.
async fn happens(harness: &Harness, number: &str, event: &str) {
    harness.wechat_pay.refund(number).unwrap().event(event).unwrap();
    notifications_arrive(harness).await;
}

/// Requests a refund at WeChat Pay without the shop, as on the merchant platform.
async fn refunded_elsewhere(harness: &Harness, order: &str, number: &str, fen: i64) {
    let refunds = harness.shop.wx.v3().refund().domestic().refunds();
    let refund = refunds.post(|r| {
        r.out_refund_no(number)
            .amount(|a| a.refund(fen).total(TEA).currency("CNY"))
            .out_trade_no(order)
            .notify_url("https://elsewhere.example/notify")
    });
    refund.await.unwrap();
}

#[tokio::test]
async fn a_refund_that_is_requested_twice_is_made_once() {
    let harness = Harness::open().await.unwrap();
    let order = paid_order(&harness).await;
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
    assert_eq!(harness.refund(&order, "return-2", left).await.unwrap().text("state"), "processing");
    assert_eq!(harness.refund(&order, "return-3", 1).await.unwrap().status, 409);
    assert_eq!(harness.wechat_pay.executions("POST", REFUND).unwrap(), 2);

    // A closed refund moved no money, so its amount can be refunded under a new number.
    happens(&harness, "return-1", "close").await;
    assert_eq!(harness.refund(&order, "return-4", 300).await.unwrap().text("state"), "processing");
    let refunds = harness.wechat_pay.sandbox.order(&order).unwrap().refunds().unwrap();
    let states: Vec<_> = refunds.iter().map(|refund| refund.state().unwrap()).collect();
    assert_eq!(states, ["CLOSED", "PROCESSING", "PROCESSING"]);
}

#[tokio::test]
async fn a_refund_of_unknown_outcome_is_queried_and_sent_under_its_number() {
    let harness = Harness::open().await.unwrap();
    let order = paid_order(&harness).await;
    harness.wechat_pay.lose_requests("POST", REFUND);
    let lost = harness.refund(&order, "return-1", TEA).await.unwrap();
    assert_eq!(lost.status, 504, "{}", lost.value);
    // Its amount stays reserved.
    assert_eq!(harness.refund(&order, "return-2", 1).await.unwrap().status, 409);

    // Refused because somebody has refunded the order without the shop: it may be sent again later.
    refunded_elsewhere(&harness, &order, "platform-1", TEA).await;
    assert_eq!(harness.refund(&order, "return-1", TEA).await.unwrap().status, 502);

    harness.wechat_pay.refund("platform-1").unwrap().event("close").unwrap();
    let sent = harness.refund(&order, "return-1", TEA).await.unwrap();
    assert_eq!(sent.text("state"), "processing");
    assert_eq!(harness.wechat_pay.executions("POST", REFUND).unwrap(), 2);
    assert_eq!(incidents(&harness).await, 0);
}

#[tokio::test]
async fn two_clicks_at_once_request_one_refund() {
    let harness = Harness::open().await.unwrap();
    let order = paid_order(&harness).await;
    let click = || harness.refund(&order, "return-1", 300);
    let (first, second) = tokio::join!(click(), click());
    for response in [first.unwrap(), second.unwrap()] {
        assert_eq!(response.text("state"), "processing", "{}", response.value);
    }
    assert_eq!(harness.count("SELECT count(*) FROM refunds").await.unwrap(), 1);
    // WeChat Pay makes one refund of all requests with one number.
    let refunds = harness.wechat_pay.sandbox.order(&order).unwrap().refunds().unwrap();
    assert_eq!(refunds.len(), 1);
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

    let again = harness.refund(&order, "return-1", 300).await.unwrap();
    assert_eq!(again.text("state"), "processing");
    assert_eq!(harness.wechat_pay.executions("POST", REFUND).unwrap(), sent);
}

#[tokio::test]
async fn a_refund_that_differs_is_an_incident() {
    let harness = Harness::open().await.unwrap();
    let order = paid_order(&harness).await;
    harness.refund(&order, "return-1", 300).await.unwrap();
    for changes in
        [json!({ "amount": { "refund": 301 } }), json!({ "out_trade_no": "another-order" })]
    {
        let changed = harness.wechat_pay.refunded("SUCCESS", "return-1").with(changes);
        assert_eq!(harness.notify(changed).await.unwrap(), 500);
    }
    let state = harness.refund(&order, "return-1", 300).await.unwrap();
    assert_eq!(state.text("state"), "processing");
    assert_eq!(incidents(&harness).await, 2);
}

#[tokio::test]
async fn a_refund_that_does_not_arrive_is_sent_elsewhere() {
    let harness = Harness::open().await.unwrap();
    let order = paid_order(&harness).await;
    harness.refund(&order, "return-1", 300).await.unwrap();
    let state = || async {
        harness.refund(&order, "return-1", 300).await.unwrap().text("state").to_owned()
    };
    happens(&harness, "return-1", "fail").await;
    assert_eq!(state().await, "abnormal");
    // A person sends the money to an account of the merchant, which gives it to the customer.
    let refunds = harness.shop.wx.v3().refund().domestic().refunds();
    let id = harness.wechat_pay.refund("return-1").unwrap().object().unwrap()["refund_id"].clone();
    let apply = refunds.refund_id(id.as_str().unwrap()).apply_abnormal_refund();
    apply.post(|r| r.out_refund_no("return-1").r#type("MERCHANT_BANK_CARD")).await.unwrap();
    happens(&harness, "return-1", "succeed").await;
    assert_eq!(state().await, "succeeded");
    assert_eq!(incidents(&harness).await, 0);
}

#[tokio::test]
async fn older_news_of_a_refund_changes_nothing() {
    let harness = Harness::open().await.unwrap();
    let order = paid_order(&harness).await;
    harness.refund(&order, "return-1", 300).await.unwrap();
    let query = harness.shop.wx.v3().refund().domestic().refunds().out_refund_no("return-1");
    let processing = query.get().await.unwrap();
    // A response that comes late says what was true before.
    let late = || refunds::record(&harness.shop, "return-1", processing.clone());
    let copy = |state| harness.notify(harness.wechat_pay.refunded(state, "return-1"));

    happens(&harness, "return-1", "fail").await;
    assert_eq!(late().await.unwrap(), RefundState::Abnormal);
    assert_eq!(copy("SUCCESS").await.unwrap(), 204);
    assert_eq!(copy("ABNORMAL").await.unwrap(), 204);
    assert_eq!(late().await.unwrap(), RefundState::Succeeded);
    assert_eq!(incidents(&harness).await, 0);
    // The money cannot be back and never have moved.
    assert_eq!(copy("CLOSED").await.unwrap(), 500);
    assert_eq!(late().await.unwrap(), RefundState::Succeeded);
    assert_eq!(incidents(&harness).await, 1);
}

#[tokio::test]
async fn a_number_of_wechat_pay_belongs_to_one_order_or_refund() {
    let harness = Harness::open().await.unwrap();
    let order = paid_order(&harness).await;
    let other = harness.order().await.unwrap();
    let payment = harness.wechat_pay.sandbox.order(&order).unwrap().object().unwrap();
    for id in [payment["transaction_id"].clone(), json!("")] {
        let paid = harness.wechat_pay.invented(&other, TEA).with(json!({ "transaction_id": id }));
        assert_eq!(harness.notify(paid).await.unwrap(), 500);
    }
    assert_eq!(harness.state(&other).await.unwrap(), "unpaid");

    harness.refund(&order, "return-1", 300).await.unwrap();
    let another = json!({ "refund_id": "50300000000" });
    let result = harness.wechat_pay.refunded("SUCCESS", "return-1").with(another);
    assert_eq!(harness.notify(result).await.unwrap(), 500);
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

//! Payments and refunds over the wire: from queries and notifications.

use serde_json::{Value, json};
use wxpay_api::compare::{
    ExpectedCombinedPayment, ExpectedPayment, ExpectedRefund, ExpectedSubOrder, Matched, Mismatch,
};
use wxpay_api::notifications::Event;
use wxpay_api::sandbox::{PlannedResponse, Sandbox, SandboxNotification};

use super::{order, paths, payment};

/// A handler of notifications, with one expectation for each kind.
fn check(event: &Event) -> Result<Matched, Mismatch> {
    let sub_order = |number, total| ExpectedSubOrder::new("1900000109", number, total);
    match event {
        Event::PayTransaction(paid) => order().check(paid),
        Event::PayPartnerTransaction(paid) => {
            ExpectedPayment::partner("1230000109", "1900000109", "order-1", 100).check(paid)
        }
        Event::CombineTransaction(paid) => ExpectedCombinedPayment::new("1900000109", "basket-1")
            .sub_orders([sub_order("order-1", 100), sub_order("order-2", 250)])
            .check(paid),
        Event::RefundResult(refunded) => {
            ExpectedRefund::direct("1900000109", "order-1", "refund-1", 30, 100).check(refunded)
        }
        Event::PartnerRefundResult(refunded) => {
            let (provider, shop) = ("1230000109", "1900000109");
            ExpectedRefund::partner(provider, shop, "order-1", "refund-1", 30, 100).check(refunded)
        }
        other => panic!("{other:?}"),
    }
}

/// A notification's name, its resource, and a change with the member that differs then.
fn notifications() -> Vec<(&'static str, &'static str, Value, Value, &'static str)> {
    let sub_order = |number, total| {
        json!({
            "mchid": "1900000109", "out_trade_no": number, "trade_state": "SUCCESS",
            "amount": { "total_amount": total, "payer_amount": 1, "currency": "CNY" },
        })
    };
    let refund = json!({
        "out_trade_no": "order-1", "out_refund_no": "refund-1", "refund_status": "SUCCESS",
        "amount": { "refund": 30, "total": 100, "payer_refund": 30, "payer_total": 100 },
    });
    let refund_of = |merchants: Value| {
        let mut refund = refund.clone();
        refund.as_object_mut().unwrap().append(&mut merchants.as_object().unwrap().clone());
        refund
    };
    vec![
        ("pay/transaction", "TRANSACTION.SUCCESS", payment(), json!({ "mchid": "1" }), "mchid"),
        (
            "pay/partner_transaction",
            "TRANSACTION.SUCCESS",
            json!({
                "sp_mchid": "1230000109", "sub_mchid": "1900000109", "out_trade_no": "order-1",
                "trade_state": "SUCCESS", "amount": { "total": 100, "payer_total": 1 },
            }),
            json!({ "sub_mchid": "1900000110" }),
            "sub_mchid",
        ),
        (
            "combine-transactions/transaction",
            "TRANSACTION.SUCCESS",
            json!({
                "combine_mchid": "1900000109", "combine_out_trade_no": "basket-1",
                "sub_orders": [sub_order("order-2", 250), sub_order("order-1", 100)],
            }),
            json!({ "sub_orders": [sub_order("order-2", 250)] }),
            "sub_orders[].out_trade_no",
        ),
        (
            "refund/refund",
            "REFUND.SUCCESS",
            refund_of(json!({ "mchid": "1900000109" })),
            json!({ "amount": { "refund": 100, "total": 100 } }),
            "amount.refund",
        ),
        (
            "refund/partner_refund",
            "REFUND.SUCCESS",
            refund_of(json!({ "sp_mchid": "1230000109", "sub_mchid": "1900000109" })),
            json!({ "out_refund_no": "refund-2" }),
            "out_refund_no",
        ),
    ]
}

#[tokio::test]
async fn notified_payments_and_refunds_of_every_shape() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    for (name, event, equal, change, path) in notifications() {
        let notification =
            || SandboxNotification::example(name).event_type(event).with(equal.clone());
        let (headers, body) = sandbox.notification(notification()).unwrap();
        let matched = check(&wx.notification(&headers, &body).await.unwrap().event());
        assert!(matched.unwrap().is_success(), "{name}");

        let (headers, body) = sandbox.notification(notification().with(change)).unwrap();
        let result = check(&wx.notification(&headers, &body).await.unwrap().event());
        assert_eq!(paths(result), [path], "{name}");
    }
}

#[tokio::test]
async fn a_queried_payment_and_the_refund_of_a_call() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let query = "/v3/pay/transactions/out-trade-no/{out_trade_no}";
    let orders = wx.v3().pay().transactions().out_trade_no().out_trade_no("order-1");
    sandbox.respond("GET", query, PlannedResponse::json(payment())).unwrap();
    let paid = orders.get(|r| r.mchid(wx.id())).await.unwrap();
    assert!(order().check(&paid).unwrap().is_success());

    let mut open = payment();
    open["trade_state"] = json!("NOTPAY");
    open["out_trade_no"] = json!("order-2");
    sandbox.respond("GET", query, PlannedResponse::json(open)).unwrap();
    let reply = orders.get(|r| r.mchid(wx.id())).reply().await.unwrap();
    assert_eq!(paths(order().check(&reply.value)), ["out_trade_no"]);

    let amount = json!({ "refund": 30, "total": 100, "payer_refund": 25, "payer_total": 80 });
    let response = json!({
        "out_refund_no": "refund-1", "out_trade_no": "order-1", "status": "PROCESSING",
        "amount": amount,
    });
    sandbox
        .respond("POST", "/v3/refund/domestic/refunds", PlannedResponse::json(response))
        .unwrap();
    let call = wx.v3().refund().domestic().refunds().post(|r| {
        r.out_refund_no("refund-1")
            .amount(|a| a.refund(30).total(100).currency("CNY"))
            .out_trade_no("order-1")
    });
    let expected = ExpectedRefund::direct(wx.id(), "order-1", "refund-1", 30, 100);
    assert!(!expected.check(&call.await.unwrap()).unwrap().is_success());
}

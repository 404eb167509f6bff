//! `refund/refund`: refunds of payments, by merchants, partners and platforms.

use serde_json::{Value, json};
use wxpay_api::sandbox::LifecycleError;
use wxpay_api::v3::refund::types::RefundStatus;

use crate::support::{APPID, SUB_MCHID, World, with, without};

const REFUNDS: &str = "/v3/refund/domestic/refunds";
const DAY: u64 = 86_400;

fn query(number: &str) -> String {
    format!("{REFUNDS}/{number}")
}

impl World {
    /// Lets the user pay an order of 100 fen.
    async fn paid(&self, number: &str) {
        self.pay(self.jsapi_order(number)).await;
    }

    fn abnormal_refund(&self, refund: &Value, kind: &str) -> (String, Value) {
        let id = refund["refund_id"].as_str().unwrap();
        let number = refund["out_refund_no"].clone();
        let body = json!({ "out_refund_no": number, "type": kind });
        (format!("{REFUNDS}/{id}/apply-abnormal-refund"), body)
    }
}

#[tokio::test]
async fn a_refund_arrives() {
    let world = World::start().await;
    world.post("/v3/pay/transactions/jsapi", world.jsapi_order("coffee-1")).await;
    world.order("coffee-1").pay_with_coupon(80).unwrap();
    let typed = world.wx.v3().refund().domestic().refunds();
    let refund = typed
        .post(|r| {
            r.out_trade_no("coffee-1")
                .out_refund_no("back-1")
                .notify_url(world.notify_url())
                .amount(|a| a.refund(50).total(100).currency("CNY"))
        })
        .await
        .unwrap();
    assert_eq!(refund.status, RefundStatus::Processing);
    let amount = refund.amount.unwrap();
    assert_eq!(amount.payer_total, Some(80));
    assert_eq!(amount.payer_refund, Some(40));
    assert_eq!(amount.discount_refund, Some(10));
    let processing = world.get(query("back-1")).await;
    assert_eq!(processing["status"], "PROCESSING");
    assert_eq!(processing["channel"], "ORIGINAL");
    assert_eq!(processing["funds_account"], "UNSETTLED");
    assert!(processing.get("success_time").is_none());
    world.resource("refund/refund", "back-1").event("succeed").unwrap();
    let arrived = world.get(query("back-1")).await;
    assert_eq!(arrived["status"], "SUCCESS");
    assert!(arrived["success_time"].is_string());
    world.assert_sent(&[("TRANSACTION.SUCCESS", "coffee-1"), ("REFUND.SUCCESS", "back-1")]);
    let order = world.order("coffee-1");
    assert_eq!(order.refunds().unwrap().len(), 1);
    // The same request again refunds nothing, and shows how it is now.
    let same = json!({
        "out_trade_no": "coffee-1", "out_refund_no": "back-1", "notify_url": world.notify_url(),
        "amount": { "refund": 50, "total": 100, "currency": "CNY" },
    });
    assert_eq!(world.post(REFUNDS, same).await, arrived);
    assert_eq!(order.refunds().unwrap().len(), 1);
    for event in ["succeed", "fail", "close", "lack_funds", "recharge"] {
        let refund = world.resource("refund/refund", "back-1");
        let error = refund.event(event).unwrap_err();
        assert!(matches!(error, LifecycleError::NotPossible { .. }), "{error}");
    }
}

#[tokio::test]
async fn money_needs_five_minutes() {
    let world = World::start().await;
    world.paid("coffee-1").await;
    world.post(REFUNDS, world.refund("coffee-1", "back-1", 100)).await;
    world.advance(290);
    assert_eq!(world.get(query("back-1")).await["status"], "PROCESSING");
    world.advance(11);
    assert_eq!(world.get(query("back-1")).await["status"], "SUCCESS");
}

#[tokio::test]
async fn a_refund_without_funds_is_closed_and_frees_the_amount() {
    let world = World::start().await;
    world.paid("coffee-1").await;
    world.post(REFUNDS, world.refund("coffee-1", "back-1", 100)).await;
    let refund = world.resource("refund/refund", "back-1");
    refund.event("lack_funds").unwrap();
    assert_eq!(world.get(query("back-1")).await["status"], "PROCESSING");
    world.advance(7 * DAY - 10);
    assert_eq!(refund.state().unwrap(), "UNFUNDED");
    world.advance(11);
    assert_eq!(world.get(query("back-1")).await["status"], "CLOSED");
    world.assert_sent(&[("TRANSACTION.SUCCESS", "coffee-1"), ("REFUND.CLOSED", "back-1")]);
    assert_eq!(world.query("coffee-1").await["trade_state"], "REFUND");
    world.post(REFUNDS, world.refund("coffee-1", "back-2", 100)).await;
    let second = world.resource("refund/refund", "back-2");
    second.event("lack_funds").unwrap().event("recharge").unwrap().event("succeed").unwrap();
    assert_eq!(world.get(query("back-2")).await["status"], "SUCCESS");
}

#[tokio::test]
async fn an_order_without_other_refunds_may_be_paid_again() {
    let world = World::start().await;
    world.switch("pay/transaction", "refund_closed.REFUND", "SUCCESS");
    world.paid("coffee-1").await;
    for number in ["back-1", "back-2"] {
        world.post(REFUNDS, world.refund("coffee-1", number, 30)).await;
    }
    for (number, state) in [("back-1", "REFUND"), ("back-2", "SUCCESS")] {
        world.resource("refund/refund", number).event("close").unwrap();
        assert_eq!(world.query("coffee-1").await["trade_state"], state);
    }
}

#[tokio::test]
async fn an_abnormal_refund_goes_elsewhere() {
    let world = World::start().await;
    for (index, kind) in ["USER_BANK_CARD", "MERCHANT_BANK_CARD"].into_iter().enumerate() {
        let (order, number) = (format!("coffee-{index}"), format!("back-{index}"));
        world.paid(&order).await;
        let refund = world.post(REFUNDS, world.refund(&order, &number, 100)).await;
        let (target, body) = world.abnormal_refund(&refund, kind);
        let early = world.refused(&target, body.clone()).await;
        let card = kind == "USER_BANK_CARD";
        assert_eq!(early, "400 INVALID_REQUEST");
        let resource = world.resource("refund/refund", &number);
        resource.event("fail").unwrap();
        assert_eq!(world.get(query(&number)).await["status"], "ABNORMAL");
        let sent = resource.notifications();
        assert_eq!(sent.last().unwrap().event_type, "REFUND.ABNORMAL");
        let mut body = body;
        if card {
            assert_eq!(world.refused(&target, body.clone()).await, "400 PARAM_ERROR");
            let typed = world.wx.v3().refund().domestic().refunds();
            let id = refund["refund_id"].as_str().unwrap();
            let accepted = typed
                .refund_id(id)
                .apply_abnormal_refund()
                .post(|r| {
                    r.out_refund_no(&number)
                        .r#type("USER_BANK_CARD")
                        .bank_type("ICBC_DEBIT")
                        .bank_account("6222020000000000000")
                        .real_name("张三")
                })
                .await
                .unwrap();
            assert_eq!(accepted.status, RefundStatus::Processing);
        } else {
            let other = with(body.clone(), "out_refund_no", "back-9");
            assert_eq!(world.refused(&target, other).await, "404 RESOURCE_NOT_EXISTS");
            body = world.post(&target, body).await;
            assert_eq!(body["status"], "PROCESSING");
        }
        resource.event("succeed").unwrap();
        let arrived = world.get(query(&number)).await;
        assert_eq!(arrived["status"], "SUCCESS");
        assert_eq!(arrived["channel"], if card { "OTHER_BANKCARD" } else { "ORIGINAL" });
    }
    let unknown = format!("{REFUNDS}/50000000/apply-abnormal-refund");
    let body = json!({ "out_refund_no": "back-0", "type": "MERCHANT_BANK_CARD" });
    assert_eq!(world.refused(unknown, body).await, "404 RESOURCE_NOT_EXISTS");
}

#[tokio::test]
async fn only_paid_orders_of_the_merchant_are_refunded() {
    let world = World::start().await;
    assert_eq!(world.refused_get(query("back-9")).await, "404 RESOURCE_NOT_EXISTS");
    let missing = "404 RESOURCE_NOT_EXISTS";
    assert_eq!(world.refused(REFUNDS, world.refund("coffee-9", "back-1", 1)).await, missing);
    world.post("/v3/pay/transactions/jsapi", world.jsapi_order("coffee-1")).await;
    assert_eq!(world.refused(REFUNDS, world.refund("coffee-1", "back-1", 1)).await, missing);
    world.order("coffee-1").event("expire").unwrap();
    assert_eq!(world.refused(REFUNDS, world.refund("coffee-1", "back-1", 1)).await, missing);

    world.post("/v3/pay/partner/transactions/native", world.partner_order("coffee-2")).await;
    world.order("coffee-2").pay().unwrap();
    let refund = world.refund("coffee-2", "back-1", 1);
    assert_eq!(world.refused(REFUNDS, refund.clone()).await, missing);
    let other = with(refund.clone(), "sub_mchid", "1900000110");
    assert_eq!(world.refused(REFUNDS, other).await, missing);
    world.post(REFUNDS, with(refund, "sub_mchid", SUB_MCHID)).await;
    assert_eq!(
        world.refused_get(format!("{}?sub_mchid=1900000110", query("back-1"))).await,
        missing
    );
    world.get(format!("{}?sub_mchid={SUB_MCHID}", query("back-1"))).await;
    world.resource("refund/refund", "back-1").event("succeed").unwrap();
    world.assert_sent(&[("TRANSACTION.SUCCESS", "coffee-2"), ("REFUND.SUCCESS", "back-1")]);
}

#[tokio::test]
async fn amounts_fit_the_order() {
    let world = World::start().await;
    world.paid("coffee-1").await;
    let refund = world.refund("coffee-1", "back-1", 40);
    let id = world.query("coffee-1").await["transaction_id"].clone();
    for (wrong, expected) in [
        (with(refund.clone(), "transaction_id", id.clone()), "400 PARAM_ERROR"),
        (without(refund.clone(), "out_trade_no"), "404 RESOURCE_NOT_EXISTS"),
        (with(refund.clone(), "amount.refund", 0), "400 PARAM_ERROR"),
        (with(refund.clone(), "amount.refund", -1), "400 PARAM_ERROR"),
        (with(refund.clone(), "amount.refund", 101), "400 INVALID_REQUEST"),
        (with(refund.clone(), "amount.total", 99), "400 INVALID_REQUEST"),
        (
            with(refund.clone(), "amount.from", json!([{ "account": "AVAILABLE", "amount": 39 }])),
            "400 INVALID_REQUEST",
        ),
    ] {
        assert_eq!(world.refused(REFUNDS, wrong).await, expected);
    }
    assert_eq!(world.query("coffee-1").await["trade_state"], "SUCCESS");
    let from = json!([
        { "account": "AVAILABLE", "amount": 30 }, { "account": "UNAVAILABLE", "amount": 10 },
    ]);
    let by_id = with(without(refund, "out_trade_no"), "transaction_id", id);
    let refunded = world.post(REFUNDS, with(by_id, "amount.from", from)).await;
    assert_eq!(refunded["out_trade_no"], "coffee-1");
    assert_eq!(refunded["amount"]["from"][1]["amount"], 10);
    let rest = world.refund("coffee-1", "back-2", 61);
    assert_eq!(world.refused(REFUNDS, rest.clone()).await, "400 INVALID_REQUEST");
    world.post(REFUNDS, with(rest, "amount.refund", 60)).await;
    let full = world.refund("coffee-1", "back-3", 1);
    assert_eq!(world.refused(REFUNDS, full).await, "400 INVALID_REQUEST");
    let other = world.refund("coffee-1", "back-2", 59);
    assert_eq!(world.refused(REFUNDS, other).await, "400 INVALID_REQUEST");
    world.paid("coffee-2").await;
    let other = world.refund("coffee-2", "back-2", 60);
    assert_eq!(world.refused(REFUNDS, other).await, "400 INVALID_REQUEST");
}

#[tokio::test]
async fn an_order_has_fifty_refunds_within_a_year() {
    let world = World::start().await;
    world.paid("coffee-1").await;
    world.paid("coffee-2").await;
    for index in 0..50 {
        world.post(REFUNDS, world.refund("coffee-1", &format!("back-{index}"), 1)).await;
    }
    let last = world.refund("coffee-1", "back-50", 1);
    assert_eq!(world.refused(REFUNDS, last).await, "400 INVALID_REQUEST");
    world.advance(365 * DAY - 60);
    world.post(REFUNDS, world.refund("coffee-2", "late-1", 1)).await;
    world.advance(61);
    let late = world.refund("coffee-2", "late-2", 1);
    assert_eq!(world.refused(REFUNDS, late).await, "400 INVALID_REQUEST");
}

#[tokio::test]
async fn refunds_in_a_row_may_be_too_fast() {
    let world = World::start().await;
    world.switch("refund/refund", "apply.creates", "refuse too_soon");
    world.paid("coffee-1").await;
    world.post(REFUNDS, world.refund("coffee-1", "back-1", 1)).await;
    let second = world.refund("coffee-1", "back-2", 1);
    assert_eq!(world.refused(REFUNDS, second.clone()).await, "429 FREQUENCY_LIMITED");
    world.advance(61);
    world.post(REFUNDS, second).await;
}

#[tokio::test]
async fn frozen_money_is_refunded_before_it_is_unfrozen() {
    let world = World::start().await;
    let order = world.jsapi_order("coffee-1");
    world.pay(with(order, "settle_info", json!({ "profit_sharing": true }))).await;
    let id = world.query("coffee-1").await["transaction_id"].as_str().unwrap().to_owned();
    let receiver = json!({
        "type": "PERSONAL_OPENID", "account": "oReceiver", "relation_type": "STAFF", "appid": APPID,
    });
    world.post("/v3/profitsharing/receivers/add", receiver).await;
    let share = json!({
        "appid": APPID, "transaction_id": id, "out_order_no": "share-1", "unfreeze_unsplit": false,
        "receivers": [{
            "type": "PERSONAL_OPENID", "account": "oReceiver", "amount": 20, "description": "小费",
        }],
    });
    world.advance(61);
    world.post("/v3/profitsharing/orders", share).await;
    let refund = world.refund("coffee-1", "back-1", 81);
    assert_eq!(world.refused(REFUNDS, refund.clone()).await, "403 NOT_ENOUGH");
    let unfreeze = json!({
        "transaction_id": id, "out_order_no": "unfreeze-1", "description": "解冻",
    });
    world.post("/v3/profitsharing/orders/unfreeze", unfreeze).await;
    world.post(REFUNDS, refund).await;
    let amounts = world.get(format!("/v3/profitsharing/transactions/{id}/amounts")).await;
    assert_eq!(amounts["unsplit_amount"], 0);
}

#[tokio::test]
async fn a_platform_refunds() {
    let world = World::start().await;
    world.post("/v3/pay/partner/transactions/native", world.partner_order("coffee-1")).await;
    world.order("coffee-1").pay().unwrap();
    let body = json!({
        "sub_mchid": SUB_MCHID, "sp_appid": APPID, "out_trade_no": "coffee-1",
        "out_refund_no": "back-1", "notify_url": world.notify_url(),
        "amount": { "refund": 50, "total": 100, "currency": "CNY" },
    });
    let refund = world.post("/v3/ecommerce/refunds/apply", body).await;
    assert_eq!(refund["amount"]["payer_refund"], 50);
    let id = refund["refund_id"].as_str().unwrap();
    let by_id = format!("/v3/ecommerce/refunds/id/{id}?sub_mchid={SUB_MCHID}");
    let by_number = format!("/v3/ecommerce/refunds/out-refund-no/back-1?sub_mchid={SUB_MCHID}");
    assert_eq!(world.get(&by_id).await, world.get(&by_number).await);
    assert_eq!(world.get(&by_id).await["status"], "PROCESSING");
    let other = "/v3/ecommerce/refunds/out-refund-no/back-1?sub_mchid=1900000110";
    assert_eq!(world.refused_get(other).await, "404 RESOURCE_NOT_EXISTS");
    let unknown = format!("/v3/ecommerce/refunds/id/50000?sub_mchid={SUB_MCHID}");
    assert_eq!(world.refused_get(unknown).await, "404 RESOURCE_NOT_EXISTS");
    let resource = world.resource("refund/refund", "back-1");
    resource.event("fail").unwrap();
    assert_eq!(world.get(&by_id).await["status"], "ABNORMAL");
    let abnormal = json!({
        "sub_mchid": SUB_MCHID, "out_refund_no": "back-1", "type": "MERCHANT_BANK_CARD",
    });
    let target = format!("/v3/ecommerce/refunds/{id}/apply-abnormal-refund");
    world.post(&target, abnormal).await;
    // Platforms read CLOSE where others read CLOSED.
    resource.event("close").unwrap();
    assert_eq!(world.get(&by_id).await["status"], "CLOSE");
    let sent = resource.notifications();
    let sent: Vec<_> = sent.iter().map(|one| one.event_type.as_str()).collect();
    assert_eq!(sent, ["REFUND.ABNORMAL", "REFUND.CLOSED"]);
}

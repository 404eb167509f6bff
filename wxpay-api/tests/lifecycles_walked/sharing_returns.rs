//! `profitsharing/…`: receivers who give back, and partners who share for their merchants.

use std::time::Duration;

use serde_json::{Value, json};

use crate::sharing::{
    ADD, NO_RECORD, ORDER, ORDERS, PARTNER, UNFREEZE, add_partner, paid, receiver, share, unfreeze,
    unsplit,
};
use crate::support::served::{
    APPID, DAY, MCHID, MINUTE, OPENID, World, assert_impossible, ok, with,
};

const RETURN: &str = "profitsharing/return";
const RETURNS: &str = "/v3/profitsharing/return-orders";

fn give_back(number: &str, order: &str, amount: i64) -> Value {
    json!({
        "out_order_no": order, "out_return_no": number, "return_mchid": PARTNER, "amount": amount,
        "description": "用户退款",
    })
}

/// Shares 300 fen with the partner, who got them.
async fn shared(world: &World) -> String {
    add_partner(world).await;
    let transaction = paid(world, "payment-1", true).await;
    let person = json!({ "type": "PERSONAL_OPENID", "account": "openid-1", "amount": 1, "description": "d" });
    world.post(ADD, receiver("openid-1")).await;
    let mut order = share("share-1", &transaction, 299);
    order["receivers"].as_array_mut().unwrap().push(person);
    world.post(ORDERS, order).await;
    world.resource(ORDER, "share-1").event("finish").unwrap();
    transaction
}

#[tokio::test]
async fn receivers_give_back() {
    let world = World::start().await;
    let transaction = shared(&world).await;
    let returns = world.wx.v3().profitsharing().return_orders();
    let made = ok(returns.post(|r| {
        r.out_order_no("share-1")
            .out_return_no("return-1")
            .return_mchid(PARTNER)
            .amount(100)
            .description("用户退款")
    }))
    .await;
    assert_eq!(made["result"], "SUCCESS");
    assert!(made["order_id"].is_string() && made.get("fail_reason").is_none());
    let queried = ok(returns.out_return_no("return-1").get(|r| r.out_order_no("share-1"))).await;
    assert_eq!(queried, made);
    assert_eq!(world.post(RETURNS, give_back("return-1", "share-1", 100)).await, made);
    assert_eq!(unsplit(&world, &transaction).await, 700);
    let refusal = "400 INVALID_REQUEST 回退请求与原请求不一致";
    world.refused(RETURNS, give_back("return-1", "share-1", 99), refusal).await;
    world.sandbox.notifications_settled().await;
    let told = world.sandbox.sent_notifications().pop().unwrap();
    assert_eq!(told.event_type, "PROFITSHARING.RETURN");
    assert!(told.not_sent.as_ref().unwrap().contains("no URL is registered"), "{told:?}");

    world.switch(RETURN, "apply.creates", "PROCESSING");
    let slow = world.post(RETURNS, give_back("return-2", "share-1", 100)).await;
    assert_eq!(
        (&slow["result"], &slow["finish_time"]),
        (&json!("PROCESSING"), &json!("1970-01-01T08:00:00+08:00"))
    );
    let too_much = "403 NOT_ENOUGH 剩余可回退的金额不足";
    world.refused(RETURNS, give_back("return-3", "share-1", 100), too_much).await;
    world.resource(RETURN, "return-2").event("fail").unwrap();
    world.post(RETURNS, give_back("return-3", "share-1", 100)).await;
    world.resource(RETURN, "return-3").event("succeed").unwrap();
    world.post(RETURNS, give_back("return-4", "share-1", 99)).await;
    world.sandbox.advance(DAY * 5);
    for (number, result, reason) in [
        ("return-2", "FAILED", json!("BALANCE_NOT_ENOUGH")),
        ("return-3", "SUCCESS", Value::Null),
        ("return-4", "FAILED", json!("TIME_OUT_CLOSED")),
    ] {
        let path = format!("{RETURNS}/{number}?out_order_no=share-1");
        let queried = world.get(&path).await;
        assert_eq!((&queried["result"], &queried["fail_reason"]), (&json!(result), &reason));
        for event in ["succeed", "fail", "expire"] {
            assert_impossible(&world.resource(RETURN, number), event);
        }
    }
}

#[tokio::test]
async fn returns_have_rules() {
    let world = World::start().await;
    shared(&world).await;
    world.refused_get(&format!("{RETURNS}/nobody?out_order_no=share-1"), NO_RECORD).await;
    let no_order = "400 INVALID_REQUEST 分账单不存在";
    world.refused(RETURNS, give_back("return-1", "nobody", 1), no_order).await;
    world.switch(RETURN, "no_order", "404 RESOURCE_NOT_EXISTS");
    world.refused(RETURNS, give_back("return-1", "nobody", 1), NO_RECORD).await;
    let no_receiver = "400 INVALID_REQUEST 回退方不存在";
    for account in ["1900000999", "openid-1"] {
        let other = with(give_back("return-1", "share-1", 1), json!({ "return_mchid": account }));
        world.refused(RETURNS, other, no_receiver).await;
    }
    let too_much = "403 NOT_ENOUGH 剩余可回退的金额不足";
    world.refused(RETURNS, give_back("return-1", "share-1", 300), too_much).await;
    for number in 0..50 {
        world.post(RETURNS, give_back(&format!("return-{number}"), "share-1", 1)).await;
    }
    let too_many = "400 INVALID_REQUEST 分账单最多回退50次";
    world.refused(RETURNS, give_back("return-50", "share-1", 1), too_many).await;
    world.sandbox.advance(Duration::from_secs(180 * 86_400 + 1));
    let too_late = "400 INVALID_REQUEST 分账超过180天不支持回退";
    world.refused(RETURNS, give_back("return-51", "share-1", 1), too_late).await;
}

#[tokio::test]
async fn partners_share_for_their_merchants() {
    let world = World::start().await;
    let sub = json!({ "sub_mchid": "1900000109" });
    let order = json!({
        "sp_appid": APPID, "sp_mchid": MCHID, "sub_mchid": "1900000109", "description": "咖啡",
        "out_trade_no": "payment-1", "notify_url": world.url, "amount": { "total": 1000 },
        "payer": { "sp_openid": OPENID }, "settle_info": { "profit_sharing": true },
    });
    world.post("/v3/pay/partner/transactions/jsapi", order).await;
    let payment = world.resource("pay/transaction", "payment-1");
    payment.pay().unwrap();
    world.sandbox.advance(MINUTE);
    let transaction = payment.object().unwrap()["transaction_id"].as_str().unwrap().to_owned();
    let partner = json!({
        "appid": APPID, "type": "MERCHANT_ID", "account": PARTNER, "relation_type": "PARTNER",
    });
    world.refused(ADD, partner, "400 PARAM_ERROR 接收方类型为MERCHANT_ID时全称必填").await;
    let add = world.wx.v3().profitsharing().receivers().add();
    let added = ok(add.post(|r| {
        r.appid(APPID)
            .r#type("MERCHANT_ID")
            .account(PARTNER)
            .relation_type("PARTNER")
            .name("某某公司")
            .sub_mchid("1900000109")
    }))
    .await;
    assert_eq!(added["sub_mchid"], "1900000109");
    let made = world.post(ORDERS, with(share("share-1", &transaction, 300), sub.clone())).await;
    assert_eq!(made["sub_mchid"], "1900000109");
    world.resource(ORDER, "share-1").event("finish").unwrap();
    let made = world.post(RETURNS, with(give_back("return-1", "share-1", 300), sub.clone())).await;
    assert_eq!(made["sub_mchid"], "1900000109");
    let rest = world.post(UNFREEZE, with(unfreeze("rest-1", &transaction), sub)).await;
    assert_eq!(rest["receivers"][0]["account"], "1900000109");
    world.sandbox.notifications_settled().await;
    let told = world.sandbox.sent_notifications();
    let told: Vec<_> = told.iter().map(|it| (it.event_type.as_str(), &it.not_sent)).collect();
    let [_, (shared, one), (returned, other)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((*shared, *returned), ("PROFITSHARING.SUCCESS", "PROFITSHARING.RETURN"));
    assert!(one.as_ref().unwrap().contains("SUCCESS by 86693852"), "{told:?}");
    assert!(other.as_ref().unwrap().contains("no URL is registered"), "{told:?}");
}

//! `profitsharing/…`: sharing the frozen money of a payment, with receivers and the release of the rest.

use serde_json::{Value, json};

use crate::support::served::{
    APPID, DAY, MCHID, MINUTE, OPENID, World, assert_impossible, ok, with, without,
};

pub(super) const ORDER: &str = "profitsharing/order";
pub(super) const ORDERS: &str = "/v3/profitsharing/orders";
pub(super) const UNFREEZE: &str = "/v3/profitsharing/orders/unfreeze";
pub(super) const ADD: &str = "/v3/profitsharing/receivers/add";
const DELETE: &str = "/v3/profitsharing/receivers/delete";
pub(super) const PARTNER: &str = "86693852";
const NOTHING_LEFT: &str = "403 NOT_ENOUGH 分账金额为0";
const NOT_ENOUGH: &str = "403 NOT_ENOUGH 分账金额不足";
const OVER_RATIO: &str = "403 RULE_LIMIT 分账金额超出最大分账比例";
pub(super) const NO_RECORD: &str = "404 RESOURCE_NOT_EXISTS 记录不存在";

pub(super) fn receiver(account: &str) -> Value {
    json!({
        "appid": APPID, "type": "PERSONAL_OPENID", "account": account, "relation_type": "STAFF",
    })
}

pub(super) async fn add_partner(world: &World) {
    let add = world.wx.v3().profitsharing().receivers().add();
    let add = || {
        add.post(|r| {
            r.appid(APPID)
                .r#type("MERCHANT_ID")
                .account(PARTNER)
                .relation_type("SERVICE_PROVIDER")
                .name("某某公司")
        })
    };
    let added = ok(add()).await;
    assert_eq!(added["account"], PARTNER);
    ok(add()).await;
}

/// A payment of 1000 fen that was paid a minute ago, and its number at WeChat Pay.
pub(super) async fn paid(world: &World, number: &str, sharing: bool) -> String {
    let order = json!({
        "appid": APPID,
        "mchid": MCHID,
        "description": "咖啡",
        "out_trade_no": number,
        "notify_url": world.url,
        "amount": { "total": 1000 },
        "payer": { "openid": OPENID },
        "settle_info": { "profit_sharing": sharing },
    });
    world.post("/v3/pay/transactions/jsapi", order).await;
    let payment = world.resource("pay/transaction", number);
    payment.pay().unwrap();
    world.notification("TRANSACTION.SUCCESS").await;
    world.sandbox.advance(MINUTE);
    payment.object().unwrap()["transaction_id"].as_str().unwrap().to_owned()
}

pub(super) fn share(number: &str, transaction: &str, amount: i64) -> Value {
    json!({
        "appid": APPID,
        "transaction_id": transaction,
        "out_order_no": number,
        "receivers": [{
            "type": "MERCHANT_ID", "account": PARTNER, "amount": amount, "description": "分给商户",
        }],
        "unfreeze_unsplit": false,
    })
}

pub(super) fn unfreeze(number: &str, transaction: &str) -> Value {
    json!({ "transaction_id": transaction, "out_order_no": number, "description": "解冻全部剩余资金" })
}

pub(super) async fn unsplit(world: &World, transaction: &str) -> Value {
    let amounts = format!("/v3/profitsharing/transactions/{transaction}/amounts");
    world.get(&amounts).await["unsplit_amount"].clone()
}

async fn query(world: &World, number: &str, transaction: &str) -> Value {
    world.get(&format!("{ORDERS}/{number}?transaction_id={transaction}")).await
}

#[tokio::test]
async fn a_payment_is_shared_and_the_rest_released() {
    let world = World::start().await;
    add_partner(&world).await;
    let transaction = paid(&world, "payment-1", true).await;
    let orders = world.wx.v3().profitsharing().orders();
    let made = ok(orders.post(|r| {
        r.transaction_id(transaction.as_str())
            .out_order_no("share-1")
            .receivers(|list| {
                list.push(|x| {
                    x.r#type("MERCHANT_ID").account(PARTNER).amount(200).description("分给商户")
                })
                .push(|x| {
                    x.r#type("PERSONAL_OPENID")
                        .account("stranger")
                        .amount(50)
                        .description("分给个人")
                })
            })
            .unfreeze_unsplit(false)
            .appid(APPID)
    }))
    .await;
    assert_eq!(made["state"], "PROCESSING");
    assert_eq!(made["receivers"][0]["result"], "PENDING");
    assert_eq!(made["receivers"][0]["finish_time"], "1970-01-01T08:00:00+08:00");
    assert!(made.get("mchid").is_none() && made.get("shared_amount").is_none());
    assert_eq!(unsplit(&world, &transaction).await, 750);

    let resource = world.resource(ORDER, "share-1");
    resource.event("finish").unwrap();
    assert_impossible(&resource, "finish");
    let one = orders.out_order_no("share-1");
    let finished = ok(one.get(|r| r.transaction_id(transaction.as_str()))).await;
    assert_eq!(finished["state"], "FINISHED");
    let [partner, stranger] = [&finished["receivers"][0], &finished["receivers"][1]];
    assert_eq!(partner["result"], "SUCCESS");
    assert_ne!(partner["finish_time"], "1970-01-01T08:00:00+08:00");
    assert_eq!(stranger["result"], "CLOSED");
    assert_eq!(stranger["fail_reason"], "NO_RELATION");
    assert_eq!(unsplit(&world, &transaction).await, 800);
    // Only receivers that are merchants are told; here the receiver is no account of the sandbox.
    world.sandbox.notifications_settled().await;
    let told = world.sandbox.sent_notifications();
    let [_, told] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(
        (told.event_type.as_str(), told.account.as_str()),
        ("PROFITSHARING.SUCCESS", PARTNER)
    );
    assert!(told.not_sent.as_ref().unwrap().contains("SUCCESS by 86693852"), "{told:?}");

    let rest = ok(orders.unfreeze().post(|r| {
        r.transaction_id(transaction.as_str()).out_order_no("rest-1").description("解冻")
    }))
    .await;
    assert_eq!(rest["receivers"][0]["account"], MCHID);
    assert_eq!(rest["receivers"][0]["amount"], 800);
    assert_eq!(unsplit(&world, &transaction).await, 0);
    world.resource(ORDER, "rest-1").event("finish").unwrap();
    let rest = query(&world, "rest-1", &transaction).await;
    assert_eq!(rest["receivers"][0]["result"], "SUCCESS");
    world.refused(ORDERS, share("share-2", &transaction, 1), NOTHING_LEFT).await;
    world.refused(UNFREEZE, unfreeze("rest-2", &transaction), NOTHING_LEFT).await;
    assert_eq!(world.sandbox.sent_notifications().len(), 2);
}

#[tokio::test]
async fn the_last_share_releases_the_rest_at_once() {
    let world = World::start().await;
    add_partner(&world).await;
    let transaction = paid(&world, "payment-1", true).await;
    let last = with(share("share-1", &transaction, 300), json!({ "unfreeze_unsplit": true }));
    world.post(ORDERS, last).await;
    assert_eq!(unsplit(&world, &transaction).await, 0);
    world.refused(ORDERS, share("share-2", &transaction, 1), NOTHING_LEFT).await;
    // What fails now goes to the merchant, and not back into the pot.
    world.resource(ORDER, "share-1").parts().unwrap()[0].event("fail").unwrap();
    assert_eq!(unsplit(&world, &transaction).await, 0);
}

#[tokio::test]
async fn a_receiver_fails() {
    let world = World::start().await;
    add_partner(&world).await;
    let transaction = paid(&world, "payment-1", true).await;
    world.post(ORDERS, share("share-1", &transaction, 300)).await;
    let order = world.resource(ORDER, "share-1");
    let part = order.parts().unwrap().remove(0);
    part.event_with("fail", json!({ "fail_reason": "RECEIVER_HIGH_RISK" })).unwrap();
    assert_impossible(&part, "fail");
    assert_eq!(unsplit(&world, &transaction).await, 1000);
    order.event("finish").unwrap();
    let finished = query(&world, "share-1", &transaction).await;
    assert_eq!(finished["receivers"][0]["fail_reason"], "RECEIVER_HIGH_RISK");
    assert_eq!(unsplit(&world, &transaction).await, 1000);
}

#[tokio::test]
async fn the_same_number_again() {
    let world = World::start().await;
    add_partner(&world).await;
    let transaction = paid(&world, "payment-1", true).await;
    let first = world.post(ORDERS, share("share-1", &transaction, 100)).await;
    let again = world.post(ORDERS, share("share-1", &transaction, 100)).await;
    assert_eq!(first, again);
    let refusal = "400 INVALID_REQUEST 分账接收方与原请求不一致";
    world.refused(ORDERS, share("share-1", &transaction, 101), refusal).await;
    // Unfreezing with a number that was used succeeds, and releases nothing.
    let used = world.post(UNFREEZE, unfreeze("share-1", &transaction)).await;
    assert_eq!(used["order_id"], first["order_id"]);
    assert_eq!(unsplit(&world, &transaction).await, 900);
}

#[tokio::test]
async fn sharing_has_rules() {
    let world = World::start().await;
    add_partner(&world).await;
    world.refused(ORDERS, share("s", "4200000", 1), "400 INVALID_REQUEST 订单不存在").await;
    world.switch(ORDER, "no_payment", "404 RESOURCE_NOT_EXISTS");
    world.refused(ORDERS, share("s", "4200000", 1), "404 RESOURCE_NOT_EXISTS 订单不存在").await;
    world.refused(UNFREEZE, unfreeze("s", "4200000"), "404 RESOURCE_NOT_EXISTS 订单不存在").await;
    let ordinary = paid(&world, "ordinary", false).await;
    world
        .refused(ORDERS, share("s", &ordinary, 1), "400 INVALID_REQUEST 非分账订单不支持分账")
        .await;
    world
        .refused(
            UNFREEZE,
            unfreeze("s", &ordinary),
            "400 INVALID_REQUEST 非分账订单不支持解冻剩余资金",
        )
        .await;
    world.refused_get(&format!("{ORDERS}/nobody?transaction_id=1"), NO_RECORD).await;

    let transaction = paid(&world, "payment-1", true).await;
    world.refused(ORDERS, share("s", &transaction, 1001), NOT_ENOUGH).await;
    world.refused(ORDERS, share("s", &transaction, 301), OVER_RATIO).await;
    world.post(ORDERS, share("s", &transaction, 300)).await;
    world.refused(ORDERS, share("t", &transaction, 1), OVER_RATIO).await;
    world.sandbox.set(ORDER, "max_ratio", 100).unwrap();
    for number in 1..50 {
        world.post(ORDERS, share(&format!("more-{number}"), &transaction, 1)).await;
    }
    let often = "400 INVALID_REQUEST 单笔订单最多请求50次分账";
    world.refused(ORDERS, share("t", &transaction, 1), often).await;

    let transaction = paid(&world, "payment-2", true).await;
    let many: Vec<_> = (0..51)
        .map(|number| {
            json!({ "type": "PERSONAL_OPENID", "account": format!("openid-{number}"),
                "amount": 1, "description": "分给个人" })
        })
        .collect();
    let many = with(share("many", &transaction, 1), json!({ "receivers": many }));
    world.refused(ORDERS, many, "400 PARAM_ERROR 单次分账最多50个接收方").await;
}

#[tokio::test]
async fn a_payment_is_shared_after_a_minute_only() {
    let world = World::start().await;
    let order = json!({
        "appid": APPID, "mchid": MCHID, "description": "咖啡", "out_trade_no": "payment-1",
        "notify_url": world.url, "amount": { "total": 1000 }, "payer": { "openid": OPENID },
        "settle_info": { "profit_sharing": true },
    });
    world.post("/v3/pay/transactions/jsapi", order).await;
    let payment = world.resource("pay/transaction", "payment-1");
    payment.pay().unwrap();
    let transaction = payment.object().unwrap()["transaction_id"].as_str().unwrap().to_owned();
    let refusal = "400 INVALID_REQUEST 订单支付成功1分钟后才能分账";
    world.refused(ORDERS, share("share-1", &transaction, 1), refusal).await;
    world.sandbox.advance(MINUTE);
    world.post(ORDERS, share("share-1", &transaction, 1)).await;
    world.sandbox.advance(DAY * 30);
    assert_eq!(unsplit(&world, &transaction).await, 0);
}

#[tokio::test]
async fn receivers_are_added_and_deleted() {
    let world = World::start().await;
    let nobody = without(receiver("openid-1"), "relation_type");
    let absent = "400 INVALID_REQUEST 分账接收方不存在";
    world.refused(DELETE, nobody.clone(), absent).await;
    let company = with(receiver("company"), json!({ "type": "MERCHANT_ID" }));
    let name = "400 PARAM_ERROR 接收方类型为MERCHANT_ID时全称必填";
    world.refused(ADD, company, name).await;
    let custom = with(receiver("openid-1"), json!({ "relation_type": "CUSTOM" }));
    let relation = "400 PARAM_ERROR 与分账方的关系类型为CUSTOM时自定义的分账关系必填";
    world.refused(ADD, custom, relation).await;
    world.post(ADD, receiver("openid-1")).await;
    let again = with(receiver("openid-1"), json!({ "relation_type": "USER" }));
    assert_eq!(world.post(ADD, again.clone()).await["relation_type"], "STAFF");
    let delete = world.wx.v3().profitsharing().receivers().delete_();
    ok(delete.post(|r| r.appid(APPID).r#type("PERSONAL_OPENID").account("openid-1"))).await;
    world.refused(DELETE, nobody.clone(), absent).await;
    world.switch("profitsharing/receiver", "delete.DELETED", "DELETED");
    world.post(DELETE, nobody).await;
    assert_eq!(world.post(ADD, again).await["relation_type"], "USER");
}

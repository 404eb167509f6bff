//! `combine-transactions/order` and `combine-transactions/sub-order`.

use serde_json::{Value, json};
use wxpay_api::v3::pay::types::TradeState;

use crate::support::{APPID, OPENID, SUB_MCHID, World, with};

const JSAPI: &str = "/v3/combine-transactions/jsapi";
const NATIVE: &str = "/v3/combine-transactions/native";
const LIFECYCLE: &str = "combine-transactions/order";

impl World {
    fn sub_order(&self, number: &str, amount: i64) -> Value {
        json!({
            "mchid": self.mchid(),
            "out_trade_no": number,
            "description": "咖啡",
            "attach": "桌号 7",
            "amount": { "total_amount": amount, "currency": "CNY" },
        })
    }

    /// A combined order; its sub-orders have its number and an index.
    fn combined(&self, number: &str, amounts: &[i64]) -> Value {
        let subs = amounts.iter().enumerate();
        let subs =
            subs.map(|(index, amount)| self.sub_order(&format!("{number}-{index}"), *amount));
        json!({
            "combine_appid": APPID,
            "combine_mchid": self.mchid(),
            "combine_out_trade_no": number,
            "notify_url": self.notify_url(),
            "sub_orders": subs.collect::<Vec<_>>(),
        })
    }

    fn close_combined(&self, numbers: &[&str]) -> Value {
        let subs = numbers.iter();
        let subs = subs.map(|number| json!({ "mchid": self.mchid(), "out_trade_no": number }));
        json!({ "combine_appid": APPID, "sub_orders": subs.collect::<Vec<_>>() })
    }
}

fn query(number: &str) -> String {
    format!("/v3/combine-transactions/out-trade-no/{number}")
}

fn close(number: &str) -> String {
    format!("{}/close", query(number))
}

fn states(order: &Value) -> Vec<&str> {
    let subs = order["sub_orders"].as_array().unwrap().iter();
    subs.map(|sub| sub["trade_state"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_combined_order_is_paid_as_a_whole_and_refunded_in_parts() {
    let world = World::start().await;
    let payer = json!({ "openid": OPENID });
    let order = with(world.combined("basket", &[100, 40]), "combine_payer_info", payer);
    world.post(JSAPI, order).await;
    let typed = world.wx.v3().combine_transactions().out_trade_no().combine_out_trade_no("basket");
    let unpaid = typed.get().await.unwrap();
    assert_eq!(unpaid.sub_orders[0].trade_state, TradeState::NotPay);
    let unpaid = world.get(query("basket")).await;
    assert_eq!(states(&unpaid), ["NOTPAY", "NOTPAY"]);
    assert!(unpaid.get("combine_payer_info").is_none());
    assert!(unpaid["sub_orders"][0].get("attach").is_none());
    let order = world.order("basket");
    order.event("fail").unwrap();
    order.pay().unwrap();
    world.assert_sent(&[("TRANSACTION.SUCCESS", "basket")]);
    let paid = world.get(query("basket")).await;
    assert_eq!(states(&paid), ["SUCCESS", "SUCCESS"]);
    assert_eq!(paid["combine_payer_info"]["openid"], OPENID);
    let first = &paid["sub_orders"][0];
    assert_eq!(first["trade_type"], "JSAPI");
    assert_eq!(first["attach"], "桌号 7");
    assert_eq!(first["amount"]["payer_amount"], 100);
    assert_ne!(first["transaction_id"], paid["sub_orders"][1]["transaction_id"]);
    let id = paid["combine_transaction_id"].as_str().unwrap();
    assert_eq!(world.get(format!("/v3/combine-transactions/id/{id}")).await, paid);

    // The ordinary query does not see it.
    for number in ["basket", "basket-0"] {
        let path = format!("/v3/pay/transactions/out-trade-no/{number}?mchid={}", world.mchid());
        assert_eq!(world.refused_get(path).await, "404 ORDER_NOT_EXIST");
    }
    let refund = json!({
        "transaction_id": first["transaction_id"],
        "out_refund_no": "back-1",
        "amount": { "refund": 30, "total": 100, "currency": "CNY" },
    });
    let refund = world.post("/v3/refund/domestic/refunds", refund).await;
    assert_eq!(refund["out_trade_no"], "basket-0");
    assert_eq!(refund["amount"]["payer_refund"], 30);
    assert_eq!(states(&world.get(query("basket")).await), ["REFUND", "SUCCESS"]);
    world.advance(61);
    let refund = world.refund("basket-0", "back-2", 30);
    world.post("/v3/refund/domestic/refunds", refund).await;
    let refund = world.resource("refund/refund", "back-2");
    refund.event("close").unwrap();
    assert_eq!(states(&world.get(query("basket")).await), ["REFUND", "SUCCESS"]);
    assert!(order.pay().is_err());
}

#[tokio::test]
async fn a_used_number_is_refused() {
    let world = World::start().await;
    let order = world.combined("basket", &[100, 40]);
    let first = world.post(NATIVE, order.clone()).await;
    let second = world.post(NATIVE, order.clone()).await;
    assert_ne!(first["code_url"], second["code_url"]);
    let other = with(order.clone(), "sub_orders.0.settle_info", json!({ "profit_sharing": true }));
    for (choice, expected) in [
        ("400 INVALID_REQUEST", "400 INVALID_REQUEST"),
        ("403 OUT_TRADE_NO_USED", "403 OUT_TRADE_NO_USED"),
    ] {
        world.switch(LIFECYCLE, "other_parameters", choice);
        assert_eq!(world.refused(NATIVE, other.clone()).await, expected);
        assert_eq!(world.refused(JSAPI, order.clone()).await, expected);
    }
    world.order("basket").pay().unwrap();
    let body = world.close_combined(&["basket-0", "basket-1"]);
    for (choice, expected) in
        [("400 ORDER_PAID", "400 ORDER_PAID"), ("400 INVALID_REQUEST", "400 INVALID_REQUEST")]
    {
        world.switch(LIFECYCLE, "paid", choice);
        assert_eq!(world.refused(NATIVE, order.clone()).await, expected);
        assert_eq!(world.refused(close("basket"), body.clone()).await, expected);
    }
}

#[tokio::test]
async fn closing_names_all_sub_orders() {
    let world = World::start().await;
    let body = world.close_combined(&["basket-1", "basket-0"]);
    assert_eq!(world.refused(close("basket"), body.clone()).await, "404 ORDER_NOT_EXIST");
    assert_eq!(world.refused_get(query("basket")).await, "404 ORDER_NOT_EXIST");
    world.post(NATIVE, world.combined("basket", &[100, 40])).await;
    let some = world.close_combined(&["basket-0"]);
    let other = world.close_combined(&["basket-0", "basket-2"]);
    let mut stranger = body.clone();
    stranger["sub_orders"][0]["mchid"] = json!("1900000110");
    for (choice, expected) in
        [("400 INVALID_REQUEST", "400 INVALID_REQUEST"), ("500 SYSTEM_ERROR", "500 SYSTEM_ERROR")]
    {
        world.switch(LIFECYCLE, "sub_orders_differ", choice);
        assert_eq!(world.refused(close("basket"), some.clone()).await, expected);
        assert_eq!(world.refused(close("basket"), other.clone()).await, expected);
        assert_eq!(world.refused(close("basket"), stranger.clone()).await, expected);
    }
    assert_eq!(states(&world.get(query("basket")).await), ["NOTPAY", "NOTPAY"]);
    assert_eq!(world.post(close("basket"), body.clone()).await, Value::Null);
    assert_eq!(states(&world.get(query("basket")).await), ["CLOSED", "CLOSED"]);
    world.post(close("basket"), body.clone()).await;
    world.switch(LIFECYCLE, "close.CLOSED", "refuse closed");
    assert_eq!(world.refused(close("basket"), body).await, "400 ORDER_CLOSED");
    let order = world.combined("basket", &[100, 40]);
    assert_eq!(world.refused(NATIVE, order).await, "400 ORDER_CLOSED");
    world.assert_sent(&[]);
}

#[tokio::test]
async fn the_number_of_sub_orders_is_limited() {
    let world = World::start().await;
    let single = world.combined("single", &[100]);
    assert_eq!(world.refused(NATIVE, single.clone()).await, "400 PARAM_ERROR");
    let eleven = world.combined("eleven", &[1; 11]);
    assert_eq!(world.refused(NATIVE, eleven.clone()).await, "400 PARAM_ERROR");
    let of_platform = |mut order: Value| {
        for sub in order["sub_orders"].as_array_mut().unwrap() {
            sub["sub_mchid"] = SUB_MCHID.into();
        }
        order
    };
    world.post(NATIVE, of_platform(single)).await;
    world.post(NATIVE, of_platform(eleven)).await;
    let most = of_platform(world.combined("largest", &[1; 51]));
    assert_eq!(world.refused(NATIVE, most).await, "400 PARAM_ERROR");
    let twice = with(world.combined("doubled", &[1, 2]), "sub_orders.1.out_trade_no", "doubled-0");
    assert_eq!(world.refused(NATIVE, twice).await, "400 INVALID_REQUEST");
}

#[tokio::test]
async fn time_closes_a_combined_order() {
    let world = World::start().await;
    let body = world.close_combined(&["overdue-0", "overdue-1"]);
    let late = with(world.combined("overdue", &[1, 2]), "time_expire", world.time_after(600));
    let soon = with(world.combined("hurried", &[1, 2]), "time_expire", world.time_after(5));
    for order in [&late, &soon, &world.combined("weekly", &[1, 2])] {
        world.post(NATIVE, order.clone()).await;
    }
    world.advance(55);
    assert_eq!(world.order("hurried").state().unwrap(), "NOTPAY");
    world.advance(10);
    assert_eq!(world.order("hurried").state().unwrap(), "OVERDUE");
    world.advance(540);
    assert_eq!(world.order("overdue").state().unwrap(), "OVERDUE");
    assert_eq!(states(&world.get(query("overdue")).await), ["NOTPAY", "NOTPAY"]);
    assert!(world.order("overdue").pay().is_err());
    assert_eq!(world.refused(NATIVE, late).await, "400 ORDER_CLOSED");
    world.post(close("overdue"), body).await;
    assert_eq!(states(&world.get(query("overdue")).await), ["CLOSED", "CLOSED"]);
    world.advance(7 * 86_400);
    for number in ["hurried", "weekly"] {
        assert_eq!(states(&world.get(query(number)).await), ["CLOSED", "CLOSED"]);
    }
}

#[tokio::test]
async fn credentials_of_combined_orders_grow_old() {
    let world = World::start().await;
    let scene = json!({
        "device_id": "7", "payer_client_ip": "14.23.150.211", "h5_info": { "type": "Wap" },
    });
    let h5 = with(world.combined("order-h5", &[1, 2]), "scene_info", scene);
    let payer = json!({ "openid": OPENID });
    let mini = with(world.combined("order-miniprogram", &[1, 2]), "combine_payer_info", payer);
    for (way, order, lifetime) in [
        ("app", world.combined("order-app", &[1, 2]), 7200),
        ("h5", h5, 300),
        ("miniprogram", mini, 7200),
    ] {
        let target = format!("/v3/combine-transactions/{way}");
        world.post(&target, order.clone()).await;
        world.advance(lifetime + 1);
        let number = format!("order-{way}");
        assert!(world.order(&number).pay().is_err());
        world.post(&target, order).await;
        world.order(&number).pay().unwrap();
    }
    let h5 = world.get(query("order-h5")).await;
    assert_eq!(h5["sub_orders"][0]["trade_type"], "MWEB");
}

#[tokio::test]
async fn sub_orders_have_their_own_money_for_sharing() {
    let world = World::start().await;
    let order = world.combined("basket", &[100, 40]);
    let order = with(order, "sub_orders.0.settle_info", json!({ "profit_sharing": true }));
    world.post(NATIVE, order).await;
    world.order("basket").pay().unwrap();
    let paid = world.get(query("basket")).await;
    let amounts = |index: usize| {
        let id = paid["sub_orders"][index]["transaction_id"].as_str().unwrap();
        format!("/v3/profitsharing/transactions/{id}/amounts")
    };
    assert_eq!(world.get(amounts(0)).await["unsplit_amount"], 100);
    assert_eq!(world.refused_get(amounts(1)).await, "400 INVALID_REQUEST");
    world.post("/v3/refund/domestic/refunds", world.refund("basket-0", "back-1", 30)).await;
    assert_eq!(world.get(amounts(0)).await["unsplit_amount"], 70);
    world.resource("refund/refund", "back-1").event("close").unwrap();
    assert_eq!(world.get(amounts(0)).await["unsplit_amount"], 100);
    world.advance(30 * 86_400 + 1);
    assert_eq!(world.get(amounts(0)).await["unsplit_amount"], 0);
}

//! `pay/transaction`: payments of direct merchants and of partners, without payment codes.

use serde_json::{Value, json};
use wxpay_api::sandbox::LifecycleError;
use wxpay_api::v3::pay::types::TradeState;

use crate::support::{APPID, OPENID, SUB_MCHID, World, refusal, with, without};

const JSAPI: &str = "/v3/pay/transactions/jsapi";
const NATIVE: &str = "/v3/pay/transactions/native";
const H5: &str = "/v3/pay/transactions/h5";
const PARTNER_JSAPI: &str = "/v3/pay/partner/transactions/jsapi";
const LIFECYCLE: &str = "pay/transaction";
const DAY: u64 = 86_400;

fn close(number: &str) -> String {
    format!("/v3/pay/transactions/out-trade-no/{number}/close")
}

#[tokio::test]
async fn a_payment_is_ordered_paid_and_refunded() {
    let world = World::start().await;
    let wx = &world.wx;
    let jsapi = wx.v3().pay().transactions().jsapi();
    let session = jsapi
        .post(|r| {
            r.appid(APPID)
                .mchid(world.mchid())
                .description("咖啡")
                .out_trade_no("coffee-1")
                .amount(|a| a.total(100))
                .notify_url(world.notify_url())
                .attach("桌号 7")
                .payer(|p| p.openid(OPENID))
        })
        .await
        .unwrap();
    assert_eq!(session.prepay_id.len(), 36);

    let by_number = wx.v3().pay().transactions().out_trade_no().out_trade_no("coffee-1");
    let unpaid = by_number.get(|r| r.mchid(world.mchid())).await.unwrap();
    assert_eq!(unpaid.trade_state, TradeState::NotPay);
    let unpaid = world.query("coffee-1").await;
    assert_eq!(
        unpaid,
        json!({
            "appid": APPID,
            "mchid": world.mchid(),
            "out_trade_no": "coffee-1",
            "trade_state": "NOTPAY",
            "trade_state_desc": "订单未支付",
            "amount": { "total": 100, "currency": "CNY", "payer_currency": "CNY" },
        })
    );

    let order = world.order("coffee-1");
    order.event("fail").unwrap();
    assert_eq!(order.state().unwrap(), "NOTPAY");
    world.assert_sent(&[]);
    order.pay().unwrap();
    world.assert_sent(&[("TRANSACTION.SUCCESS", "coffee-1")]);

    let paid = world.query("coffee-1").await;
    assert_eq!(paid["trade_state"], "SUCCESS");
    assert_eq!(paid["trade_type"], "JSAPI");
    assert_eq!(paid["attach"], "桌号 7");
    assert_eq!(paid["bank_type"], "OTHERS");
    assert_eq!(paid["payer"], json!({ "openid": OPENID }));
    assert_eq!(paid["amount"]["payer_total"], 100);
    assert!(paid["success_time"].is_string() && paid.get("notify_url").is_none());
    let id = paid["transaction_id"].as_str().unwrap();
    let by_id = format!("/v3/pay/transactions/id/{id}?mchid={}", world.mchid());
    assert_eq!(world.get(by_id).await, paid);

    for name in ["pay", "fail", "expire"] {
        let error = order.event(name).unwrap_err();
        assert!(matches!(error, LifecycleError::NotPossible { .. }), "{error}");
    }
    world.post("/v3/refund/domestic/refunds", world.refund("coffee-1", "back-1", 30)).await;
    let refunded = world.query("coffee-1").await;
    assert_eq!(refunded["trade_state"], "REFUND");
    assert_eq!(refunded["transaction_id"], paid["transaction_id"]);
    world.advance(61);
    world.post("/v3/refund/domestic/refunds", world.refund("coffee-1", "back-2", 30)).await;
    assert_eq!(order.state().unwrap(), "REFUND");
}

#[tokio::test]
async fn a_paid_number_is_used() {
    let world = World::start().await;
    for refunded in [false, true] {
        let number = format!("coffee-{refunded}");
        let order = world.jsapi_order(&number);
        world.pay(order.clone()).await;
        if refunded {
            let refund = world.refund(&number, "back-1", 100);
            world.post("/v3/refund/domestic/refunds", refund).await;
        }
        for (choice, expected) in
            [("400 ORDER_PAID", "400 ORDER_PAID"), ("400 INVALID_REQUEST", "400 INVALID_REQUEST")]
        {
            world.switch(LIFECYCLE, "paid", choice);
            assert_eq!(world.refused(JSAPI, order.clone()).await, expected);
            let other = with(order.clone(), "amount.total", 7);
            assert_eq!(world.refused(JSAPI, other).await, expected);
            let body = json!({ "mchid": world.mchid() });
            assert_eq!(world.refused(close(&number), body).await, expected);
        }
    }
}

#[tokio::test]
async fn a_closed_order_stays_closed() {
    let world = World::start().await;
    let body = json!({ "mchid": world.mchid() });
    assert_eq!(world.refused(close("coffee-1"), body.clone()).await, "404 ORDER_NOT_EXIST");
    let order = world.jsapi_order("coffee-1");
    world.post(JSAPI, order.clone()).await;
    assert_eq!(world.post(close("coffee-1"), body.clone()).await, Value::Null);
    let closed = world.query("coffee-1").await;
    assert_eq!(closed["trade_state"], "CLOSED");
    assert_eq!(closed["trade_state_desc"], "订单已关闭");
    assert!(closed.get("attach").is_none());
    assert_eq!(world.refused(JSAPI, order).await, "400 ORDER_CLOSED");
    assert!(world.order("coffee-1").pay().is_err());

    world.post(close("coffee-1"), body.clone()).await;
    world.switch(LIFECYCLE, "close.CLOSED", "refuse closed");
    assert_eq!(world.refused(close("coffee-1"), body).await, "400 ORDER_CLOSED");
    world.assert_sent(&[]);
}

#[tokio::test]
async fn the_same_number_needs_the_same_parameters() {
    let world = World::start().await;
    let order = world.native_order("coffee-1");
    let first = world.post(NATIVE, order.clone()).await;
    let second = world.post(NATIVE, order.clone()).await;
    assert_ne!(first["code_url"], second["code_url"]);
    assert!(second["code_url"].as_str().unwrap().starts_with("weixin://wxpay/bizpayurl"));
    for (choice, expected) in [
        ("400 INVALID_REQUEST", "400 INVALID_REQUEST"),
        ("403 OUT_TRADE_NO_USED", "403 OUT_TRADE_NO_USED"),
    ] {
        world.switch(LIFECYCLE, "other_parameters", choice);
        for other in [
            with(order.clone(), "amount.total", 101),
            with(order.clone(), "description", "茶"),
            with(order.clone(), "time_expire", world.time_after(600)),
            without(order.clone(), "attach"),
        ] {
            assert_eq!(world.refused(NATIVE, other).await, expected);
        }
        // The same body asks for another type of payment.
        let app = world.refused("/v3/pay/transactions/app", order.clone()).await;
        assert_eq!(app, expected);
    }
    assert_eq!(world.query("coffee-1").await["amount"]["total"], 100);
}

#[tokio::test]
async fn nobody_pays_after_the_deadline() {
    let world = World::start().await;
    let body = json!({ "mchid": world.mchid() });
    // Less than a minute ahead counts as a minute.
    for (seconds, last) in [(600, 599), (5, 58)] {
        let number = format!("coffee-{seconds}");
        let until = world.time_after(seconds);
        let order = with(world.jsapi_order(&number), "time_expire", until);
        world.post(JSAPI, order.clone()).await;
        world.advance(last);
        world.post(JSAPI, order.clone()).await;
        assert_eq!(world.order(&number).state().unwrap(), "NOTPAY");
        world.advance(4);
        assert_eq!(world.order(&number).state().unwrap(), "OVERDUE");
        assert_eq!(world.query(&number).await["trade_state"], "NOTPAY");
        assert_eq!(world.refused(JSAPI, order).await, "400 ORDER_CLOSED");
        assert!(world.order(&number).pay().is_err());
        world.post(close(&number), body.clone()).await;
        assert_eq!(world.query(&number).await["trade_state"], "CLOSED");
    }
}

#[tokio::test]
async fn an_unpaid_order_is_closed_after_seven_days() {
    let world = World::start().await;
    let order = world.jsapi_order("coffee-1");
    let until = world.time_after(3600);
    world.post(JSAPI, order.clone()).await;
    world.post(JSAPI, with(world.jsapi_order("coffee-2"), "time_expire", until)).await;
    world.advance(7 * DAY - 10);
    assert_eq!(world.query("coffee-1").await["trade_state"], "NOTPAY");
    // A new prepay_id does not prolong the order.
    world.post(JSAPI, order).await;
    world.advance(11);
    assert_eq!(world.query("coffee-1").await["trade_state"], "CLOSED");
    assert_eq!(world.query("coffee-2").await["trade_state"], "CLOSED");
    world.order("coffee-1").event("pay").unwrap_err();
    world.post(JSAPI, world.jsapi_order("coffee-3")).await;
    world.order("coffee-3").event("expire").unwrap();
    assert_eq!(world.query("coffee-3").await["trade_state"], "CLOSED");
}

#[tokio::test]
async fn credentials_grow_old_and_are_renewed() {
    let world = World::start().await;
    let scene = json!({ "payer_client_ip": "14.23.150.211", "h5_info": { "type": "Wap" } });
    let h5 = with(world.native_order("coffee-h5"), "scene_info", scene);
    for (target, order, lifetime) in [
        (JSAPI, world.jsapi_order("coffee-jsapi"), 7200),
        (NATIVE, world.native_order("coffee-native"), 7200),
        (H5, h5, 300),
    ] {
        let number = order["out_trade_no"].as_str().unwrap().to_owned();
        world.post(target, order.clone()).await;
        world.advance(lifetime + 1);
        let error = world.order(&number).pay().unwrap_err();
        assert!(matches!(error, LifecycleError::Refused { .. }), "{error}");
        world.post(target, order).await;
        world.advance(lifetime - 5);
        world.order(&number).pay().unwrap();
    }
    let paid = world.query("coffee-h5").await;
    assert_eq!(paid["trade_type"], "MWEB");
    assert!(paid.get("scene_info").is_none(), "{paid}");
}

#[tokio::test]
async fn only_the_user_of_the_order_pays() {
    let world = World::start().await;
    world.post(JSAPI, world.jsapi_order("coffee-1")).await;
    let order = world.order("coffee-1");
    let stranger = json!({ "openid": "oStranger" });
    let error = order.event_with("pay", stranger.clone()).unwrap_err();
    assert!(matches!(error, LifecycleError::Refused { .. }), "{error}");
    assert_eq!(order.state().unwrap(), "NOTPAY");
    order.event_with("pay", json!({ "openid": OPENID })).unwrap();

    world.post(NATIVE, world.native_order("coffee-2")).await;
    world.order("coffee-2").event_with("pay", stranger).unwrap();
    assert_eq!(world.query("coffee-2").await["payer"]["openid"], "oStranger");

    let partner = with(world.partner_order("coffee-3"), "payer", json!({ "sp_openid": OPENID }));
    world.post(PARTNER_JSAPI, partner).await;
    let order = world.order("coffee-3");
    assert!(order.event_with("pay", json!({ "openid": "oStranger" })).is_err());
    order.pay().unwrap();
}

#[tokio::test]
async fn a_coupon_pays_a_part() {
    let world = World::start().await;
    world.post(JSAPI, world.jsapi_order("coffee-1")).await;
    let order = world.order("coffee-1");
    assert!(order.pay_with_coupon(101).is_err());
    let coupons = json!([{ "coupon_id": "109519", "amount": 20 }]);
    let inputs = json!({ "payer_total": 80, "promotion_detail": coupons, "bank_type": "CMC" });
    order.event_with("pay", inputs).unwrap();
    let paid = world.query("coffee-1").await;
    assert_eq!(paid["amount"]["total"], 100);
    assert_eq!(paid["amount"]["payer_total"], 80);
    assert_eq!(paid["promotion_detail"][0]["amount"], 20);
    assert_eq!(paid["bank_type"], "CMC");
}

#[tokio::test]
async fn fields_are_checked_beyond_their_types() {
    let world = World::start().await;
    let nothing = with(world.jsapi_order("coffee-1"), "amount.total", 0);
    assert_eq!(world.refused(JSAPI, nothing).await, "400 PARAM_ERROR");
    let order = world.partner_order("coffee-2");
    for payer in [json!({}), json!({ "sp_openid": OPENID, "sub_openid": OPENID })] {
        let order = with(order.clone(), "payer", payer);
        assert_eq!(world.refused(PARTNER_JSAPI, order).await, "400 PARAM_ERROR");
    }
    let order = with(order, "payer", json!({ "sub_openid": OPENID }));
    assert_eq!(world.refused(PARTNER_JSAPI, order.clone()).await, "400 PARAM_ERROR");
    world.post(PARTNER_JSAPI, with(order, "sub_appid", APPID)).await;
    world.order("coffee-2").pay().unwrap();
}

#[tokio::test]
async fn an_order_belongs_to_its_merchant() {
    let world = World::start().await;
    let mchid = world.mchid().to_owned();
    world.post(JSAPI, world.jsapi_order("coffee-1")).await;
    world.post("/v3/pay/partner/transactions/native", world.partner_order("coffee-2")).await;
    world.order("coffee-2").pay().unwrap();
    let partner = |number: &str, sub_mchid: &str| {
        let path = format!("/v3/pay/partner/transactions/out-trade-no/{number}");
        format!("{path}?sp_mchid={mchid}&sub_mchid={sub_mchid}")
    };
    let paid = world.get(partner("coffee-2", SUB_MCHID)).await;
    assert_eq!(paid["sp_mchid"], mchid);
    assert_eq!(paid["sub_mchid"], SUB_MCHID);
    assert!(paid["payer"]["sp_openid"].is_string() && paid["payer"].get("openid").is_none());
    let id = paid["transaction_id"].as_str().unwrap();
    let by_id =
        format!("/v3/pay/partner/transactions/id/{id}?sp_mchid={mchid}&sub_mchid={SUB_MCHID}");
    assert_eq!(world.get(by_id).await, paid);
    world.assert_sent(&[("TRANSACTION.SUCCESS", "coffee-2")]);

    let direct = format!("/v3/pay/transactions/out-trade-no/coffee-2?mchid={mchid}");
    for (choice, expected) in [
        ("404 ORDER_NOT_EXIST", "404 ORDER_NOT_EXIST"),
        ("400 INVALID_REQUEST", "400 INVALID_REQUEST"),
    ] {
        world.switch(LIFECYCLE, "other_merchant", choice);
        assert_eq!(world.refused_get(&direct).await, expected);
        assert_eq!(world.refused_get(partner("coffee-1", SUB_MCHID)).await, expected);
        assert_eq!(world.refused_get(partner("coffee-2", "1900000110")).await, expected);
        let body = json!({ "sp_mchid": mchid, "sub_mchid": SUB_MCHID });
        let target = close("coffee-1").replace("/pay/", "/pay/partner/");
        assert_eq!(world.refused(target, body).await, expected);
    }
    // Another merchant has numbers of its own.
    let stranger = world.sandbox.add_merchant("1900000110").unwrap().client().unwrap();
    let path = "/v3/pay/transactions/out-trade-no/coffee-1?mchid=1900000110";
    let error = stranger.get(path).await.unwrap_err();
    assert_eq!(refusal(error), "404 ORDER_NOT_EXIST");
    let unknown = format!("/v3/pay/transactions/out-trade-no/coffee-9?mchid={mchid}");
    assert_eq!(world.refused_get(unknown).await, "404 ORDER_NOT_EXIST");
    let unknown = format!("/v3/pay/transactions/id/4200000000?mchid={mchid}");
    assert_eq!(world.refused_get(unknown).await, "404 ORDER_NOT_EXIST");

    let close = "/v3/pay/partner/transactions/out-trade-no/coffee-3/close";
    world.post("/v3/pay/partner/transactions/native", world.partner_order("coffee-3")).await;
    world.post(close, json!({ "sp_mchid": mchid, "sub_mchid": SUB_MCHID })).await;
    assert_eq!(world.get(partner("coffee-3", SUB_MCHID)).await["trade_state"], "CLOSED");
}

#[tokio::test]
async fn every_way_to_order_has_its_type() {
    let world = World::start().await;
    let scene = json!({ "payer_client_ip": "14.23.150.211", "h5_info": { "type": "Wap" } });
    let contract = json!({
        "plan_id": "3484306348", "contract_mchid": "1200009811", "contract_appid": APPID,
        "contract_code": "100001256", "request_serial": "1695", "contract_display_account": "张三",
    });
    for (index, (way, trade_type)) in [
        ("jsapi", "JSAPI"),
        ("app", "APP"),
        ("h5", "MWEB"),
        ("native", "NATIVE"),
        ("jsapi-with-contract", "JSAPI"),
        ("app-with-contract", "APP"),
        ("miniprogram", "JSAPI"),
        ("scannedpos", "JSAPI"),
    ]
    .into_iter()
    .enumerate()
    {
        let dress = |mut order: Value, payer: Value| {
            if !matches!(way, "app" | "h5" | "native" | "app-with-contract") {
                order["payer"] = payer;
            }
            if way == "h5" {
                order["scene_info"] = scene.clone();
            }
            if way.ends_with("contract") {
                order["contract_info"] = contract.clone();
            }
            order
        };
        let mchid = world.mchid();
        if index < 6 {
            let number = format!("direct-{index}");
            let order = dress(world.native_order(&number), json!({ "openid": OPENID }));
            world.post(format!("/v3/pay/transactions/{way}"), order).await;
            world.order(&number).pay().unwrap();
            assert_eq!(world.query(&number).await["trade_type"], trade_type, "{way}");
        }
        let number = format!("partner-{index}");
        let order = dress(world.partner_order(&number), json!({ "sp_openid": OPENID }));
        world.post(format!("/v3/pay/partner/transactions/{way}"), order).await;
        world.order(&number).pay().unwrap();
        let path = format!("/v3/pay/partner/transactions/out-trade-no/{number}");
        let paid = world.get(format!("{path}?sp_mchid={mchid}&sub_mchid={SUB_MCHID}")).await;
        assert_eq!(paid["trade_type"], trade_type, "{way}");
    }
}

#[tokio::test]
async fn what_is_frozen_for_sharing_is_released_after_thirty_days() {
    let world = World::start().await;
    let shared =
        with(world.jsapi_order("coffee-1"), "settle_info", json!({ "profit_sharing": true }));
    world.pay(shared).await;
    world.pay(world.jsapi_order("coffee-2")).await;
    let amounts = |paid: &Value| {
        let id = paid["transaction_id"].as_str().unwrap();
        format!("/v3/profitsharing/transactions/{id}/amounts")
    };
    let (shared, other) = (world.query("coffee-1").await, world.query("coffee-2").await);
    assert_eq!(world.refused_get(amounts(&other)).await, "400 INVALID_REQUEST");
    let unknown = "/v3/profitsharing/transactions/4200000000/amounts";
    assert_eq!(world.refused_get(unknown).await, "400 INVALID_REQUEST");
    assert_eq!(world.get(amounts(&shared)).await["unsplit_amount"], 100);
    world.post("/v3/refund/domestic/refunds", world.refund("coffee-1", "back-1", 30)).await;
    assert_eq!(world.get(amounts(&shared)).await["unsplit_amount"], 70);
    world.resource("refund/refund", "back-1").event("close").unwrap();
    assert_eq!(world.get(amounts(&shared)).await["unsplit_amount"], 100);
    world.advance(30 * DAY + 1);
    assert_eq!(world.get(amounts(&shared)).await["unsplit_amount"], 0);
}

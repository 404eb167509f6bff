//! Creating, repeating, querying, closing and paying; what is refused changes nothing.

use std::time::Duration;

use serde_json::json;
use wxpay_api::protocol::WechatPayKeys;
use wxpay_api::sandbox::{Account, Fault, LifecycleError, PlannedResponse};

use crate::support::{order, start};

#[tokio::test]
async fn an_order_is_remembered_as_it_was_made() {
    let shop = start().await;
    assert_eq!(shop.get_refused("/v3/shop/orders/A1").await, "404 ORDER_NOT_EXIST");
    let made = shop.order("A1", 7).await;
    let prepay_id = made["prepay_id"].as_str().unwrap();
    assert!(prepay_id.starts_with("wx") && prepay_id.len() == 36, "{prepay_id}");
    let expected = json!({
        "mchid": "1230000109", "out_trade_no": "A1", "trade_type": "JSAPI", "trade_state": "NOTPAY",
        "trade_state_desc": "订单未支付", "amount": { "total": 7 },
    });
    assert_eq!(shop.query("A1").await, expected);
    assert_eq!(shop.get_refused("/v3/shop/order-ids/4200001").await, "404 ORDER_NOT_EXIST");
}

#[tokio::test]
async fn the_user_pays() {
    let shop = start().await;
    let mut body = order("A1", 100);
    body["attach"] = json!("a");
    shop.post("/v3/shop/orders", body).await;
    assert!(shop.query("A1").await.get("attach").is_none(), "only a paid order shows it");
    let payment = shop.sandbox.order("A1").unwrap();
    assert_eq!(payment.possible_events().unwrap(), ["pay", "expire"]);
    payment.pay_with_coupon(90).unwrap();
    assert_eq!(payment.state().unwrap(), "SUCCESS");
    let paid = shop.query("A1").await;
    assert_eq!(paid["attach"], "a");
    assert_eq!(paid["amount"], json!({ "total": 100, "payer_total": 90 }));
    assert_eq!(paid["trade_state_desc"], "支付成功");
    let id = paid["transaction_id"].as_str().unwrap();
    assert!(id.starts_with("42000") && id.len() == 28, "{id}");
    assert_eq!(shop.get(&format!("/v3/shop/order-ids/{id}")).await, paid);
    assert_eq!(shop.sandbox.order(id).unwrap().object().unwrap()["out_trade_no"], "A1");
    let error = payment.pay().unwrap_err();
    assert!(matches!(&error, LifecycleError::NotPossible { state, .. } if state == "SUCCESS"));
}

#[tokio::test]
async fn a_repetition_gives_the_same_order_with_new_credentials() {
    let shop = start().await;
    let first = shop.order("A1", 7).await;
    let second = shop.order("A1", 7).await;
    assert_ne!(first, second);
    let mut ignored = order("A1", 7);
    ignored["notify_url"] = json!("http://127.0.0.1/");
    shop.post("/v3/shop/orders", ignored).await;
    // An empty optional text is the same as none.
    let mut empty = order("A1", 7);
    empty["attach"] = json!("");
    shop.post("/v3/shop/orders", empty).await;
    assert_eq!(shop.sandbox.resources("shop/order").unwrap().len(), 1);
}

#[tokio::test]
async fn other_parameters_are_refused_by_the_state_first() {
    let shop = start().await;
    shop.order("A1", 7).await;
    assert_eq!(shop.refused("/v3/shop/orders", order("A1", 8)).await, "400 INVALID_REQUEST");
    let native = "/v3/shop/native-orders";
    assert_eq!(shop.refused(native, order("A1", 7)).await, "400 INVALID_REQUEST");
    assert_eq!(shop.query("A1").await["amount"]["total"], 7);
    assert_eq!(shop.query("A1").await["trade_type"], "JSAPI");
    shop.sandbox.order("A1").unwrap().pay().unwrap();
    assert_eq!(shop.refused("/v3/shop/orders", order("A1", 8)).await, "400 ORDER_PAID");
}

#[tokio::test]
async fn secrets_are_plain_inside_and_encrypted_outside() {
    let shop = start().await;
    let encrypted = |account: &Account| {
        let (id, pem) = account.wechatpay_public_key();
        let keys = WechatPayKeys::new().with_public_key(id, pem).unwrap();
        let key = keys.encryption_key(std::time::SystemTime::now()).unwrap();
        key.encrypt(b"13900000000").unwrap()
    };
    let (id, _) = shop.sandbox.wechatpay_public_key();
    let send = || {
        let mut body = order("A1", 7);
        body["phone"] = json!(encrypted(&shop.sandbox));
        shop.wx.post("/v3/shop/orders", body).encrypted_with(&id)
    };
    send().await.unwrap();
    // The ciphertext differs each time, the parameter does not.
    send().await.unwrap();
    let object = shop.sandbox.order("A1").unwrap().object().unwrap();
    assert_eq!(object["phone"], "13900000000");
    let phone = shop.query("A1").await["phone"].as_str().unwrap().to_owned();
    assert_eq!(phone.len(), 344);
    let (certificate, key) = shop.sandbox.merchant_pem().unwrap();
    let merchant = wxpay_api::protocol::Merchant::from_pem("1230000109", certificate, key).unwrap();
    assert_eq!(merchant.decrypt(&phone).unwrap().as_slice(), b"13900000000");
}

#[tokio::test]
async fn closing_is_a_switch_where_nobody_knows() {
    let shop = start().await;
    assert_eq!(shop.refused("/v3/shop/orders/A1/close", None).await, "404 ORDER_NOT_EXIST");
    shop.order("A1", 7).await;
    let close = || shop.wx.post("/v3/shop/orders/A1/close", None);
    close().await.unwrap();
    close().await.unwrap();
    shop.sandbox.switch("shop/order", "close.CLOSED", "refuse closed").unwrap();
    assert_eq!(shop.refused("/v3/shop/orders/A1/close", None).await, "400 ORDER_CLOSED");
    shop.paid("A2", 7).await;
    assert_eq!(shop.refused("/v3/shop/orders/A2/close", None).await, "400 ORDER_PAID");
    shop.sandbox.switch("shop/order", "paid", "400 INVALID_REQUEST").unwrap();
    assert_eq!(shop.refused("/v3/shop/orders/A2/close", None).await, "400 INVALID_REQUEST");
    let error = shop.sandbox.switch("shop/order", "pai", "x").unwrap_err();
    assert!(error.to_string().contains("did you mean `paid`?"), "{error}");
    let error = shop.sandbox.switch("shop/order", "paid", "404 NO").unwrap_err();
    assert!(error.to_string().contains("`400 ORDER_PAID`, `400 INVALID_REQUEST`"), "{error}");
}

#[tokio::test]
async fn guards_use_settings() {
    let shop = start().await;
    assert_eq!(shop.refused("/v3/shop/orders", order("A1", 0)).await, "400 PARAM_ERROR");
    assert_eq!(shop.refused("/v3/shop/orders", order("A1", 100_001)).await, "400 PARAM_ERROR");
    assert!(shop.sandbox.order("A1").is_err(), "a refused operation changes nothing");
    shop.sandbox.set("shop/order", "most", 200_000).unwrap();
    shop.order("A1", 100_001).await;
    let error = shop.sandbox.set("shop/order", "highest", 1).unwrap_err();
    assert!(error.to_string().contains("known are `most`"), "{error}");
}

#[tokio::test]
async fn each_merchant_has_its_own_numbers() {
    let shop = start().await;
    let other = shop.sandbox.add_merchant("1900000001").unwrap();
    let wx = other.client().unwrap();
    shop.order("A1", 7).await;
    let error = wx.get("/v3/shop/orders/A1").await.unwrap_err();
    assert_eq!(error.api().unwrap().code, "ORDER_NOT_EXIST");
    wx.post("/v3/shop/orders", order("A1", 8)).await.unwrap();
    assert_eq!(wx.get("/v3/shop/orders/A1").await.unwrap()["mchid"], "1900000001");
    assert_eq!(shop.query("A1").await["amount"]["total"], 7);
    let first = shop.sandbox.order("A1").unwrap();
    assert_eq!(first.object().unwrap()["mchid"], "1230000109", "the first account goes first");
}

#[tokio::test]
async fn planned_responses_and_faults_change_nothing() {
    let shop = start().await;
    let planned = PlannedResponse::json(json!({ "prepay_id": "planned" }));
    shop.sandbox.respond("POST", "/v3/shop/orders", planned).unwrap();
    assert_eq!(shop.order("A1", 7).await["prepay_id"], "planned");
    assert!(shop.sandbox.order("A1").is_err());
    shop.sandbox.inject_fault(Fault::Delay(Duration::ZERO).unexecuted());
    let call = shop.wx.post("/v3/shop/orders", order("A1", 7)).allow_retries(false);
    call.await.unwrap_err();
    assert!(shop.sandbox.order("A1").is_err());
}

#[tokio::test]
async fn many_numbers_are_all_different() {
    let shop = start().await;
    let mut seen = std::collections::HashSet::new();
    for index in 0..300 {
        let made = shop.order(&format!("A{index}"), 7).await;
        assert!(seen.insert(made["prepay_id"].as_str().unwrap().to_owned()));
    }
}

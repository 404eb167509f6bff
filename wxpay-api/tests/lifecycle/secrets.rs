//! The control surface hides secrets unless it is asked for them.

use std::time::SystemTime;

use serde_json::{Value, json};
use wxpay_api::protocol::WechatPayKeys;

use crate::support::{Fixture, order, start};

const PHONE: &str = "13900000000";

/// Encrypts a text for the sandbox.
fn encrypted(shop: &Fixture, plain: &str) -> Value {
    let (id, pem) = shop.sandbox.wechatpay_public_key();
    let keys = WechatPayKeys::new().with_public_key(id, pem).unwrap();
    let key = keys.encryption_key(SystemTime::now()).unwrap();
    json!(key.encrypt(plain.as_bytes()).unwrap())
}

async fn paid(shop: &Fixture) {
    let mut body = order("A1", 7);
    body["phone"] = encrypted(shop, PHONE);
    shop.post("/v3/shop/orders", body).await;
    shop.sandbox.order("A1").unwrap().pay().unwrap();
}

fn assert_hidden(body: &Value) {
    let text = body.to_string();
    assert!(!text.contains(PHONE) && text.contains("\"phone\":\"[redacted]\""), "{text}");
    assert!(text.contains("\"prepay_id\":\"wx"), "only secrets are hidden: {text}");
}

#[tokio::test]
async fn secrets_are_hidden_unless_they_are_asked_for() {
    let shop = start().await;
    paid(&shop).await;
    assert_eq!(shop.sandbox.order("A1").unwrap().object().unwrap()["phone"], PHONE);
    for target in ["/_sandbox/resources", "/_sandbox/resources/A1", "/_sandbox/money"] {
        assert_hidden(&shop.control("GET", target).await.1);
        assert_hidden(&shop.control("GET", &format!("{target}?secrets=hidden")).await.1);
        let shown = shop.control("GET", &format!("{target}?secrets=shown")).await.1.to_string();
        assert!(shown.contains(PHONE), "{shown}");
        let (status, error) = shop.control("GET", &format!("{target}?secrets=1")).await;
        assert_eq!(status, 400);
        assert!(error["message"].as_str().unwrap().contains("`shown`"), "{error}");
    }
}

#[tokio::test]
async fn the_parts_of_a_whole_hide_what_the_whole_hides() {
    let shop = start().await;
    let batch = json!({
        "out_batch_no": "B1",
        "items": [{ "out_item_no": "I1", "amount": 1, "name": encrypted(&shop, PHONE) }],
    });
    shop.post("/v3/shop/batches", batch).await;
    let (_, all) = shop.control("GET", "/_sandbox/resources").await;
    for resource in all["resources"].as_array().unwrap() {
        let (object, lifecycle) = (&resource["object"], &resource["lifecycle"]);
        let name =
            if lifecycle == "shop/item" { &object["name"] } else { &object["items"][0]["name"] };
        assert_eq!(name, "[redacted]", "{resource}");
    }
    assert!(!all.to_string().contains(PHONE));
}

#[tokio::test]
async fn a_resource_is_named_alike_everywhere() {
    let shop = start().await;
    paid(&shop).await;
    shop.post("/v3/shop/refunds", crate::support::refund("A1", "R1", 1, 7)).await;
    let (_, shown) = shop.control("GET", "/_sandbox/resources/A1").await;
    let id = format!("@{}", shown["id"]);
    for name in ["A1", id.as_str(), shown["keys"]["transaction_id"].as_str().unwrap()] {
        let (_, one) = shop.control("GET", &format!("/_sandbox/resources/{name}")).await;
        assert_eq!(one["id"], shown["id"], "{name}");
        let (_, refunds) = shop.control("GET", &format!("/_sandbox/resources?of={name}")).await;
        assert_eq!(refunds["resources"][0]["keys"]["out_refund_no"], "R1", "{name}");
        let (_, sent) =
            shop.control("GET", &format!("/_sandbox/notifications?resource={name}")).await;
        assert_eq!(sent["notifications"][0]["number"], "A1", "{name}");
    }
    let bare = shown["id"].to_string();
    for target in
        ["/_sandbox/resources?of=", "/_sandbox/notifications?resource=", "/_sandbox/resources/"]
    {
        let (status, error) = shop.control("GET", &format!("{target}{bare}")).await;
        assert_eq!(status, 404, "{target}");
        let hint = format!("`@{bare}` is the one with this id");
        assert!(error["message"].as_str().unwrap().contains(&hint), "{error}");
    }
}

#[tokio::test]
async fn a_copy_is_sent_over_http() {
    let (shop, server) = (start().await, crate::support::Shop::start(&[200]).await);
    shop.sandbox.set_notify_url("SHOP.", Some(&server.url));
    shop.paid("A1", 7).await;
    shop.sandbox.notifications_settled().await;
    let id = shop.sandbox.sent_notifications()[0].id.clone();
    let (status, attempt) =
        shop.control("POST", &format!("/_sandbox/notifications/{id}/copies")).await;
    assert_eq!(status, 200, "{attempt}");
    assert_eq!(attempt, json!({ "after": 0.0, "status": 200, "refusal": null, "copy": true }));
    assert_eq!(server.received().len(), 2);
    let (status, _) = shop.control("POST", "/_sandbox/notifications/none/copies").await;
    assert_eq!(status, 404);
    shop.sandbox.set_notify_url("SHOP.", None);
    shop.paid("A2", 7).await;
    let id = shop.sandbox.sent_notifications()[1].id.clone();
    let (status, error) =
        shop.control("POST", &format!("/_sandbox/notifications/{id}/copies")).await;
    assert_eq!((status, &error["code"]), (409, &json!("CONFLICT")), "{error}");
}

//! The responses that follow from the descriptors.

use serde_json::{Value, json};

use crate::support::{Forgery, Got, encrypted, order_with, start};

async fn response_to(body: &Value) -> Value {
    let sandbox = start().await;
    let got: Got = Forgery::post("/v3/orders", body).send(&sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
    got.json()
}

#[tokio::test]
async fn responses_have_the_examples_and_defaults_elsewhere() {
    let sandbox = start().await;
    let got = Forgery::get("/v3/orders/1").send(&sandbox).await;
    let mut body = got.json();
    let phone = body.as_object_mut().unwrap().remove("phone").unwrap();
    assert_eq!(&*sandbox.merchant().decrypt(phone.as_str().unwrap()).unwrap(), b"13900000000");
    let expected = json!({
        "order_id": "1",
        "appid": "wx1",
        "mchid": sandbox.merchant().id(),
        "state": "DONE",
        "first_state": "DOING",
        "level": 7,
        "limit": "text",
        "count": 5,
        "open": true,
        "rate": 1.0,
        "text": "text",
        "success_time": "2025-01-01T12:00:00+08:00",
        "amount": { "total": 100, "payer_total": 90, "appid": "inner" },
        "goods": [{ "name": "pen", "price": 3, "owner": "张*" }],
        "blob": "masked",
        "scene": "{\"device_id\":\"d1\"}",
        "tree": { "leaf": "green", "branches": [] },
        "anything": {},
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn the_requests_values_come_back_at_their_places() {
    let mut body = order_with("goods", json!([{ "name": "cup" }, { "name": "bag" }]));
    body["level"] = json!(8);
    body["tree"] = json!({ "leaf": "own", "branches": [] });
    let response = response_to(&body).await;
    assert_eq!(response["appid"], "wx123");
    assert_eq!(response["level"], 8);
    assert_eq!(response["amount"], json!({ "total": 10, "payer_total": 90, "appid": "wx123" }));
    let item = |name: &str| json!({ "name": name, "price": 3, "owner": "张*" });
    assert_eq!(response["goods"], json!([item("cup"), item("bag")]));
    assert_eq!(response["tree"]["leaf"], "own");
    assert_eq!(response["order_id"], "example-order");
}

#[tokio::test]
async fn a_secret_comes_back_encrypted_for_the_merchant() {
    let sandbox = start().await;
    let body = order_with("phone", json!(encrypted(&sandbox, "13912345678")));
    let got = Forgery::post("/v3/orders", &body).send(&sandbox).await;
    let phone = got.json()["phone"].as_str().unwrap().to_owned();
    assert_eq!(&*sandbox.merchant().decrypt(&phone).unwrap(), b"13912345678");
}

#[tokio::test]
async fn a_secret_does_not_come_back_where_the_response_has_none() {
    let sandbox = start().await;
    let encrypted = encrypted(&sandbox, "secret");
    let mut body = order_with("goods", json!([{ "name": "cup", "owner": encrypted }]));
    body["blob"] = json!(encrypted);
    let got = Forgery::post("/v3/orders", &body).send(&sandbox).await;
    let response = got.json();
    assert_eq!(response["goods"][0]["owner"], "张*");
    assert_eq!(response["blob"], "masked");
}

#[tokio::test]
async fn the_client_reads_the_sandboxs_responses() {
    let sandbox = start().await;
    let wx = sandbox.client().unwrap();
    let reply = wx.post("/v3/orders", order_with("attach", json!("附加"))).reply().await.unwrap();
    assert_eq!(reply.http_status(), 200);
    assert!(reply.request_id().is_some());
    assert_eq!(reply.value["appid"], "wx123");
    let error = wx.post("/v3/orders", json!({})).await.unwrap_err();
    let api = error.api().unwrap();
    assert_eq!((api.status, api.code.as_str()), (400, "PARAM_ERROR"));
    assert_eq!(api.detail[0]["field"], "appid");
}

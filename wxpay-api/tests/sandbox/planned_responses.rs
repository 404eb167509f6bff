//! Planned responses in place of the examples.

use serde_json::json;
use wxpay_api::sandbox::PlannedResponse;

use crate::support::{Forgery, Got, assert_signed, builder, order, start};

async fn query(sandbox: &wxpay_api::sandbox::Sandbox) -> Got {
    Forgery::get("/v3/orders/1").send(sandbox).await
}

#[tokio::test]
async fn planned_responses_come_in_their_order_and_then_the_example_again() {
    let sandbox = start().await;
    let path = "/v3/orders/{order_id}";
    sandbox.respond("GET", path, PlannedResponse::json(json!({ "state": "A" })).times(2)).unwrap();
    sandbox
        .respond("get", path, PlannedResponse::error(404, "ORDER_NOT_EXIST", "订单不存在"))
        .unwrap();
    for _ in 0..2 {
        let got = query(&sandbox).await;
        assert_eq!((got.status, got.json()), (200, json!({ "state": "A" })));
        assert_signed(&sandbox, &got);
    }
    let got = query(&sandbox).await;
    assert_eq!((got.status, &got.json()["code"]), (404, &json!("ORDER_NOT_EXIST")));
    assert_signed(&sandbox, &got);
    assert_eq!(query(&sandbox).await.json()["order_id"], "1");
}

#[tokio::test]
async fn another_operation_keeps_its_example() {
    let sandbox = start().await;
    sandbox.respond("GET", "/v3/orders/{order_id}", PlannedResponse::json(json!({}))).unwrap();
    assert_eq!(Forgery::get("/v3/orders/latest").send(&sandbox).await.json()["which"], "latest");
    let got = Forgery::post("/v3/orders", &order()).send(&sandbox).await;
    assert_eq!(got.json()["appid"], "wx123");
    assert_eq!(query(&sandbox).await.json(), json!({}));
}

#[tokio::test]
async fn a_planned_response_may_belong_to_one_url() {
    let sandbox = start().await;
    sandbox
        .respond("GET", "/v3/orders/2", PlannedResponse::json(json!({ "state": "second" })))
        .unwrap();
    assert_eq!(query(&sandbox).await.json()["order_id"], "1");
    let got = Forgery::get("/v3/orders/2?limit=1").send(&sandbox).await;
    assert_eq!(got.json(), json!({ "state": "second" }));
}

#[tokio::test]
async fn a_wrong_request_does_not_use_up_a_planned_response() {
    let sandbox = start().await;
    sandbox
        .respond("POST", "/v3/orders", PlannedResponse::json(json!({ "text": "planned" })))
        .unwrap();
    assert_eq!(Forgery::post("/v3/orders", &json!({})).send(&sandbox).await.status, 400);
    assert_eq!(
        Forgery::post("/v3/orders", &order()).send(&sandbox).await.json()["text"],
        "planned"
    );
}

#[tokio::test]
async fn secrets_of_a_planned_response_are_given_in_plain_text() {
    let sandbox = start().await;
    let response = json!({ "phone": "13911111111", "text": "plain" });
    sandbox.respond("GET", "/v3/orders/{order_id}", PlannedResponse::json(response)).unwrap();
    let body = query(&sandbox).await.json();
    assert_eq!(body["text"], "plain");
    assert_eq!(
        &*sandbox.merchant().decrypt(body["phone"].as_str().unwrap()).unwrap(),
        b"13911111111"
    );
}

#[tokio::test]
async fn a_secret_that_is_too_long_is_an_error_of_the_test() {
    let sandbox = start().await;
    let response = json!({ "phone": "1".repeat(215) });
    sandbox.respond("GET", "/v3/orders/{order_id}", PlannedResponse::json(response)).unwrap();
    let got = query(&sandbox).await;
    assert_eq!(got.status, 500);
    assert!(got.json()["message"].as_str().unwrap().contains("214 bytes"));
}

#[tokio::test]
async fn bytes_are_signed_as_they_are() {
    let sandbox = start().await;
    sandbox
        .respond("GET", "/v3/orders/{order_id}", PlannedResponse::verbatim("not json").status(201))
        .unwrap();
    let got = query(&sandbox).await;
    assert_eq!((got.status, got.text().as_str()), (201, "not json"));
    assert_signed(&sandbox, &got);
    sandbox.respond("GET", "/v3/orders/{order_id}", PlannedResponse::empty(204)).unwrap();
    let got = query(&sandbox).await;
    assert_eq!((got.status, got.body.len()), (204, 0));
    assert_signed(&sandbox, &got);
}

#[tokio::test]
async fn a_file_is_not_signed() {
    let sandbox = start().await;
    sandbox
        .respond("GET", "/v3/images/{media_id}", PlannedResponse::file("image/jpeg", &b"jpeg"[..]))
        .unwrap();
    let got = Forgery::get("/v3/images/1").send(&sandbox).await;
    assert_eq!(
        (got.text().as_str(), &got.headers["Content-Type"]),
        ("jpeg", &"image/jpeg".parse().unwrap())
    );
    assert!(got.headers.get("Wechatpay-Signature").is_none());
}

#[tokio::test]
async fn a_url_without_a_descriptor_can_have_a_planned_response() {
    let sandbox = builder().undescribed("POST", "/v3/grey/{id}").start().await.unwrap();
    sandbox.respond("POST", "/v3/grey/{id}", PlannedResponse::json(json!({ "grey": 1 }))).unwrap();
    let wx = sandbox.client().unwrap();
    assert_eq!(
        wx.post("/v3/grey/7", json!({ "anything": null })).await.unwrap(),
        json!({ "grey": 1 })
    );
    assert_eq!(sandbox.received()[0].operation, None);
    let got = Forgery::post("/v3/grey/7", &json!({})).send(&sandbox).await;
    assert_eq!(got.status, 404);
    sandbox.respond("POST", "/v3/grey/{id}", PlannedResponse::json(json!({}))).unwrap();
    let got = Forgery::post("/v3/grey/7", &json!({})).signing_body("other").send(&sandbox).await;
    assert_eq!(got.status, 401, "the signature is checked all the same");
}

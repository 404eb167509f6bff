//! Documented lengths: noted in the journal, or refused.

use serde_json::{Value, json};
use wxpay_api::sandbox::{Sandbox, SandboxBuilder};

use crate::support::{Forgery, Got, assert_refused, builder, encrypted, order_with, start};

async fn send(sandbox: &Sandbox, body: &Value) -> Got {
    Forgery::post("/v3/orders", body).send(sandbox).await
}

async fn refused(builder: SandboxBuilder, name: &str, value: Value, issue: &str) {
    let sandbox = builder.refuse_lengths().start().await.unwrap();
    let got = send(&sandbox, &order_with(name, value)).await;
    assert_refused(&got, &[("body", name, issue)]);
    assert!(sandbox.received()[0].notes.is_empty());
}

#[tokio::test]
async fn a_departure_is_noted_and_accepted() {
    let sandbox = start().await;
    let mut body = order_with("appid", json!("wx1234567"));
    body["tags"] = json!(["a", "b", "c"]);
    body["phone"] = json!(encrypted(&sandbox, "123"));
    let got = send(&sandbox, &body).await;
    assert_eq!(got.status, 200, "{}", got.text());
    let received = sandbox.received().remove(0);
    assert!(received.executed);
    assert_eq!(
        received.notes,
        [
            "body `appid` must have at most 8 characters, not 9",
            "body `tags` must have at most 2 elements, not 3",
            "body `phone` must have at least 11 characters, not 3",
        ]
    );
}

#[tokio::test]
async fn lengths_of_urls_and_headers_are_noted_too() {
    let sandbox = start().await;
    let got = Forgery::get("/v3/orders/1234567890123").send(&sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
    let close = Forgery::post("/v3/orders/1/close", &json!({}));
    let got = close.header("Idempotency-Key", "123456789").send(&sandbox).await;
    assert_eq!(got.status, 204, "{}", got.text());
    let notes: Vec<_> = sandbox.received().iter().map(|request| request.notes.clone()).collect();
    assert_eq!(
        notes.concat(),
        [
            "url `order_id` must have at most 12 characters, not 13",
            "header `Idempotency-Key` must have at most 8 characters, not 9",
        ]
    );
}

#[tokio::test]
async fn a_test_may_want_departures_refused() {
    refused(builder(), "appid", json!("w"), "at least 2 characters, not 1").await;
    refused(builder(), "appid", json!("wx1234567"), "at most 8 characters, not 9").await;
    refused(builder(), "tags", json!([]), "at least 1 elements, not 0").await;
    refused(builder(), "tags", json!(["a", "b", "c"]), "at most 2 elements, not 3").await;
}

#[tokio::test]
async fn characters_are_counted_unless_a_test_wants_bytes() {
    let sandbox = start().await;
    assert_eq!(send(&sandbox, &order_with("appid", json!("一二三四五六七八"))).await.status, 200);
    assert!(sandbox.received()[0].notes.is_empty());
    let sandbox = builder().count_bytes().start().await.unwrap();
    assert_eq!(send(&sandbox, &order_with("appid", json!("一二三"))).await.status, 200);
    assert_eq!(sandbox.received()[0].notes, ["body `appid` must have at most 8 bytes, not 9"]);
    refused(builder().count_bytes(), "appid", json!("一二三"), "at most 8 bytes, not 9").await;
}

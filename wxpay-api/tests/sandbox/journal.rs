//! The journal of received requests.

use serde_json::json;

use crate::support::{Forgery, encrypted, order, order_with, start};

#[tokio::test]
async fn everything_about_a_request_is_recorded() {
    let sandbox = start().await;
    let body = order().to_string();
    Forgery::post_bytes("/v3/orders", body.clone().into())
        .header("X-Mine", "1")
        .send(&sandbox)
        .await;
    let received = sandbox.received().remove(0);
    assert_eq!((received.method.as_str(), received.target.as_str()), ("POST", "/v3/orders"));
    assert_eq!(received.body, body);
    assert_eq!(received.headers["X-Mine"], "1");
    assert_eq!(received.operation.as_deref(), Some("POST /v3/orders"));
    assert_eq!(received.status, 200);
    let message = String::from_utf8(received.verified_message.unwrap()).unwrap();
    assert!(message.starts_with("POST\n/v3/orders\n"));
    assert!(message.ends_with(&format!("\n{body}\n")));
}

#[tokio::test]
async fn refused_requests_are_recorded_too() {
    let sandbox = start().await;
    Forgery::get("/v3/orders/1").signing_target("/").send(&sandbox).await;
    Forgery::post("/v3/orders", &json!({})).send(&sandbox).await;
    Forgery::get("/v3/nothing").send(&sandbox).await;
    let received = sandbox.received();
    let statuses: Vec<_> = received.iter().map(|request| request.status).collect();
    assert_eq!(statuses, [401, 400, 404]);
    assert_eq!(received[0].verified_message, None);
    assert_eq!(received[0].operation, None);
    assert!(received[1].verified_message.is_some());
    assert_eq!(received[2].operation, None);
}

#[tokio::test]
async fn debug_shows_no_value() {
    let sandbox = start().await;
    let mut body = order_with("phone", json!(encrypted(&sandbox, "13912345678")));
    body["attach"] = json!("private");
    Forgery::post("/v3/orders", &body).send(&sandbox).await;
    let debug = format!("{:?} {sandbox:?}", sandbox.received());
    assert!(debug.contains("phone"), "key paths are shown: {debug}");
    assert!(!debug.contains("13912345678") && !debug.contains("private"), "{debug}");
    assert!(!debug.contains("signature") && !debug.contains(sandbox.apiv3_key()), "{debug}");
}

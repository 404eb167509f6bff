//! How the sandbox finds the operation of a request.

use serde_json::json;

use crate::support::{Forgery, assert_signed, builder, start};

#[tokio::test]
async fn a_literal_segment_goes_before_a_parameter() {
    let sandbox = start().await;
    let got = Forgery::get("/v3/orders/latest").send(&sandbox).await;
    assert_eq!(got.json(), json!({ "which": "latest" }));
    assert_eq!(sandbox.received()[0].operation.as_deref(), Some("GET /v3/orders/latest"));
}

#[tokio::test]
async fn a_parameter_is_decoded_once() {
    let sandbox = start().await;
    let got = Forgery::get("/v3/orders/a%2Fb%252F").send(&sandbox).await;
    assert_eq!(got.json()["order_id"], "a/b%2F");
    assert_eq!(sandbox.received()[0].path_value("order_id"), Some("a/b%2F"));
}

#[tokio::test]
async fn a_parameter_is_checked() {
    let sandbox = builder().refuse_lengths().start().await.unwrap();
    let got = Forgery::get("/v3/orders/1234567890123").send(&sandbox).await;
    crate::support::assert_refused(&got, &[("url", "order_id", "at most 12")]);
}

#[tokio::test]
async fn an_unknown_url_is_404_and_signed() {
    let sandbox = start().await;
    for target in
        ["/v3/nothing", "/v3/orders/1/close/2", "/v3/orders//close", "/v3/slash", "/V3/orders"]
    {
        let got = Forgery::post(target, &json!({})).send(&sandbox).await;
        assert_eq!(got.status, 404, "{target}");
        assert_eq!(got.json()["code"], "RESOURCE_NOT_EXISTS");
        assert_signed(&sandbox, &got);
    }
}

#[tokio::test]
async fn a_slash_at_the_end_counts() {
    let sandbox = start().await;
    let got = Forgery::post("/v3/slash/", &json!({})).send(&sandbox).await;
    assert_eq!(got.status, 202);
}

#[tokio::test]
async fn another_method_is_405_and_names_the_right_ones() {
    let sandbox = start().await;
    let got = Forgery::new("DELETE", "/v3/orders/latest", Vec::new()).send(&sandbox).await;
    assert_eq!(got.status, 405);
    assert_eq!(got.headers["Allow"], "GET");
    assert!(got.json()["message"].as_str().unwrap().contains("GET"));
}

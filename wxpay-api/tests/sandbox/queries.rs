//! What the sandbox refuses for its query.

use serde_json::json;

use crate::support::{Forgery, assert_refused, encrypted, percent_encode, start};

async fn refused(query: &str, expected: &[(&str, &str, &str)]) {
    let sandbox = start().await;
    let got = Forgery::get(&format!("/v3/orders/1?{query}")).send(&sandbox).await;
    assert_refused(&got, expected);
}

#[tokio::test]
async fn every_parameter_is_checked() {
    refused("surprise=1", &[("query", "surprise", "is not a member")]).await;
    refused("limit=five", &[("query", "limit", "an integer, not a string")]).await;
    refused("limit=", &[("query", "limit", "an integer")]).await;
    refused("limit=11", &[("query", "limit", "at most 10")]).await;
    refused("limit=1&limit=2", &[("query", "limit", "comes twice")]).await;
    refused("state=OPEN", &[("query", "state", "DOING, DONE")]).await;
    refused("partner=%7B%7D", &[("query", "partner.id", "required")]).await;
    refused("phone=13900000000", &[("query", "phone", "must be encrypted")]).await;
    refused("state=%FF", &[("query", "/", "UTF-8")]).await;
}

#[tokio::test]
async fn right_parameters_are_accepted_and_returned() {
    let sandbox = start().await;
    let query = "limit=5&state=DOING&tags=a&tags=%E4%B8%AD+b&partner=%7B%22id%22%3A%221%22%7D";
    let got = Forgery::get(&format!("/v3/orders/1?{query}")).send(&sandbox).await;
    let body = got.json();
    assert_eq!((&body["limit"], &body["state"]), (&json!("5"), &json!("DOING")));
}

#[tokio::test]
async fn both_ways_to_write_a_space_are_read() {
    let sandbox = start().await;
    let got = Forgery::get("/v3/orders/1?text=a+b%20c%2B").send(&sandbox).await;
    assert_eq!(got.json()["text"], "a b c+");
}

#[tokio::test]
async fn a_required_parameter_is_missed() {
    let sandbox = start().await;
    let got = Forgery::get("/v3/bill/tradebill").send(&sandbox).await;
    assert_refused(&got, &[("query", "bill_date", "required")]);
    let got = Forgery::get("/v3/bill/tradebill?bill_date=").send(&sandbox).await;
    assert_refused(&got, &[("query", "bill_date", "empty")]);
}

#[tokio::test]
async fn a_secret_is_decrypted() {
    let sandbox = start().await;
    let encrypted = percent_encode(&encrypted(&sandbox, "13900000000"));
    let got = Forgery::get(&format!("/v3/orders/1?phone={encrypted}")).send(&sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
    assert_eq!(sandbox.received()[0].secret("phone"), Some("13900000000"));
}

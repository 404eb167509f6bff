//! Links, sums over related resources, and effects on them: all or nothing.

use serde_json::json;

use crate::support::{order, refund, start};

const REFUNDS: &str = "/v3/shop/refunds";

#[tokio::test]
async fn a_refund_needs_a_paid_order() {
    let shop = start().await;
    assert_eq!(shop.refused(REFUNDS, refund("A1", "R1", 1, 7)).await, "404 RESOURCE_NOT_EXISTS");
    shop.order("A1", 7).await;
    assert_eq!(shop.refused(REFUNDS, refund("A1", "R1", 1, 7)).await, "404 RESOURCE_NOT_EXISTS");
    shop.sandbox.order("A1").unwrap().pay().unwrap();
    shop.post(REFUNDS, refund("A1", "R1", 1, 7)).await;
    assert_eq!(shop.query("A1").await["trade_state"], "REFUND");
}

#[tokio::test]
async fn no_more_goes_back_than_was_paid() {
    let shop = start().await;
    shop.paid("A1", 100).await;
    shop.post(REFUNDS, refund("A1", "R1", 60, 100)).await;
    assert_eq!(shop.refused(REFUNDS, refund("A1", "R2", 41, 100)).await, "400 INVALID_REQUEST");
    assert_eq!(shop.refused(REFUNDS, refund("A1", "R2", 10, 99)).await, "400 INVALID_REQUEST");
    assert_eq!(shop.get_refused("/v3/shop/refunds/R2").await, "404 RESOURCE_NOT_EXISTS");
    shop.post(REFUNDS, refund("A1", "R2", 40, 100)).await;
    // The money of a refund that failed is free again.
    shop.sandbox.resource("shop/refund", "R1").unwrap().event("fail").unwrap();
    shop.post(REFUNDS, refund("A1", "R3", 60, 100)).await;
    let states = shop.sandbox.order("A1").unwrap().refunds().unwrap();
    let states: Vec<_> = states.iter().map(|refund| refund.state().unwrap()).collect();
    assert_eq!(states, ["CLOSED", "PROCESSING", "PROCESSING"]);
}

#[tokio::test]
async fn the_response_shows_what_the_descriptor_has() {
    let shop = start().await;
    shop.order("A1", 100).await;
    shop.sandbox.order("A1").unwrap().pay_with_coupon(90).unwrap();
    let made = shop.post(REFUNDS, refund("A1", "R1", 50, 100)).await;
    assert_eq!(made["amount"], json!({ "total": 100, "refund": 50, "payer_refund": 45 }));
    assert_eq!((&made["out_trade_no"], &made["status"]), (&json!("A1"), &json!("PROCESSING")));
    let refund = shop.sandbox.resource("shop/refund", "R1").unwrap();
    refund.event("succeed").unwrap();
    let queried = shop.get("/v3/shop/refunds/R1").await;
    assert_eq!(queried["status"], "SUCCESS");
    assert!(queried["success_time"].as_str().unwrap().ends_with("+08:00"), "{queried}");
}

#[tokio::test]
async fn a_retry_refunds_nothing_twice() {
    let shop = start().await;
    shop.paid("A1", 100).await;
    let first = shop.post(REFUNDS, refund("A1", "R1", 60, 100)).await;
    let mut again = refund("A1", "R1", 60, 100);
    again["reason"] = json!("ignored");
    assert_eq!(shop.post(REFUNDS, again).await, first);
    assert_eq!(shop.refused(REFUNDS, refund("A1", "R1", 61, 100)).await, "400 INVALID_REQUEST");
    assert_eq!(shop.sandbox.resources("shop/refund").unwrap().len(), 1);
}

#[tokio::test]
async fn exactly_one_number_names_the_order() {
    let shop = start().await;
    shop.paid("A1", 100).await;
    let id = shop.query("A1").await["transaction_id"].clone();
    let mut both = refund("A1", "R1", 60, 100);
    both["transaction_id"] = id.clone();
    assert_eq!(shop.refused(REFUNDS, both.clone()).await, "400 PARAM_ERROR");
    both.as_object_mut().unwrap().remove("out_trade_no");
    assert_eq!(shop.post(REFUNDS, both).await["out_trade_no"], "A1");
}

#[tokio::test]
async fn an_internal_event_has_no_button() {
    let shop = start().await;
    shop.post("/v3/shop/orders", order("A1", 7)).await;
    let error = shop.sandbox.order("A1").unwrap().event("refunded").unwrap_err();
    assert!(error.to_string().contains("only other resources"), "{error}");
}

//! The control surface in Rust: names that exist are offered, and inputs are checked.

use serde_json::json;
use wxpay_api::sandbox::LifecycleError;

use crate::support::{builder, start, start_with};

#[tokio::test]
async fn unknown_names_are_refused_with_those_that_exist() {
    let shop = start().await;
    let error = shop.sandbox.order("A1").unwrap_err();
    assert!(error.to_string().contains("there is none"), "{error}");
    shop.order("A1", 7).await;
    let error = shop.sandbox.order("A2").unwrap_err();
    assert!(error.to_string().contains("did you mean `A1`?"), "{error}");
    let error = shop.sandbox.resources("shop/oder").unwrap_err();
    assert!(error.to_string().contains("did you mean `shop/order`?"), "{error}");
    let payment = shop.sandbox.order("A1").unwrap();
    let error = payment.event("pays").unwrap_err();
    assert!(error.to_string().contains("did you mean `pay`?"), "{error}");
    let error = payment.event_with("pay", json!({ "payer": 1 })).unwrap_err();
    assert!(error.to_string().contains("takes no `payer`"), "{error}");
    let error = payment.event_with("pay", json!(1)).unwrap_err();
    assert_eq!(error, LifecycleError::InputsNotObject);
    let error = shop.sandbox.create("shop/order", json!({})).unwrap_err();
    assert!(matches!(error, LifecycleError::NothingCreates { .. }), "{error}");
}

#[tokio::test]
async fn a_user_complains() {
    let shop = start().await;
    shop.paid("A1", 700).await;
    let inputs = json!({ "out_trade_no": "A1", "text": "坏了" });
    let complaint = shop.sandbox.create("shop/complaint", inputs).unwrap();
    let object = complaint.object().unwrap();
    // The usual amount is that of the order, and a function in Rust computes the points.
    assert_eq!((&object["amount"], &object["points"]), (&json!(700), &json!(7)));
    let id = object["complaint_id"].as_str().unwrap();
    let shown = shop.get(&format!("/v3/shop/complaints/{id}")).await;
    let expected = json!({
        "complaint_id": id, "state": "OPEN", "text": "坏了", "points": 7, "amount": 700,
    });
    assert_eq!(shown, expected);
    let related = shop.sandbox.order("A1").unwrap().related("shop/complaint").unwrap();
    assert_eq!(related.len(), 1);
    let alone = shop.sandbox.create("shop/complaint", json!({})).unwrap();
    assert!(alone.object().unwrap().get("points").is_none(), "null sets nothing");
}

#[tokio::test]
async fn with_examples_nothing_is_remembered() {
    let shop = start_with(builder().examples()).await;
    assert_eq!(shop.query("never").await["out_trade_no"], "never");
    assert!(shop.sandbox.order("never").is_err());
}

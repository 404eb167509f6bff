//! What the merchant's query shows, without a request.

use serde_json::json;
use wxpay_api::sandbox::{LifecycleError, SandboxNotification};

use crate::support::{refund, start};

#[tokio::test]
async fn it_is_the_response_to_the_query() {
    let shop = start().await;
    shop.order("A1", 700).await;
    let payment = shop.sandbox.order("A1").unwrap();
    assert_eq!(payment.shown().unwrap(), shop.query("A1").await);
    payment.pay().unwrap();
    let shown = payment.shown().unwrap();
    assert_eq!(shown, shop.query("A1").await);
    assert!(
        shown.get("prepay_id").is_none() && payment.object().unwrap().get("prepay_id").is_some()
    );
    shop.post("/v3/shop/refunds", refund("A1", "R1", 100, 700)).await;
    let refund = shop.sandbox.resource("shop/refund", "R1").unwrap();
    assert_eq!(refund.shown().unwrap(), shop.get("/v3/shop/refunds/R1").await);
    // It fits the descriptor of the notification.
    let again = SandboxNotification::example("shop/order").with(shown);
    shop.sandbox.notification(again).unwrap();
}

#[tokio::test]
async fn without_a_query_nothing_is_shown() {
    let shop = start().await;
    let batch = json!({
        "out_batch_no": "B1",
        "items": [{ "out_item_no": "I1", "amount": 1 }],
    });
    shop.post("/v3/shop/batches", batch).await;
    let batch = shop.sandbox.resource("shop/batch", "B1").unwrap();
    assert_eq!(batch.shown().unwrap(), shop.get("/v3/shop/batches/B1").await);
    let error = batch.parts().unwrap()[0].shown().unwrap_err();
    assert!(matches!(error, LifecycleError::NothingQueries { .. }), "{error}");
    shop.sandbox.reset();
    assert_eq!(batch.shown().unwrap_err(), LifecycleError::Gone);
}

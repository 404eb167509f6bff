//! Memory is bounded.

use crate::support::{builder, order, refund, start_with};

#[tokio::test]
async fn the_oldest_resources_go_first() {
    let shop = start_with(builder().resource_limit(100)).await;
    for index in 0..150 {
        shop.paid(&format!("A{index}"), 7).await;
    }
    shop.sandbox.notifications_settled().await;
    assert_eq!(shop.sandbox.resources("shop/order").unwrap().len(), 100);
    assert_eq!(shop.sandbox.sent_notifications().len(), 100);
    assert_eq!(shop.get_refused("/v3/shop/orders/A49").await, "404 ORDER_NOT_EXIST");
    shop.query("A50").await;
    // A new order may have the number of one that is gone.
    shop.post("/v3/shop/orders", order("A0", 9)).await;
    assert_eq!(shop.get_refused("/v3/shop/orders/A50").await, "404 ORDER_NOT_EXIST");
}

#[tokio::test]
async fn what_belonged_to_a_resource_that_is_gone_lives_on() {
    let shop = start_with(builder().resource_limit(2)).await;
    shop.paid("A1", 100).await;
    shop.post("/v3/shop/refunds", refund("A1", "R1", 10, 100)).await;
    shop.post("/v3/shop/orders", order("A2", 7)).await;
    assert!(shop.sandbox.order("A1").is_err());
    let held = shop.sandbox.resource("shop/refund", "R1").unwrap();
    held.event("succeed").unwrap();
    assert_eq!(held.state().unwrap(), "SUCCESS");
}

//! Notifications go by themselves, once for each change.

use serde_json::{Value, json};
use wxpay_api::sandbox::Sandbox;

use crate::support::{Fixture, Shop, builder, order, refund, start, start_with};

/// A day in less than 0.1 s.
const FASTER: u32 = 1_000_000;

async fn order_to(shop: &Fixture, number: &str, url: &str) {
    let mut body = order(number, 7);
    body["notify_url"] = json!(url);
    shop.post("/v3/shop/orders", body).await;
}

#[tokio::test]
async fn a_payment_is_notified_to_its_url() {
    let (shop, server) = (start().await, Shop::start(&[200]).await);
    order_to(&shop, "A1", &server.url).await;
    let payment = shop.sandbox.order("A1").unwrap();
    payment.pay().unwrap();
    shop.sandbox.notifications_settled().await;
    let received = server.received();
    assert_eq!(received.len(), 1);
    let (headers, body) = &received[0];
    let verified = shop.wx.notification(headers, body).await.unwrap();
    let resource: Value = serde_json::from_slice(verified.plaintext()).unwrap();
    assert_eq!(resource, shop.query("A1").await, "it has the members of the query");
    let envelope: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(envelope["event_type"], "SHOP.PAID");
    assert_eq!(envelope["resource"]["original_type"], "order");
    let sent = payment.notifications();
    assert_eq!(sent.len(), 1);
    assert_eq!((&*sent[0].event_type, &*sent[0].number), ("SHOP.PAID", "A1"));
    assert_eq!(envelope["id"], sent[0].id);
    assert!(sent[0].is_acknowledged() && sent[0].not_sent.is_none());
}

#[tokio::test]
async fn it_is_repeated_until_it_is_acknowledged() {
    let shop = start_with(builder().notification_speed(FASTER)).await;
    let server = Shop::start(&[500, 302, 204]).await;
    order_to(&shop, "A1", &server.url).await;
    shop.sandbox.order("A1").unwrap().pay().unwrap();
    shop.sandbox.notifications_settled().await;
    let received = server.received();
    assert_eq!(received.len(), 3, "a redirect is not followed");
    assert!(received.iter().all(|(_, body)| *body == received[0].1));
    let sent = shop.sandbox.sent_notifications();
    let statuses: Vec<_> = sent[0].attempts.iter().map(|attempt| attempt.status).collect();
    assert_eq!(statuses, [Some(500), Some(302), Some(204)]);
}

#[tokio::test]
async fn without_a_url_the_journal_says_why() {
    let shop = start().await;
    shop.paid("A1", 7).await;
    shop.sandbox.notifications_settled().await;
    let sent = shop.sandbox.sent_notifications();
    assert!(sent[0].not_sent.as_ref().unwrap().contains("no URL is registered for SHOP.PAID"));
    assert!(sent[0].attempts.is_empty() && sent[0].finished);
}

#[tokio::test]
async fn a_registered_url_gets_what_has_none() {
    let (shop, own, platform) =
        (start().await, Shop::start(&[200]).await, Shop::start(&[200]).await);
    shop.sandbox.set_notify_url("SHOP.", Some(&platform.url));
    shop.paid("A1", 7).await;
    order_to(&shop, "A2", &own.url).await;
    shop.sandbox.order("A2").unwrap().pay().unwrap();
    shop.post("/v3/shop/refunds", refund("A1", "R1", 1, 7)).await;
    let refund = shop.sandbox.resource("shop/refund", "R1").unwrap();
    refund.event("succeed").unwrap();
    shop.sandbox.notifications_settled().await;
    assert_eq!((own.received().len(), platform.received().len()), (1, 2));
    let (headers, body) = &platform.received()[1];
    let verified = shop.wx.notification(headers, body).await.unwrap();
    let resource: Value = serde_json::from_slice(verified.plaintext()).unwrap();
    assert_eq!(
        (&resource["refund_status"], &resource["out_refund_no"]),
        (&json!("SUCCESS"), &json!("R1"))
    );
    shop.sandbox.set_notify_url("SHOP.", None);
    shop.paid("A3", 7).await;
    shop.sandbox.notifications_settled().await;
    assert_eq!(platform.received().len(), 2);
}

#[tokio::test]
async fn an_operation_registers_a_url() {
    let (shop, server) = (start().await, Shop::start(&[200]).await);
    let path = "/v3/shop/complaint-url";
    shop.post(path, json!({ "url": server.url })).await;
    assert_eq!(
        shop.refused(path, json!({ "url": "http://a/" })).await,
        "400 RESOURCE_ALREADY_EXISTS"
    );
    shop.sandbox.create("shop/complaint", json!({})).unwrap();
    shop.sandbox.notifications_settled().await;
    assert_eq!(server.received().len(), 1);
    shop.wx.delete(path, None).await.unwrap();
    shop.sandbox.create("shop/complaint", json!({})).unwrap();
    shop.sandbox.notifications_settled().await;
    assert_eq!(server.received().len(), 1);
    let other = Shop::start(&[200]).await;
    shop.post(path, json!({ "url": other.url })).await;
    shop.sandbox.create("shop/complaint", json!({})).unwrap();
    shop.sandbox.notifications_settled().await;
    assert_eq!((server.received().len(), other.received().len()), (1, 1));
}

#[tokio::test]
async fn a_url_that_the_request_leaves_out_stays_registered() {
    let (shop, server) = (start().await, Shop::start(&[200]).await);
    let path = "/v3/shop/complaint-url";
    shop.post(path, json!({ "url": server.url })).await;
    shop.wx.put(path, json!({})).await.unwrap();
    shop.sandbox.create("shop/complaint", json!({})).unwrap();
    shop.sandbox.notifications_settled().await;
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_repetition_and_a_refusal_notify_nothing() {
    let shop = start().await;
    shop.order("A1", 7).await;
    shop.order("A1", 7).await;
    let payment = shop.sandbox.order("A1").unwrap();
    payment.pay().unwrap();
    payment.pay().unwrap_err();
    assert_eq!(shop.sandbox.sent_notifications().len(), 1);
}

#[tokio::test]
async fn a_sandbox_that_stops_ends_its_deliveries() {
    let shop = start_with(builder()).await;
    let server = Shop::start(&[500]).await;
    order_to(&shop, "A1", &server.url).await;
    let payment = shop.sandbox.order("A1").unwrap();
    payment.pay().unwrap();
    let Fixture { sandbox, .. } = shop;
    drop::<Sandbox>(sandbox);
    // The handle outlives the sandbox, and still shows what happened.
    assert_eq!(payment.state().unwrap(), "SUCCESS");
}

//! Copies of notifications that a test asks for.

use bytes::Bytes;
use http::HeaderMap;
use serde_json::{Value, json};
use wxpay_api::sandbox::{SandboxError, SandboxResource};

use crate::support::{Fixture, Shop, builder, order, start, start_with};

/// A day in less than 0.1 s.
const FASTER: u32 = 1_000_000;

async fn paid(shop: &Fixture, number: &str, url: &str) -> SandboxResource {
    let mut body = order(number, 7);
    body["notify_url"] = json!(url);
    shop.post("/v3/shop/orders", body).await;
    let payment = shop.sandbox.order(number).unwrap();
    payment.pay().unwrap();
    payment
}

/// Asserts that all copies are verified, have the same body and their own signatures.
async fn assert_copies(shop: &Fixture, received: &[(HeaderMap, Bytes)], count: usize) {
    assert_eq!(received.len(), count);
    let mut signatures = Vec::new();
    for (headers, body) in received {
        assert_eq!(body, &received[0].1, "the same bytes");
        shop.wx.notification(headers, body).await.unwrap();
        signatures.push(headers["wechatpay-signature"].clone());
        signatures.push(headers["wechatpay-nonce"].clone());
    }
    signatures.sort();
    signatures.dedup();
    assert_eq!(signatures.len(), 2 * count, "each has its own signature and nonce");
}

#[tokio::test]
async fn an_acknowledged_notification_comes_again() {
    let (shop, server) = (start().await, Shop::start(&[200, 500, 204]).await);
    let payment = paid(&shop, "A1", &server.url).await;
    shop.sandbox.notifications_settled().await;
    let refused = payment.notify_again().await.unwrap();
    assert_eq!((refused.status, refused.copy), (Some(500), true));
    assert!(refused.refusal.unwrap().contains("500"));
    let sent = payment.notifications();
    let again = shop.sandbox.notify_again(&sent[0].id).await.unwrap();
    assert_eq!((again.status, again.refusal), (Some(204), None));
    assert_copies(&shop, &server.received(), 3).await;
    let sent = payment.notifications();
    assert_eq!(sent.len(), 1, "a copy is no other notification");
    let noted: Vec<_> = sent[0].attempts.iter().map(|it| (it.status, it.copy)).collect();
    assert_eq!(noted, [(Some(200), false), (Some(500), true), (Some(204), true)]);
    assert!(sent[0].is_acknowledged() && sent[0].finished);
}

#[tokio::test]
async fn a_copy_needs_no_wait_for_the_first_one() {
    let (shop, server) = (start().await, Shop::start(&[200]).await);
    let payment = paid(&shop, "A1", &server.url).await;
    payment.notify_again().await.unwrap();
    shop.sandbox.notifications_settled().await;
    assert_copies(&shop, &server.received(), 2).await;
}

#[tokio::test]
async fn a_notification_whose_schedule_has_ended_comes_again() {
    let faster = builder().notification_speed(u32::MAX);
    let mut statuses = [500; 17];
    statuses[16] = 200;
    let (shop, server) = (start_with(faster).await, Shop::start(&statuses).await);
    let payment = paid(&shop, "A1", &server.url).await;
    shop.sandbox.notifications_settled().await;
    assert_eq!(server.received().len(), 16, "the first one, and 15 repeats");
    assert!(!payment.notifications()[0].is_acknowledged());
    let again = payment.notify_again().await.unwrap();
    assert_eq!(again.after, payment.notifications()[0].attempts[15].after);
    assert!(payment.notifications()[0].is_acknowledged());
    assert_copies(&shop, &server.received(), 17).await;
}

#[tokio::test]
async fn an_acknowledged_copy_ends_the_schedule() {
    // By the official schedule: the next copy would come after 15 seconds.
    let (shop, server) = (start().await, Shop::start(&[500, 200]).await);
    let payment = paid(&shop, "A1", &server.url).await;
    while payment.notifications()[0].attempts.is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(!payment.notifications()[0].finished);
    payment.notify_again().await.unwrap();
    assert!(payment.notifications()[0].finished);
    shop.sandbox.notifications_settled().await;
}

#[tokio::test]
async fn without_a_sent_notification_there_is_no_copy() {
    let shop = start().await;
    shop.order("A1", 7).await;
    let payment = shop.sandbox.order("A1").unwrap();
    let error = payment.notify_again().await.unwrap_err();
    assert!(error.to_string().contains("no notification about the resource"), "{error}");
    payment.pay().unwrap();
    let error = payment.notify_again().await.unwrap_err();
    assert!(matches!(error, SandboxError::NoCopy { .. }));
    assert!(error.to_string().contains("no URL is registered for SHOP.PAID"), "{error}");
    let error = shop.sandbox.notify_again("unknown").await.unwrap_err();
    assert!(matches!(error, SandboxError::UnknownSentNotification { .. }), "{error}");
    shop.sandbox.reset();
    assert!(matches!(payment.notify_again().await.unwrap_err(), SandboxError::Lifecycle(_)));
}

#[tokio::test]
async fn the_bodies_for_copies_are_bounded() {
    let server = Shop::start(&[200]).await;
    let shop = start_with(builder().journal_bytes(2000)).await;
    let mut payments = Vec::new();
    for index in 0..20 {
        payments.push(paid(&shop, &format!("A{index}"), &server.url).await);
        shop.sandbox.notifications_settled().await;
    }
    let length = server.received()[0].1.len();
    let mut kept = 0;
    for payment in &payments {
        match payment.notify_again().await {
            Ok(attempt) => kept += usize::from(attempt.refusal.is_none()),
            Err(error) => assert!(error.to_string().contains("journal_bytes"), "{error}"),
        }
    }
    assert_eq!(kept, 2000 / length, "{length} bytes each");
    assert!(payments[19].notify_again().await.is_ok(), "the newest ones are kept");
    let shop = start_with(builder().journal_bytes(1)).await;
    let payment = paid(&shop, "A1", &server.url).await;
    assert!(payment.notify_again().await.is_ok(), "the latest one is kept whatever its size");
}

#[tokio::test]
async fn a_handle_that_outlives_the_sandbox_gets_an_answer() {
    let (shop, server) = (start().await, Shop::start(&[200]).await);
    let mut body = order("A1", 7);
    body["notify_url"] = json!(server.url);
    shop.post("/v3/shop/orders", body).await;
    let payment = shop.sandbox.order("A1").unwrap();
    drop(shop);
    let _ = payment.pay();
    // Whether the first copy was still encrypted does not matter.
    let _ = payment.notify_again().await;
}

#[tokio::test]
async fn the_time_of_a_notification_is_that_of_the_business() {
    let shop = start_with(builder().notification_speed(FASTER)).await;
    let server = Shop::start(&[500, 200]).await;
    shop.sandbox.advance(std::time::Duration::from_secs(3 * 86_400));
    let payment = paid(&shop, "A1", &server.url).await;
    shop.sandbox.notifications_settled().await;
    shop.sandbox.advance(std::time::Duration::from_secs(86_400));
    payment.notify_again().await.unwrap();
    // Each is verified with real time, which SDKs do.
    let received = server.received();
    assert_copies(&shop, &received, 3).await;
    let envelope: Value = serde_json::from_slice(&received[0].1).unwrap();
    assert_eq!(envelope["create_time"], payment.object().unwrap()["success_time"]);
    let (_, body) = shop
        .sandbox
        .notification(wxpay_api::sandbox::SandboxNotification::new("A", json!({})))
        .unwrap();
    let by_hand: Value = serde_json::from_slice(&body).unwrap();
    let day = |time: &Value| time.as_str().unwrap().split_once('T').unwrap().0.to_owned();
    assert!(day(&by_hand["create_time"]) > day(&envelope["create_time"]), "a day later");
    assert!(by_hand["create_time"].as_str().unwrap().ends_with("+08:00"));
}

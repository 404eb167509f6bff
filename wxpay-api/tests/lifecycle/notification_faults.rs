//! Faults of notifications that go by themselves.

use std::time::{Duration, Instant};

use serde_json::json;
use wxpay_api::sandbox::{NotificationFault, Sandbox, SandboxError, SignatureFault, SignedHeader};

use crate::support::{Fixture, Shop, builder, order, refund, start, start_with};

/// A day in less than 0.1 s.
const FASTER: u32 = 1_000_000;

async fn faster() -> Fixture {
    start_with(builder().notification_speed(FASTER)).await
}

/// Pays an order, and waits until its notification is settled. Returns whether each copy was verified.
async fn verified(shop: &Fixture, server: &Shop, number: &str) -> Vec<Result<(), String>> {
    let before = server.received().len();
    let mut body = order(number, 7);
    body["notify_url"] = json!(server.url);
    shop.post("/v3/shop/orders", body).await;
    shop.sandbox.order(number).unwrap().pay().unwrap();
    shop.sandbox.notifications_settled().await;
    let mut verified = Vec::new();
    for (headers, body) in &server.received()[before..] {
        let notification = shop.wx.notification(headers, body).await;
        verified.push(notification.map(drop).map_err(|error| error.to_string()));
    }
    verified
}

#[tokio::test]
async fn a_wrong_signature_is_followed_by_a_right_one() {
    let (shop, server) = (faster().await, Shop::start(&[401, 200]).await);
    shop.sandbox.inject_notification_fault(SignatureFault::Probe);
    let copies = verified(&shop, &server, "A1").await;
    assert!(copies[0].as_ref().unwrap_err().contains("probe"), "{copies:?}");
    assert_eq!(copies[1..], [Ok(())]);
    for fault in [
        SignatureFault::OtherBody,
        SignatureFault::Without(SignedHeader::Nonce),
        SignatureFault::UnknownSerial,
        SignatureFault::Clock(-600),
    ] {
        let server = Shop::start(&[401, 200]).await;
        shop.sandbox.inject_notification_fault(fault.clone());
        let copies =
            verified(&shop, &server, &format!("{fault:?}").replace(['(', ')', '-'], "")).await;
        assert!(copies[0].is_err(), "{fault:?}");
        assert_eq!(copies[1..], [Ok(())], "{fault:?}");
    }
    shop.sandbox.finish().unwrap();
}

#[tokio::test]
async fn a_copy_is_lost_on_the_way() {
    let (shop, server) = (faster().await, Shop::start(&[200]).await);
    shop.sandbox.inject_notification_fault(NotificationFault::Lost);
    assert_eq!(verified(&shop, &server, "A1").await, [Ok(())], "the second copy alone arrives");
    let sent = &shop.sandbox.sent_notifications()[0];
    assert_eq!((sent.attempts.len(), sent.attempts[0].status), (2, None));
    assert!(sent.attempts[0].refusal.as_ref().unwrap().contains("the copy was lost"));
    assert!(sent.is_acknowledged());
}

#[tokio::test]
async fn a_lost_acknowledgement_brings_a_second_copy() {
    let (shop, server) = (faster().await, Shop::start(&[200]).await);
    shop.sandbox.inject_notification_fault(NotificationFault::AcknowledgementLost);
    assert_eq!(verified(&shop, &server, "A1").await, [Ok(()), Ok(())]);
    let received = server.received();
    assert_eq!(received[0].1, received[1].1);
    let sent = &shop.sandbox.sent_notifications()[0];
    assert!(sent.attempts[0].refusal.as_ref().unwrap().contains("the response was lost"));
}

#[tokio::test]
async fn a_certificate_signs_the_first_copy() {
    let (shop, server) = (faster().await, Shop::start(&[500, 200]).await);
    shop.sandbox.inject_notification_fault(NotificationFault::ByCertificate);
    verified(&shop, &server, "A1").await;
    let received = server.received();
    let serial = |index: usize| received[index].0["wechatpay-serial"].to_str().unwrap();
    assert!(!serial(0).starts_with("PUB_KEY_ID_") && serial(1).starts_with("PUB_KEY_ID_"));
}

#[tokio::test]
async fn a_copy_comes_late() {
    let (shop, server) = (faster().await, Shop::start(&[200]).await);
    let delay = Duration::from_millis(200);
    shop.sandbox.inject_notification_fault(NotificationFault::Delay(delay));
    let before = Instant::now();
    assert_eq!(verified(&shop, &server, "A1").await, [Ok(())]);
    assert!(before.elapsed() >= delay);
}

#[tokio::test]
async fn a_fault_meets_the_event_that_it_is_for() {
    let (shop, server) = (faster().await, Shop::start(&[200]).await);
    shop.sandbox.set_notify_url("SHOP.REFUND", Some(&server.url));
    let lost = || NotificationFault::Lost;
    shop.sandbox.inject_notification_fault_for("SHOP.REFUNDED", lost()).unwrap();
    assert_eq!(verified(&shop, &server, "A1").await.len(), 1, "a payment does not meet it");
    shop.post("/v3/shop/refunds", refund("A1", "R1", 1, 7)).await;
    shop.sandbox.resource("shop/refund", "R1").unwrap().event("succeed").unwrap();
    shop.sandbox.notifications_settled().await;
    let sent = shop.sandbox.sent_notifications();
    let attempts = |event: &str| {
        sent.iter().filter(|it| it.event_type == event).map(|it| it.attempts.len()).sum::<usize>()
    };
    assert_eq!((attempts("SHOP.PAID"), attempts("SHOP.REFUNDED")), (1, 2), "{sent:?}");
}

#[tokio::test]
async fn what_no_notification_met_is_listed() {
    let shop = start().await;
    let sandbox = &shop.sandbox;
    sandbox.inject_notification_fault_for("SHOP.PAID", SignatureFault::Probe).unwrap();
    sandbox.inject_notification_fault(NotificationFault::Lost);
    // It has no URL, so that it meets nothing.
    shop.paid("A1", 7).await;
    sandbox.notifications_settled().await;
    let expected = [
        "the fault Signature(Probe) of a notification SHOP.PAID",
        "the fault Lost of a notification",
    ];
    assert_eq!(sandbox.unfetched(), expected);
    let Fixture { sandbox, .. } = shop;
    let error = Sandbox::finish(sandbox).unwrap_err();
    let SandboxError::Unfetched { unfetched } = error else { panic!("{error}") };
    assert_eq!(unfetched, expected);
}

#[tokio::test]
async fn a_mistyped_event_is_refused_and_a_reset_forgets() {
    let shop = start().await;
    let fault = NotificationFault::Lost;
    let error = shop.sandbox.inject_notification_fault_for("SHOP.PIAD", fault.clone()).unwrap_err();
    assert!(error.to_string().contains("did you mean `SHOP.PAID`?"), "{error}");
    shop.sandbox.inject_notification_fault(fault);
    shop.sandbox.reset();
    shop.sandbox.finish().unwrap();
}

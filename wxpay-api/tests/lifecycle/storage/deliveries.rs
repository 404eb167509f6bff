//! Notifications that were not acknowledged go on after a restart, with the rest of their schedule.

use std::time::Duration;

use serde_json::{Value, json};
use wxpay_api::sandbox::{Schedule, SentNotification};

use super::records::Records;
use super::stored;
use crate::support::{Fixture, Shop, order, start_with};

/// A day in less than 0.1 s.
const FASTER: u32 = 1_000_000;

/// Orders and pays, with notifications by the official schedule.
async fn paid(records: &Records, url: &str) -> Fixture {
    let shop = start_with(stored(records)).await;
    let mut body = order("A1", 7);
    body["notify_url"] = json!(url);
    shop.post("/v3/shop/orders", body).await;
    shop.sandbox.order("A1").unwrap().pay().unwrap();
    shop
}

/// Waits until the sandbox has noted attempts at the first notification.
async fn attempted(shop: &Fixture, attempts: usize) -> SentNotification {
    loop {
        let sent = shop.sandbox.sent_notifications().remove(0);
        if sent.attempts.len() >= attempts {
            return sent;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn afters(sent: &SentNotification) -> Vec<Duration> {
    sent.attempts.iter().map(|attempt| attempt.after).collect()
}

/// The official times of all attempts.
fn official() -> Vec<Duration> {
    let sum = |sum: &mut Duration, pause: Duration| {
        *sum += pause;
        Some(*sum)
    };
    let later = Schedule::standard().pauses().scan(Duration::ZERO, sum);
    std::iter::once(Duration::ZERO).chain(later).collect()
}

#[tokio::test]
async fn the_rest_of_the_schedule_follows() {
    let (records, server) = (Records::default(), Shop::start(&[500]).await);
    let shop = paid(&records, &server.url).await;
    attempted(&shop, 1).await;
    drop(shop);
    let shop = start_with(stored(&records).notification_speed(FASTER)).await;
    shop.sandbox.notifications_settled().await;
    let sent = shop.sandbox.sent_notifications();
    assert_eq!(sent.len(), 1);
    assert_eq!(afters(&sent[0]), official());
    let received = server.received();
    assert_eq!(received.len(), official().len());
    assert!(received.iter().all(|(_, body)| *body == received[0].1), "all copies have one body");
    assert!(sent[0].finished && !sent[0].is_acknowledged());
    drop(shop);
    // It is over for the next sandbox too.
    let shop = start_with(stored(&records)).await;
    shop.sandbox.notifications_settled().await;
    assert_eq!(server.received().len(), official().len());
}

#[tokio::test]
async fn an_acknowledgement_ends_it_after_a_restart() {
    let (records, server) = (Records::default(), Shop::start(&[500, 500, 204]).await);
    let shop = paid(&records, &server.url).await;
    attempted(&shop, 1).await;
    drop(shop);
    let shop = start_with(stored(&records).notification_speed(FASTER)).await;
    shop.sandbox.notifications_settled().await;
    let sent = shop.sandbox.sent_notifications().remove(0);
    assert_eq!(afters(&sent), official()[..3]);
    assert!(sent.is_acknowledged());
    // The keys of the account are others now, and the body is the same.
    assert_eq!(server.received().len(), 3);
}

/// The process is killed before the first copy: the notification was stored with the payment.
#[tokio::test]
async fn what_was_never_sent_is_sent() {
    let (records, server) = (Records::default(), Shop::start(&[204]).await);
    let killed = {
        let shop = start_with(stored(&records)).await;
        let mut body = order("A1", 7);
        body["notify_url"] = json!(server.url);
        shop.post("/v3/shop/orders", body).await;
        shop.sandbox.order("A1").unwrap().pay().unwrap();
        let mut killed = records.copy();
        // Its background may have been quicker than the copy.
        if killed.count("notification-content") == 1 {
            killed = without_attempts(&killed);
        }
        killed
    };
    let before = server.received().len();
    let shop = start_with(stored(&killed)).await;
    shop.sandbox.notifications_settled().await;
    assert_eq!(server.received().len(), before + 1);
    let (headers, body) = server.received().pop().unwrap();
    let notification = shop.wx.notification(&headers, &body).await.unwrap();
    let resource: Value = serde_json::from_slice(notification.plaintext()).unwrap();
    assert_eq!(resource, shop.query("A1").await);
    assert!(shop.sandbox.sent_notifications()[0].is_acknowledged());
}

/// Puts the storage back to the moment of the payment.
fn without_attempts(records: &Records) -> Records {
    let records = records.copy();
    let paid = records.all().into_iter().find(|((family, _), _)| family == "resource").unwrap().1;
    let paid: Value = serde_json::from_slice(&paid).unwrap();
    let content = json!({ "plain": { "time": paid["entered"], "object": paid["object"] } });
    records.insert("notification-content", 0, content.to_string().as_bytes());
    records.edit("notification", 0, |record| {
        let mut sent: Value = serde_json::from_slice(record).unwrap();
        sent["attempts"] = json!([]);
        sent["attempted"] = Value::Null;
        sent["finished"] = json!(false);
        *record = sent.to_string().into_bytes();
    });
    records
}

#[tokio::test]
async fn a_copy_can_be_sent_after_a_restart() {
    let (records, server) = (Records::default(), Shop::start(&[204]).await);
    let shop = paid(&records, &server.url).await;
    shop.sandbox.notifications_settled().await;
    drop(shop);
    let shop = start_with(stored(&records)).await;
    shop.sandbox.order("A1").unwrap().notify_again().await.unwrap();
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].1, received[1].1);
    let sent = shop.sandbox.sent_notifications().remove(0);
    assert_eq!(sent.attempts.iter().map(|attempt| attempt.copy).collect::<Vec<_>>(), [false, true]);
}

/// A notification of a change that was not stored must not go out.
#[tokio::test]
async fn nothing_is_sent_of_what_is_not_stored() {
    let (records, server) = (Records::default(), Shop::start(&[204]).await);
    let shop = start_with(stored(&records)).await;
    let mut body = order("A1", 7);
    body["notify_url"] = json!(server.url);
    shop.post("/v3/shop/orders", body).await;
    let payment = shop.sandbox.order("A1").unwrap();
    records.fail(true, false);
    payment.pay().unwrap_err();
    records.fail(false, false);
    payment.pay().unwrap();
    shop.sandbox.notifications_settled().await;
    assert_eq!(server.received().len(), 1);
    assert_eq!(shop.sandbox.sent_notifications().len(), 1);
}

//! A storage whose writes fail: the request fails, and nothing changes.

use std::time::{Duration, SystemTime};

use serde_json::json;
use wxpay_api::Retries;
use wxpay_api::sandbox::LifecycleError;

use super::records::Records;
use super::{control, start_on};
use crate::support::{Fixture, order};

const DAY: Duration = Duration::from_secs(86_400);

async fn shop_on(records: &Records) -> Fixture {
    let Fixture { sandbox, .. } = start_on(records).await;
    let wx = sandbox.client_builder().retries(Retries::none()).build().unwrap();
    Fixture { sandbox, wx }
}

#[tokio::test]
async fn a_request_that_is_not_stored_fails_and_changes_nothing() {
    let records = Records::default();
    let shop = shop_on(&records).await;
    shop.order("old", 7).await;
    let before = records.all();
    records.fail(true, false);
    assert_eq!(shop.refused("/v3/shop/orders", order("new", 7)).await, "500 SYSTEM_ERROR");
    assert_eq!(shop.refused("/v3/shop/orders/old/close", None).await, "500 SYSTEM_ERROR");
    assert!(shop.sandbox.order("new").is_err());
    assert_eq!(shop.query("old").await["trade_state"], "NOTPAY", "reading needs no write");
    let received = shop.sandbox.received();
    let failed = received.iter().filter(|request| request.status == 500);
    for request in failed.inspect(|request| assert!(!request.executed)) {
        assert!(request.notes.iter().any(|note| note.contains("the disk is full")), "{request:?}");
    }
    assert_eq!(records.all(), before);
    records.fail(false, false);
    shop.order("new", 7).await;
    shop.wx.post("/v3/shop/orders/old/close", None).await.unwrap();
    assert_eq!(shop.query("old").await["trade_state"], "CLOSED");
}

#[tokio::test]
async fn events_and_settings_that_are_not_stored_do_not_happen() {
    let records = Records::default();
    let shop = shop_on(&records).await;
    shop.order("A1", 7).await;
    let payment = shop.sandbox.order("A1").unwrap();
    records.fail(true, false);
    let not_stored = |error: LifecycleError| match error {
        LifecycleError::NotStored { reason } => assert_eq!(reason, "the disk is full"),
        other => panic!("{other}"),
    };
    not_stored(payment.pay().unwrap_err());
    not_stored(shop.sandbox.create("shop/complaint", json!({})).unwrap_err());
    let switched = shop.sandbox.switch("shop/order", "paid", "400 INVALID_REQUEST");
    not_stored(switched.unwrap_err());
    not_stored(shop.sandbox.set("shop/order", "most", 1).unwrap_err());
    shop.sandbox.set_notify_url("SHOP.", Some("http://127.0.0.1:9/"));
    shop.sandbox.advance(8 * DAY);
    shop.sandbox.reset();
    assert_eq!(payment.state().unwrap(), "NOTPAY");
    assert!(shop.sandbox.now() < SystemTime::now() + DAY);
    assert_eq!(shop.sandbox.sent_notifications().len(), 0);
    assert_eq!(control(&shop.sandbox, "/notify-urls").await.1["notify_urls"], json!([]));
    records.fail(false, false);
    payment.pay().unwrap();
    shop.paid("A2", 5000).await;
}

/// As long as nobody knows what is stored, nobody is told anything.
#[tokio::test]
async fn a_storage_that_cannot_be_read_either_stops_all_responses() {
    let records = Records::default();
    let shop = shop_on(&records).await;
    shop.order("old", 7).await;
    records.fail(true, true);
    assert_eq!(shop.refused("/v3/shop/orders", order("new", 7)).await, "500 SYSTEM_ERROR");
    assert_eq!(shop.get_refused("/v3/shop/orders/old").await, "500 SYSTEM_ERROR");
    assert_eq!(control(&shop.sandbox, "/resources").await.0, 500);
    records.fail(false, false);
    // The request after the failure reads the storage, and fails itself: it saw what may not be true.
    let _ = shop.get_refused("/v3/shop/orders/old").await;
    assert_eq!(shop.query("old").await["trade_state"], "NOTPAY");
    assert_eq!(shop.get_refused("/v3/shop/orders/new").await, "404 ORDER_NOT_EXIST");
    shop.order("new", 7).await;
}

#[tokio::test]
async fn a_timer_that_is_not_stored_fires_later() {
    let records = Records::default();
    let shop = shop_on(&records).await;
    shop.order("A1", 7).await;
    shop.sandbox.advance(7 * DAY - Duration::from_secs(1));
    records.fail(true, false);
    let payment = shop.sandbox.order("A1").unwrap();
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert_eq!(records.copy().count("resource"), 1);
    records.fail(false, false);
    while payment.state().unwrap() != "CLOSED" {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(shop);
    assert_eq!(start_on(&records).await.query("A1").await["trade_state"], "CLOSED");
}

/// Requests at once share writes, and each is stored when its response is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_response_tells_what_is_stored() {
    let records = Records::default();
    let shop = shop_on(&records).await;
    let writes = records.writes();
    let orders = (0..200).map(|number| {
        let (wx, records) = (shop.wx.clone(), records.clone());
        async move {
            let body = order(&format!("A{number}"), 7);
            wx.post("/v3/shop/orders", body).await.unwrap();
            let wanted = format!("\"A{number}\"");
            let stored = records.all().into_iter().filter(|((family, _), _)| family == "resource");
            let mut stored = stored.map(|(_, value)| String::from_utf8(value).unwrap());
            assert!(stored.any(|record| record.contains(&wanted)), "{wanted}");
        }
    });
    futures_util::future::join_all(orders).await;
    assert!(records.writes() - writes <= 200, "one write for each at the most");
}

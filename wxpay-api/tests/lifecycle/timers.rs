//! The business clock, which fires timers.

use std::time::{Duration, SystemTime};

use serde_json::json;

use crate::support::start;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test]
async fn an_unpaid_order_ends_after_seven_days() {
    let shop = start().await;
    shop.order("A1", 7).await;
    shop.paid("A2", 7).await;
    shop.sandbox.advance(7 * DAY - HOUR);
    assert_eq!(shop.query("A1").await["trade_state"], "NOTPAY");
    shop.sandbox.advance(2 * HOUR);
    assert_eq!(shop.query("A1").await["trade_state"], "CLOSED");
    assert_eq!(shop.query("A2").await["trade_state"], "SUCCESS");
}

#[tokio::test]
async fn times_in_bodies_follow_and_signatures_do_not() {
    let shop = start().await;
    let before = SystemTime::now();
    shop.sandbox.advance(400 * DAY);
    assert!(shop.sandbox.now() + HOUR >= before + 400 * DAY);
    shop.paid("A1", 7).await;
    let time = shop.query("A1").await["success_time"].as_str().unwrap().to_owned();
    let seconds =
        time::OffsetDateTime::parse(&time, &time::format_description::well_known::Rfc3339);
    let seconds = u64::try_from(seconds.unwrap().unix_timestamp()).unwrap();
    let expected = shop.sandbox.now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    assert!(expected - seconds < 60, "{time}");
}

#[tokio::test]
async fn timers_fire_in_their_order_each_at_its_moment() {
    let shop = start().await;
    let complaint = shop.sandbox.create("shop/complaint", json!({})).unwrap();
    // OPEN for a day, LATE for two, OPEN for a day, …
    for (days, state) in [(1, "LATE"), (1, "LATE"), (1, "OPEN"), (1, "LATE"), (3, "LATE")] {
        shop.sandbox.advance(days * DAY);
        assert_eq!(complaint.state().unwrap(), state, "{days}");
    }
}

#[tokio::test]
async fn a_reset_forgets_all_but_the_accounts() {
    let shop = start().await;
    shop.paid("A1", 7).await;
    let payment = shop.sandbox.order("A1").unwrap();
    shop.sandbox.advance(400 * DAY);
    shop.sandbox.switch("shop/order", "paid", "400 INVALID_REQUEST").unwrap();
    shop.sandbox.reset();
    assert!(shop.sandbox.order("A1").is_err());
    assert!(payment.state().is_err());
    assert!(shop.sandbox.now() < SystemTime::now() + DAY);
    assert!(shop.sandbox.received().is_empty() && shop.sandbox.sent_notifications().is_empty());
    shop.paid("A1", 7).await;
    assert_eq!(shop.refused("/v3/shop/orders/A1/close", None).await, "400 ORDER_PAID");
    assert!(payment.state().is_err(), "the handle is of the old payment");
}

//! Everything that must survive: resources, timers, numbers, the clock, switches, money, credentials.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use wxpay_api::Client;

use super::records::Records;
use super::{control, stored, unstarted};
use crate::support::{Fixture, order, refund, start_with};

const DAY: Duration = Duration::from_secs(86_400);

/// The lists of the control surface that have everything that the sandbox remembers.
const LISTS: [&str; 6] =
    ["/resources?limit=1000", "/switches", "/settings", "/money", "/notifications", "/notify-urls"];

/// Starts a sandbox that gives notifications up soon.
async fn start_on(records: &Records) -> Fixture {
    start_with(stored(records).notification_speed(1_000_000)).await
}

async fn lists(shop: &Fixture) -> Vec<Value> {
    let mut all = Vec::new();
    for target in LISTS {
        let (status, list) = control(&shop.sandbox, target).await;
        assert_eq!(status, 200, "{target}: {list}");
        all.push(list);
    }
    all
}

/// Plays a business in which everything that is remembered comes up.
async fn business(shop: &Fixture) {
    let sandbox = &shop.sandbox;
    sandbox.set_notify_url("SHOP.COMPLAINT", Some("http://127.0.0.1:9/complaints"));
    sandbox.switch("shop/order", "paid", "400 INVALID_REQUEST").unwrap();
    sandbox.set("shop/order", "most", 1000).unwrap();
    shop.order("waiting", 7).await;
    shop.paid("paid", 500).await;
    shop.paid("refunded", 300).await;
    shop.post("/v3/shop/refunds", refund("refunded", "R1", 100, 300)).await;
    shop.post("/v3/shop/refunds", refund("refunded", "R2", 100, 300)).await;
    sandbox.resource("shop/refund", "R1").unwrap().event("succeed").unwrap();
    let items = json!([{ "out_item_no": "I1", "amount": 1 }, { "out_item_no": "I2", "amount": 2 }]);
    shop.post("/v3/shop/batches", json!({ "out_batch_no": "B1", "items": items })).await;
    sandbox.resource("shop/item", "I1").unwrap().event("finish").unwrap();
    sandbox.create("shop/complaint", json!({ "out_trade_no": "paid" })).unwrap();
    sandbox.advance(3 * DAY);
    sandbox.notifications_settled().await;
}

#[tokio::test]
async fn all_lists_are_the_same_after_a_restart() {
    let records = Records::default();
    let shop = start_on(&records).await;
    business(&shop).await;
    let before = lists(&shop).await;
    drop(shop);
    let shop = start_on(&records).await;
    for ((target, before), after) in LISTS.iter().zip(before).zip(lists(&shop).await) {
        assert_eq!(before, after, "{target}");
    }
    assert!(shop.sandbox.now() >= SystemTime::now() + 3 * DAY - Duration::from_secs(60));
}

#[tokio::test]
async fn the_business_goes_on_after_a_restart() {
    let records = Records::default();
    let shop = start_on(&records).await;
    business(&shop).await;
    drop(shop);
    let shop = start_on(&records).await;
    let most = "400 PARAM_ERROR";
    assert_eq!(shop.refused("/v3/shop/orders", order("dear", 1001)).await, most, "the setting");
    let close = shop.refused("/v3/shop/orders/paid/close", None).await;
    assert_eq!(close, "400 INVALID_REQUEST", "the switch");
    // The same request is a repetition, and another one is not.
    shop.order("waiting", 7).await;
    assert_eq!(shop.refused("/v3/shop/orders", order("waiting", 8)).await, "400 INVALID_REQUEST");
    // Refunds before the restart count.
    let much = refund("refunded", "R3", 101, 300);
    assert_eq!(shop.refused("/v3/shop/refunds", much).await, "400 INVALID_REQUEST");
    shop.post("/v3/shop/refunds", refund("refunded", "R3", 100, 300)).await;
    // The parts are those of their whole.
    shop.sandbox.resource("shop/batch", "B1").unwrap().event("finish").unwrap();
    let item = shop.sandbox.resource("shop/item", "I2").unwrap();
    assert_eq!(item.object().unwrap()["batch"], "B1");
    shop.sandbox.order("waiting").unwrap().pay().unwrap();
    assert_eq!(shop.query("waiting").await["trade_state"], "SUCCESS");
}

#[tokio::test]
async fn timers_that_became_due_meanwhile_fire_each_at_its_moment() {
    for days in [0_u64, 1, 2, 3, 4, 7] {
        let records = Records::default();
        let shop = start_on(&records).await;
        shop.sandbox.create("shop/complaint", json!({})).unwrap();
        shop.order("unpaid", 7).await;
        drop(shop);
        pass(&records, days);
        let shop = start_on(&records).await;
        let complaint = &shop.sandbox.resources("shop/complaint").unwrap()[0];
        // OPEN for a day, LATE for two, OPEN for a day, …
        let expected = ["OPEN", "LATE", "LATE"][usize::try_from(days % 3).unwrap()];
        assert_eq!(complaint.state().unwrap(), expected, "{days}");
        let expected = if days == 7 { "CLOSED" } else { "NOTPAY" };
        assert_eq!(shop.query("unpaid").await["trade_state"], expected, "{days}");
    }
}

/// Lets days pass while no sandbox runs.
fn pass(records: &Records, days: u64) {
    if records.all().keys().all(|(family, _)| family != "clock") {
        records.insert("clock", 0, br#"{"ahead":{"secs":0,"nanos":0}}"#);
    }
    records.edit("clock", 0, |clock| {
        let mut parsed: Value = serde_json::from_slice(clock).unwrap();
        parsed["ahead"]["secs"] = json!(parsed["ahead"]["secs"].as_u64().unwrap() + days * 86_400);
        *clock = parsed.to_string().into_bytes();
    });
}

/// Short numbers repeat soonest; a storage is copied at each order as if the process was killed then.
#[tokio::test]
async fn no_generated_number_and_no_id_comes_twice() {
    let (mut numbers, mut ids) = (BTreeSet::new(), BTreeSet::new());
    let mut records = Records::default();
    for restart in 0..5 {
        let shop = start_on(&records).await;
        for index in 0..20 {
            let items = json!([{ "out_item_no": format!("{restart}-{index}"), "amount": 1 }]);
            let batch = json!({ "out_batch_no": format!("B{restart}-{index}"), "items": items });
            let batch = shop.post("/v3/shop/batches", batch).await;
            assert!(numbers.insert(batch["items"][0]["item_id"].to_string()), "{batch}");
        }
        let (_, listed) = control(&shop.sandbox, "/resources?limit=1000").await;
        let held = listed["resources"].as_array().unwrap().iter();
        let held: BTreeSet<_> = held.map(|it| it["id"].as_u64().unwrap()).collect();
        assert!(held.is_superset(&ids));
        ids = held;
        let killed = records.copy();
        if restart == 3 {
            shop.sandbox.reset();
            ids.clear();
        }
        drop(shop);
        records = if restart == 3 { records } else { killed };
    }
}

#[tokio::test]
async fn a_prepay_id_from_before_can_be_paid() {
    const APPID: &str = "wxd678efh567hg6787";
    let records = Records::default();
    let shop = start_on(&records).await;
    let body = json!({
        "appid": APPID, "mchid": shop.wx.id(), "description": "咖啡", "out_trade_no": "order-1",
        "notify_url": "http://127.0.0.1:9/", "amount": { "total": 100 }, "payer": { "openid": "o1" },
    });
    let ordered = shop.post("/v3/pay/transactions/jsapi", body).await;
    let prepay_id = ordered["prepay_id"].as_str().unwrap().to_owned();
    drop(shop);
    let shop = start_on(&records).await;
    let pay = |wx: &Client, prepay_id: &str| wx.invoke().jsapi(APPID, prepay_id).unwrap();
    let opened = shop.sandbox.open_payment(pay(&shop.wx, &prepay_id)).unwrap();
    opened.pay().unwrap();
    let mchid = shop.wx.id();
    let query = format!("/v3/pay/transactions/out-trade-no/order-1?mchid={mchid}");
    assert_eq!(shop.get(&query).await["trade_state"], "SUCCESS");
}

#[tokio::test]
async fn a_reset_clears_the_storage() {
    let records = Records::default();
    let shop = start_on(&records).await;
    business(&shop).await;
    shop.sandbox.reset();
    let left: Vec<_> = records.all().into_keys().map(|(family, _)| family).collect();
    assert_eq!(left, ["counters", "format"]);
    shop.order("new", 7).await;
    drop(shop);
    let shop = start_on(&records).await;
    assert_eq!(shop.query("new").await["trade_state"], "NOTPAY");
    assert!(shop.sandbox.order("paid").is_err());
    assert!(shop.sandbox.now() < SystemTime::now() + DAY);
    assert_eq!(shop.sandbox.sent_notifications().len(), 0);
}

#[tokio::test]
async fn the_limit_bounds_what_is_stored() {
    let records = Records::default();
    let shop = start_with(stored(&records).resource_limit(5)).await;
    for number in 0..12 {
        shop.paid(&format!("A{number}"), 7).await;
    }
    shop.sandbox.notifications_settled().await;
    drop(shop);
    let families = ["resource", "ledger", "notification"];
    assert_eq!(families.map(|family| records.count(family)), [5, 5, 5]);
    assert_eq!(records.count("notification-content"), 0, "none was sent");
    let shop = start_with(stored(&records).resource_limit(2)).await;
    assert_eq!(families.map(|family| records.count(family)), [2, 2, 2]);
    assert!(shop.sandbox.order("A9").is_err() && shop.sandbox.order("A10").is_ok());
}

#[tokio::test]
async fn a_storage_is_not_for_other_lifecycles() {
    let records = Records::default();
    let shop = start_on(&records).await;
    shop.order("A1", 7).await;
    drop(shop);
    let without = wxpay_api::sandbox::Sandbox::builder().storage(records.clone()).start().await;
    let error = without.err().unwrap().to_string();
    assert!(error.contains("no lifecycle is called `shop/order` any more"), "{error}");
    assert!(error.contains("start with an empty storage"), "{error}");
    records.edit("resource", 1, |value| {
        *value = String::from_utf8_lossy(value).replace("\"NOTPAY\"", "\"WAITING\"").into_bytes();
    });
    let error = unstarted(&records).await.to_string();
    assert!(error.contains("shop/order has no state `WAITING` any more"), "{error}");
}

//! Records of another version, or with other bytes: the sandbox says why it does not start, and never panics.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use proptest::prelude::*;
use serde_json::json;
use tokio::runtime::Runtime;
use wxpay_api::sandbox::SandboxError;

use super::records::Records;
use super::{control, start_on, stored, unstarted};
use crate::support::{Shop, order, refund};

/// A storage with records of every family. No timer follows another one: a moment of 1970 would fire thousands.
fn full() -> &'static Records {
    static FULL: OnceLock<Records> = OnceLock::new();
    FULL.get_or_init(|| {
        let records = Records::default();
        Runtime::new().unwrap().block_on(async {
            let (shop, server) = (start_on(&records).await, Shop::start(&[500]).await);
            shop.sandbox.set_notify_url("SHOP.COMPLAINT", Some(&server.url));
            shop.sandbox.switch("shop/order", "paid", "400 INVALID_REQUEST").unwrap();
            shop.sandbox.set("shop/order", "most", 1000).unwrap();
            shop.sandbox.advance(std::time::Duration::from_secs(60));
            let mut body = order("A1", 7);
            body["notify_url"] = json!(server.url);
            shop.post("/v3/shop/orders", body).await;
            shop.sandbox.order("A1").unwrap().pay().unwrap();
            shop.post("/v3/shop/refunds", refund("A1", "R1", 1, 7)).await;
            let items = json!([{ "out_item_no": "I1", "amount": 1 }]);
            shop.post("/v3/shop/batches", json!({ "out_batch_no": "B1", "items": items })).await;
            let native = json!({
                "appid": "wxd678efh567hg6787", "mchid": shop.wx.id(), "description": "咖啡",
                "out_trade_no": "order-1", "notify_url": server.url, "amount": { "total": 100 },
            });
            shop.post("/v3/pay/transactions/native", native).await;
        });
        records
    })
}

#[test]
fn every_family_is_there() {
    let families: BTreeMap<_, _> = full().all().into_keys().collect();
    let families: Vec<_> = families.into_keys().collect();
    let expected = [
        "clock",
        "counters",
        "credential",
        "format",
        "ledger",
        "notification",
        "notification-content",
        "notify-urls",
        "resource",
        "settings",
        "switches",
    ];
    assert_eq!(families, expected);
}

#[tokio::test]
async fn a_newer_format_is_named_whatever_else_is_there() {
    let records = Records::default();
    drop(start_on(&records).await);
    records.insert("a-new-family", 7, b"\x00");
    records.edit("format", 0, |format| *format = br#"{"version":2,"since":"0.2"}"#.to_vec());
    let error = unstarted(&records).await;
    assert!(matches!(error, SandboxError::NewerStorage { found: 2, known: 1 }), "{error}");
    assert!(error.to_string().contains("Run the newer version, or start with an empty storage"));
}

#[tokio::test]
async fn what_cannot_be_read_is_named() {
    let cases: [(&str, u64, &[u8], &str); 7] = [
        ("resource", 1, b"{", "the record `resource` 1 of the storage is not as this version"),
        ("a-new-family", 7, b"{}", "`a-new-family` 7 of the storage is of a family"),
        ("resource", u64::MAX, b"{}", "has a number that is too large"),
        ("switches", 0, br#"{"shop/order":{"paid":"no"}}"#, "cannot be used: the switch `paid`"),
        ("settings", 0, br#"{"shop/none":{}}"#, "cannot be used"),
        ("clock", 0, b"7", "`clock` 0"),
        ("format", 0, b"null", "`format` 0"),
    ];
    for (family, key, value, expected) in cases {
        let records = Records::default();
        drop(start_on(&records).await);
        records.insert(family, key, value);
        match stored(&records).start().await {
            Err(error) => assert!(error.to_string().contains(expected), "{family}: {error}"),
            // A lifecycle without settings says nothing.
            Ok(_) => assert_eq!(family, "settings"),
        }
    }
    let records = Records::default();
    records.insert("clock", 0, br#"{"ahead":{"secs":0,"nanos":0}}"#);
    let error = unstarted(&records).await.to_string();
    assert!(error.contains("`format` 0 of the storage is missing"), "{error}");
}

#[tokio::test]
async fn a_storage_that_cannot_be_read_or_written_stops_the_start() {
    let records = Records::default();
    records.fail(false, true);
    let error = unstarted(&records).await;
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!((error.to_string().as_str(), cause.as_str()), (FAILED, "the disk is gone"));
    records.fail(true, false);
    let error = unstarted(&records).await;
    assert_eq!(error.to_string(), FAILED);
}

const FAILED: &str = "the storage of the sandbox failed";

/// Secrets are plain in the records, so errors quote no values.
#[test]
fn an_error_quotes_no_value() {
    let records = full().copy();
    records.edit("resource", 1, |value| {
        let text = String::from_utf8_lossy(value).replace("\"parts\":[]", "\"parts\":\"secret\"");
        *value = text.into_bytes();
    });
    let error = Runtime::new().unwrap().block_on(unstarted(&records));
    assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
}

#[derive(Clone, Debug)]
enum Mutation {
    Byte { at: usize, byte: u8 },
    Cut(usize),
    Number { at: usize, number: &'static str },
    Swap(usize),
    Remove,
}

/// What takes the place of a number.
const NUMBERS: &[&str] =
    &["-1", "0", "9223372036854775807", "18446744073709551615", "1e300", "null"];

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Byte { at, byte }),
        any::<usize>().prop_map(Mutation::Cut),
        (any::<usize>(), prop::sample::select(NUMBERS))
            .prop_map(|(at, number)| Mutation::Number { at, number }),
        any::<usize>().prop_map(Mutation::Swap),
        Just(Mutation::Remove),
    ]
}

/// Changes one record.
fn mutate(records: &Records, record: usize, mutation: &Mutation) -> Records {
    let all: Vec<_> = records.all().into_iter().collect();
    let ((family, key), value) = &all[record % all.len()];
    if value.is_empty() {
        return records.copy();
    }
    let mut changed = value.clone();
    match mutation {
        Mutation::Byte { at, byte } => changed[at % value.len()] = *byte,
        Mutation::Cut(at) => changed.truncate(at % value.len()),
        Mutation::Number { at, number } => {
            let digits = (0..changed.len()).filter(|at| changed[*at].is_ascii_digit());
            let digits: Vec<_> = digits.collect();
            let Some(start) = digits.get(at % digits.len().max(1)).copied() else {
                return records.copy();
            };
            let end = (start..changed.len()).find(|at| !changed[*at].is_ascii_digit());
            let end = end.unwrap_or(changed.len());
            changed.splice(start..end, number.to_string().bytes());
        }
        Mutation::Swap(other) => changed.clone_from(&all[other % all.len()].1),
        Mutation::Remove => {
            let copy = Records::default();
            let rest = all.iter().filter(|(held, _)| *held != (family.clone(), *key));
            rest.for_each(|((family, key), value)| copy.insert(family, *key, value));
            return copy;
        }
    }
    let copy = records.copy();
    copy.insert(family, *key, &changed);
    copy
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn changed_records_never_panic(
        mutations in prop::collection::vec((any::<usize>(), mutation()), 1..4),
    ) {
        let mut records = full().copy();
        for (record, mutation) in &mutations {
            records = mutate(&records, *record, mutation);
        }
        Runtime::new().unwrap().block_on(use_all(&records));
    }
}

/// Starts, and looks at and changes everything. Whatever is refused, nothing panics.
async fn use_all(records: &Records) {
    let sandbox = match stored(records).start().await {
        Ok(sandbox) => sandbox,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    for target in ["/resources?limit=1000", "/money", "/notifications", "/switches", "/settings"] {
        assert_eq!(control(&sandbox, target).await.0, 200, "{target}");
    }
    let wx = sandbox.client().unwrap();
    for target in ["/v3/shop/orders", "/v3/shop/orders/A1", "/v3/shop/batches/B1"] {
        refused_or_done(wx.get(target).await);
    }
    refused_or_done(wx.post("/v3/shop/refunds", refund("A1", "R2", 1, 7)).await);
    refused_or_done(wx.post("/v3/shop/orders/A1/close", None).await);
    if let Ok(batch) = sandbox.resource("shop/batch", "B1") {
        let _ = batch.event("finish");
    }
    sandbox.advance(std::time::Duration::from_secs(40 * 86_400));
    refused_or_done(wx.get("/v3/bill/tradebill?bill_date=2026-01-01").await);
    sandbox.reset();
    refused_or_done(wx.post("/v3/shop/orders", order("A1", 7)).await);
}

/// A panic would end the connection without a response.
fn refused_or_done(result: Result<serde_json::Value, wxpay_api::Error>) {
    if let Err(error) = result {
        assert!(error.api().is_some(), "{error:?}");
    }
}

//! What is signed is what arrives, byte for byte, and it arrives at the intended operation.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use wxpay_api::Client;
use wxpay_api::sandbox::{ReceivedRequest, Sandbox};

use crate::sandbox;

/// Text that a URL may have trouble with, beside any other.
fn value() -> impl Strategy<Value = String> {
    let awkward = prop::sample::select(vec![
        "/", "//", "../..", "./", "%2F", "%2e%2e", "..%2f", "?", "#", "&", "=", "+", " ", "\\",
        ";", "@", ":", "%", "%%", "\u{7f}", "\t", "\n", "\r\n", "\0", "订单", "é", "\u{ffff}",
        "a/../b", "cancel", "{}", "|", "\"", "<", ">", "^", "`", "'", "*", "~", "..a", ".a", "a.",
        "...",
    ]);
    let text = prop_oneof![any::<String>(), "[ -~]{1,30}", awkward.prop_map(str::to_owned)];
    text.prop_filter("refused before sending", |text| {
        !matches!(text.as_str(), "" | "." | "..") && text.chars().all(|c| c.len_utf8() < 4)
    })
}

#[test]
fn any_path_and_query_value_arrives_as_signed() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (sandbox, wx) = runtime.block_on(sandbox());
    let mut runner =
        TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let values = (value(), value(), value());
    runner
        .run(&values, |(path, mchid, order)| {
            runtime.block_on(check_path(&sandbox, &wx, &path, &mchid));
            runtime.block_on(check_query(&sandbox, &wx, &order, &mchid));
            Ok(())
        })
        .unwrap();
}

/// The value stands in the path, before a literal segment, and another one in the query.
async fn check_path(sandbox: &Sandbox, wx: &Client, path: &str, mchid: &str) {
    let transactions = wx.v3().pay().transactions();
    // What the sandbox thinks of the values does not matter here, only where they arrive.
    let _ =
        transactions.out_trade_no().out_trade_no(path).get(|r| r.mchid(mchid)).repeat(false).await;
    let received = last(sandbox);
    assert_eq!(
        received.operation.as_deref(),
        Some("GET /v3/pay/transactions/out-trade-no/{out_trade_no}"),
        "{path:?} arrived as {}",
        received.target
    );
    assert_eq!(received.path_value("out_trade_no"), Some(path));
    assert_eq!(query_value(&received, "mchid").as_deref(), Some(mchid));
}

async fn check_query(sandbox: &Sandbox, wx: &Client, order: &str, service: &str) {
    let orders = wx.v3().payscore().serviceorder();
    let call = orders.get(|r| r.service_id(service).appid("wxd678efh567hg6787"));
    let _ = call.with(|r| r.out_order_no(order)).repeat(false).await;
    let received = last(sandbox);
    assert_eq!(received.operation.as_deref(), Some("GET /v3/payscore/serviceorder"));
    assert_eq!(query_value(&received, "service_id").as_deref(), Some(service));
    assert_eq!(query_value(&received, "out_order_no").as_deref(), Some(order));
}

/// The last request; its signature covered the very bytes of its target.
fn last(sandbox: &Sandbox) -> ReceivedRequest {
    let received = sandbox.received().pop().unwrap();
    let message = received.verified_message.clone().expect("the signature was wrong");
    let signed = String::from_utf8(message).unwrap();
    assert_eq!(signed.split('\n').nth(1), Some(received.target.as_str()));
    received
}

fn query_value(received: &ReceivedRequest, name: &str) -> Option<String> {
    let (_, query) = received.target.split_once('?')?;
    let (_, value) =
        query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?;
    Some(percent_encoding::percent_decode_str(value).decode_utf8().unwrap().into_owned())
}

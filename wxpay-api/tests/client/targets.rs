//! The signed target arrives byte for byte, at the intended operation.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use wxpay_api::sandbox::{ReceivedRequest, Sandbox};
use wxpay_api::{Client, ErrorKind, InputError, Outcome};

use crate::sandbox;

/// Text that is difficult in a URL, and any other text.
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

/// One value is in the path, before a literal segment, another one in the query.
async fn check_path(sandbox: &Sandbox, wx: &Client, path: &str, mchid: &str) {
    let transactions = wx.v3().pay().transactions();
    // Only the place of the values matters here, not whether the sandbox accepts them.
    let _ = transactions
        .out_trade_no()
        .out_trade_no(path)
        .get(|r| r.mchid(mchid))
        .allow_retries(false)
        .await;
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

#[tokio::test]
async fn the_case_of_a_path_value_is_kept() {
    let (sandbox, wx) = sandbox().await;
    for id in ["oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "OUPF8UMUAJO_M2PXB1Q9ZNJWES6O"] {
        check_path(&sandbox, &wx, id, "1230000109").await;
        assert_eq!(last(&sandbox).target.matches(id).count(), 1);
    }
}

/// A path and a query as another encoder writes them: hexadecimal digits in either case, and with
/// more or fewer characters encoded.
fn encoded_target() -> impl Strategy<Value = String> {
    let triplet = |byte: u8| [format!("%{byte:02x}"), format!("%{byte:02X}")];
    let piece = prop_oneof![
        "[A-Za-z0-9_.~-]",
        "[!$&()*+,;=:@]",
        (any::<u8>(), 0..2_usize).prop_map(move |(byte, case)| triplet(byte)[case].clone()),
    ];
    let pieces = || prop::collection::vec(piece.clone(), 0..8).prop_map(|all| all.concat());
    let path = prop::collection::vec(pieces(), 1..5);
    // Every segment begins with a letter, because URL parsers fold those that are dots alone.
    let path = path.prop_map(|all| all.iter().map(|one| format!("/a{one}")).collect::<String>());
    let query = prop::collection::vec((pieces(), pieces()), 0..4).prop_map(|pairs| {
        pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    });
    (path, query).prop_map(|(path, query)| match query.is_empty() {
        true => path,
        false => format!("{path}?{query}"),
    })
}

#[test]
fn any_encoded_target_arrives_as_it_was_given() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (sandbox, wx) = runtime.block_on(sandbox());
    let mut runner =
        TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
    runner
        .run(&encoded_target(), |target| {
            runtime.block_on(async {
                // The response does not matter.
                let _ = wx.get(&target).allow_retries(false).await;
                assert_eq!(last(&sandbox).target, target);
                let link = format!("{}{target}", sandbox.url());
                let _ = wx.download_url(link).unchecked().allow_retries(false).await;
                assert_eq!(last(&sandbox).target, target);
            });
            Ok(())
        })
        .unwrap();
    assert_eq!(sandbox.received().len(), 400);
}

/// Any target arrives unchanged, or nothing is sent.
#[test]
fn every_target_is_sent_unchanged_or_refused() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (sandbox, wx) = runtime.block_on(sandbox());
    let mut runner =
        TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    runner
        .run(&value(), |text| {
            let target = format!("/v3/{text}");
            let before = sandbox.received().len();
            let result = runtime.block_on(wx.get(&target).allow_retries(false).into_future());
            if sandbox.received().len() > before {
                assert_eq!(last(&sandbox).target, target);
            } else {
                assert_eq!(result.unwrap_err().outcome(), Outcome::NotSent, "{target:?}");
            }
            Ok(())
        })
        .unwrap();
}

async fn check_query(sandbox: &Sandbox, wx: &Client, order: &str, service: &str) {
    let orders = wx.v3().payscore().serviceorder();
    let call = orders.get(|r| r.service_id(service).appid("wxd678efh567hg6787"));
    let _ = call.with(|r| r.out_order_no(order)).allow_retries(false).await;
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

#[tokio::test]
async fn an_untyped_call_goes_to_hosts_of_wechat_pay_only() {
    let (sandbox, wx) = sandbox().await;
    for stranger in
        ["example.com", "apihk.mch.weixin.qq.com.example.com", "apihk.mch.weixin.qq.com:80", ""]
    {
        let error = wx.get("/v3/certificates").host(stranger).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Input(InputError::Host { .. })), "{error}");
        let message = error.to_string();
        assert!(
            message.contains(&format!("`{stranger}` is not a host of WeChat Pay")),
            "{message}"
        );
        assert!(message.contains("api.mch.weixin.qq.com, api2.mch.weixin.qq.com"), "{message}");
    }
    assert!(sandbox.received().is_empty());
    // The sandbox takes the place of every host.
    wx.get("/v3/certificates").host("APIHK.mch.weixin.qq.com").await.unwrap();
    assert_eq!(sandbox.received().len(), 1);
}

//! `notification verify` and `notification decrypt`.

use http::HeaderMap;
use serde_json::{Value, json};
use wxpay_api::sandbox::{SandboxNotification, SignatureFault, SignedHeader};

use crate::support::Shop;

/// A raw HTTP request, as a server captures it.
pub(crate) fn raw(headers: &HeaderMap, body: &[u8]) -> Vec<u8> {
    let mut raw = b"POST /wechatpay/notify HTTP/1.1\r\nHost: shop.example\r\n".to_vec();
    raw.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
    for (name, value) in headers {
        raw.extend_from_slice(format!("{name}: {}\r\n", value.to_str().unwrap()).as_bytes());
    }
    raw.extend_from_slice(b"\r\n");
    raw.extend_from_slice(body);
    raw
}

pub(crate) fn payment() -> SandboxNotification {
    SandboxNotification::example("pay/transaction").with(json!({ "out_trade_no": "order-1" }))
}

pub(crate) fn captured(shop: &Shop, notification: SandboxNotification) -> Vec<u8> {
    let (headers, body) = shop.sandbox.notification(notification).unwrap();
    raw(&headers, &body)
}

/// The names of the failed checks.
fn failed(shop: &Shop, captured: &[u8], options: &[&str]) -> (i32, Vec<String>) {
    let ran = shop.run_with(&[&["--json", "notification", "verify"], options].concat(), captured);
    let checks: Value = serde_json::from_str(&ran.stdout).unwrap();
    let failed = checks["checks"].as_array().unwrap().iter();
    let failed = failed.filter(|check| check["outcome"] == "failed");
    assert_eq!(checks["genuine"], ran.code == 0, "{checks}");
    (ran.code, failed.map(|check| check["name"].as_str().unwrap().to_owned()).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_genuine_one_passes_in_every_form() {
    let shop = Shop::open().await;
    let (headers, body) = shop.sandbox.notification(payment()).unwrap();
    shop.write("captured.http", raw(&headers, &body));
    let ran = shop.run(&["notification", "verify", "captured.http"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for check in ["headers", "time", "key", "signature", "body", "decryption"] {
        assert!(ran.stdout.contains(&format!("ok      {check}: ")), "{}", ran.stdout);
    }
    // Editors change line ends of the head; the body stays.
    let unix = String::from_utf8(raw(&headers, &body)).unwrap().replace("\r\n", "\n");
    assert_eq!(shop.run_with(&["notification", "verify", "-"], unix.as_bytes()).code, 0);

    let text = std::str::from_utf8(&body).unwrap();
    let pairs: serde_json::Map<String, Value> = headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().into()))
        .collect();
    let captured = json!({ "headers": pairs, "body": text }).to_string();
    assert_eq!(shop.run_with(&["notification", "verify"], captured.as_bytes()).code, 0);

    let lines: Vec<_> =
        pairs.iter().map(|(name, value)| format!("{name}: {}", value.as_str().unwrap())).collect();
    let flags: Vec<_> = lines.iter().flat_map(|line| ["--header", line.as_str()]).collect();
    shop.write("body.json", &body);
    let arguments = [&["notification", "verify", "body.json"], flags.as_slice()].concat();
    assert_eq!(shop.run(&arguments).code, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_one_ends_with_6_and_names_the_check() {
    let shop = Shop::open().await;
    let cases = [
        (SignatureFault::OtherBody, "signature"),
        (SignatureFault::OtherKey, "key"),
        (SignatureFault::Probe, "signature"),
        (SignatureFault::UnknownSerial, "key"),
        (SignatureFault::Without(SignedHeader::Nonce), "headers"),
        (SignatureFault::Clock(-3600), "time"),
    ];
    for (fault, check) in cases {
        let captured = captured(&shop, payment().fault(fault.clone()));
        assert_eq!(failed(&shop, &captured, &[]), (6, vec![check.to_owned()]), "{fault:?}");
    }
    let ran = shop.run_with(
        &["notification", "verify"],
        &captured(&shop, payment().fault(SignatureFault::OtherBody)),
    );
    assert_eq!(ran.code, 6);
    assert!(ran.stderr.contains("not genuine: signature: "), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_one_passes_at_any_age() {
    let shop = Shop::open().await;
    let old = captured(&shop, payment().fault(SignatureFault::Clock(-86_400)));
    assert_eq!(failed(&shop, &old, &[]), (6, vec!["time".to_owned()]));
    assert_eq!(failed(&shop, &old, &["--any-age"]), (0, vec![]));
    let ran = shop.run_with(&["notification", "decrypt"], &old);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("\"out_trade_no\": \"order-1\""), "{}", ran.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_apiv3_key_is_named() {
    let shop = Shop::open().await;
    shop.sandbox.reset_apiv3_key("another-key-of-exactly-32-bytes!").unwrap();
    let captured = captured(&shop, payment());
    assert_eq!(failed(&shop, &captured, &[]), (6, vec!["decryption".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_notification_says_how_to_give_one() {
    let shop = Shop::open().await;
    let whole = captured(&shop, payment());
    let cases: [(&[u8], &str); 5] = [
        (b"nonsense", "--header"),
        (b"{\"id\": 1}", "no `headers`"),
        (b"{\"headers\": {}, \"body\": {}}", "raw body"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "chunks"),
        (&whole[..whole.len() - 1], "capture is cut"),
    ];
    for (input, hint) in cases {
        let ran = shop.run_with(&["notification", "verify"], input);
        assert_eq!(ran.code, 1, "{}", String::from_utf8_lossy(input));
        assert!(ran.stderr.contains(hint), "{hint}: {}", ran.stderr);
    }
    let (headers, body) = shop.sandbox.notification(payment()).unwrap();
    let reserialized = serde_json::from_slice::<Value>(&body).unwrap();
    let reserialized = format!("{reserialized:#}\n");
    let ran = shop.run_with(&["notification", "verify"], &raw(&headers, reserialized.as_bytes()));
    assert_eq!(ran.code, 6);
    assert!(ran.stdout.contains("byte for byte"), "{}", ran.stdout);
    assert!(ran.stdout.contains("ends with a line break"), "{}", ran.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_shown_on_demand_only() {
    let shop = Shop::open().await;
    let paid = SandboxNotification::example("fund-app/qq_wallet_bill")
        .with(json!({ "user_name": "张三丰" }));
    let captured = captured(&shop, paid);
    let hidden = shop.run_with(&["notification", "decrypt"], &captured);
    assert_eq!(hidden.code, 0, "{}", hidden.stderr);
    assert!(hidden.stdout.contains("\"user_name\": \"[secret]\""), "{}", hidden.stdout);
    let shown = shop.run_with(&["notification", "decrypt", "--secrets"], &captured);
    assert!(shown.stdout.contains("\"user_name\": \"张三丰\""), "{}", shown.stdout);
    let json = shop.run_with(&["notification", "decrypt", "--json"], &captured);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["resource"]["user_name"], "[secret]");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_one_is_not_printed() {
    let shop = Shop::open().await;
    let forged = captured(&shop, payment().fault(SignatureFault::OtherKey));
    let ran = shop.run_with(&["notification", "decrypt"], &forged);
    assert_eq!((ran.code, ran.stdout.as_str()), (6, ""));
}

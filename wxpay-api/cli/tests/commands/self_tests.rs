//! `self-test`.

use crate::support::Shop;

#[tokio::test(flavor = "multi_thread")]
async fn it_lists_every_check() {
    let shop = Shop::open().await;
    let ran = shop.run(&["self-test"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("ok      signing: "), "{}", ran.stdout);
    let report = shop.json(&["self-test"]);
    assert_eq!(report["ok"], true);
    assert_eq!(report["checks"][0]["name"], "signing");
    assert_eq!(report["checks"][0]["outcome"], "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_do_not_work_end_with_1() {
    let shop = Shop::open().await;
    // The key of another merchant.
    let other =
        Shop::with(wxpay_api::sandbox::Sandbox::builder().fresh_keys().start().await.unwrap());
    let key = std::fs::read(other.file("sandbox/pub_key.pem")).unwrap();
    shop.write("sandbox/pub_key.pem", key);
    let ran = shop.run(&["self-test", "--json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["ok"], false);
    assert_eq!(ran.report()["exit_code"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_sandbox_it_says_how_to_start_one() {
    let shop = Shop::open().await;
    let ran = shop.run(&["self-test", "--dir", "nowhere"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("wxpay sandbox --dir nowhere"), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn live_needs_a_merchant() {
    let shop = Shop::open().await;
    let ran = shop.run(&["self-test", "--live"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("--config"), "{}", ran.stderr);
    shop.write("wxpay.yaml", "mchid: 1900000109\nprivate_key: not a key\n");
    let ran = shop.run(&["self-test", "--live", "--config", "wxpay.yaml"]);
    assert_eq!(ran.code, 1);
    assert!(!ran.stderr.contains("not a key"), "no secret: {}", ran.stderr);
}

//! `certificates`.

use std::time::Duration;

use wxpay_api::protocol::Certificate;
use wxpay_api::sandbox::{KeyMode, Sandbox};

use crate::support::Shop;

#[tokio::test(flavor = "multi_thread")]
async fn they_become_files() {
    let shop = Shop::open().await;
    let ran = shop.run(&["certificates", "--out", "keys"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let files: Vec<_> =
        shop.file("keys").read_dir().unwrap().map(|it| it.unwrap().path()).collect();
    let [file] = files.as_slice() else { panic!("{files:?}") };
    let certificate = Certificate::from_file(file).unwrap();
    let name = format!("wechatpay_{}.pem", certificate.serial());
    assert_eq!(file.file_name().unwrap().to_str().unwrap(), name);
    assert!(ran.stdout.contains("valid for"), "{}", ran.stdout);
    // A second download replaces it.
    assert_eq!(shop.run(&["certificates", "--out", "keys"]).code, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_writes_nothing() {
    let shop = Shop::open().await;
    let listed = shop.json(&["certificates", "--list"]);
    assert_eq!(listed["certificates"].as_array().unwrap().len(), 1);
    assert_eq!(listed["certificates"][0]["valid"], true);
    assert_eq!(listed["certificates"][0]["expires_soon"], false);
    assert_eq!(listed["certificates"][0]["file"], serde_json::Value::Null);
    assert_eq!(shop.folder.path().read_dir().unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_expires_soon_is_a_warning() {
    let shop = Shop::open().await;
    let days = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
    let now = std::time::SystemTime::now();
    let soon = shop.sandbox.issue_platform_certificate(now - days(300), now + days(10)).unwrap();
    let ran = shop.run(&["certificates", "--list"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("{soon} expires soon")), "{}", ran.stderr);
    let ran = shop.run(&["certificates", "--list", "--warn-days", "5"]);
    assert!(!ran.stderr.contains("expires soon"), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_ones_prove_themselves() {
    let shop = Shop::with(Sandbox::builder().certificate_mode().start().await.unwrap());
    let file = shop.file("sandbox/env.json");
    let mut environment: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    // A merchant without any key of WeChat Pay.
    environment["platform_certificate_files"] = serde_json::json!([]);
    std::fs::write(&file, environment.to_string()).unwrap();
    let ran = shop.run(&["certificates", "--out", "keys"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(shop.file("keys").read_dir().unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_without_certificates_is_refused() {
    let shop = Shop::open().await;
    shop.sandbox.set_key_mode(KeyMode::PublicKey);
    let ran = shop.run(&["certificates", "--json"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert_eq!(ran.report()["detail"]["outcome"], "refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_apiv3_key_decrypts_none() {
    let shop = Shop::open().await;
    shop.sandbox.reset_apiv3_key("another-key-of-exactly-32-bytes!").unwrap();
    let ran = shop.run(&["certificates"]);
    assert_eq!(ran.code, 6, "{}", ran.stderr);
    assert!(ran.stderr.contains("does not decrypt"), "{}", ran.stderr);
}

//! Sensitive fields of requests and responses.

use serde_json::json;
use wxpay_api::protocol::WechatPayKeys;

use crate::support::{Forgery, assert_refused, builder, certificate, encrypted, order_with, start};

#[tokio::test]
async fn a_secret_is_decrypted_for_the_journal() {
    let sandbox = start().await;
    let body =
        order_with("goods", json!([{ "name": "pen", "owner": encrypted(&sandbox, "张三") }]));
    let got = Forgery::post("/v3/orders", &body).send(&sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
    let received = sandbox.received();
    assert_eq!(received[0].secret("goods[0].owner"), Some("张三"));
    assert_eq!(received[0].secret("goods[1].owner"), None);
    assert_eq!(received[0].secrets().count(), 1);
}

#[tokio::test]
async fn a_plain_secret_is_refused_and_never_shown() {
    let sandbox = start().await;
    let got = Forgery::post("/v3/orders", &order_with("phone", json!("13912345678")))
        .send(&sandbox)
        .await;
    assert_refused(&got, &[("body", "phone", "must be encrypted")]);
    assert!(!got.text().contains("13912345678"));
}

#[tokio::test]
async fn a_secret_encrypted_with_another_key_is_refused() {
    let sandbox = start().await;
    let keys = certificate(&sandbox);
    let by_certificate = encrypt(&keys, "13912345678");
    let body = order_with("phone", json!(by_certificate));
    let got = Forgery::post("/v3/orders", &body).send(&sandbox).await;
    assert_refused(
        &got,
        &[("body", "phone", "does not decrypt with the key that Wechatpay-Serial names")],
    );
    // The header decides: the same ciphertext is right beside the certificate's serial number.
    let serial = keys.ids().remove(0);
    let got =
        Forgery::post("/v3/orders", &body).header("Wechatpay-Serial", &serial).send(&sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
}

#[tokio::test]
async fn the_length_of_a_secret_is_that_of_its_plain_text() {
    let sandbox = builder().refuse_lengths().start().await.unwrap();
    let body = order_with("phone", json!(encrypted(&sandbox, "1391234567")));
    let got = Forgery::post("/v3/orders", &body).send(&sandbox).await;
    assert_refused(&got, &[("body", "phone", "at least 11 characters, not 10")]);
}

#[tokio::test]
async fn text_must_be_utf8_and_bytes_need_not() {
    let sandbox = start().await;
    let (id, pem) = sandbox.wechatpay_public_key();
    let keys = WechatPayKeys::new().with_public_key(id, pem).unwrap();
    let key = keys.encryption_key(std::time::SystemTime::now()).unwrap();
    let encrypted = key.encrypt(&[0xff; 11]).unwrap();
    let got =
        Forgery::post("/v3/orders", &order_with("phone", json!(encrypted))).send(&sandbox).await;
    assert_refused(&got, &[("body", "phone", "not UTF-8")]);
    let got =
        Forgery::post("/v3/orders", &order_with("blob", json!(encrypted))).send(&sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
}

#[tokio::test]
async fn an_empty_optional_secret_needs_no_encryption() {
    let sandbox = start().await;
    let got = Forgery::post("/v3/orders", &order_with("phone", json!(""))).send(&sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
}

#[tokio::test]
async fn an_unknown_key_is_reported_once_and_not_for_each_secret() {
    let sandbox = start().await;
    let body = order_with("phone", json!(encrypted(&sandbox, "13912345678")));
    let got =
        Forgery::post("/v3/orders", &body).header("Wechatpay-Serial", "4A").send(&sandbox).await;
    assert_refused(&got, &[("header", "Wechatpay-Serial", "names no key")]);
}

fn encrypt(keys: &WechatPayKeys, plain: &str) -> String {
    keys.encryption_key(std::time::SystemTime::now()).unwrap().encrypt(plain.as_bytes()).unwrap()
}

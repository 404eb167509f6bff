//! The keys that the sandbox makes and gives.

use std::time::{Duration, SystemTime};

use serde_json::json;
use wxpay_api::protocol::{
    ApiV3Key, Scheme, SignedHeaders, VerificationError, WechatPayKeys, platform_certificates,
    verify,
};
use wxpay_api::sandbox::{KeyMode, Sandbox, SandboxError};
use wxpay_api::{Client, Merchant};

use crate::support::{Forgery, Got, assert_signed, builder, certificate, start};

async fn list(sandbox: &Sandbox) -> Vec<wxpay_api::protocol::Certificate> {
    let got = Forgery::get("/v3/certificates").send(sandbox).await;
    let key = ApiV3Key::new(sandbox.apiv3_key()).unwrap();
    platform_certificates::decrypt(Scheme::Rsa, &got.body, &key).unwrap()
}

fn signed_by(got: &Got) -> String {
    SignedHeaders::read(Scheme::Rsa, &got.headers).unwrap().key_id().to_owned()
}

#[tokio::test]
async fn the_certificate_that_is_served_is_the_one_that_signs() {
    let sandbox = start().await;
    let certificates = list(&sandbox).await;
    let keys = certificates.into_iter().fold(WechatPayKeys::new(), |keys, certificate| {
        keys.with_parsed_certificate(certificate).unwrap()
    });
    assert_eq!(keys.ids(), certificate(&sandbox).ids());
    let serial = keys.ids().remove(0);
    let got = Forgery::get("/v3/orders/1").header("Wechatpay-Serial", &serial).send(&sandbox).await;
    verify(Scheme::Rsa, &keys, &got.headers, &got.body, SystemTime::now()).unwrap();
}

#[tokio::test]
async fn the_requested_key_signs() {
    let sandbox = start().await;
    let got = Forgery::get("/v3/orders/1").send(&sandbox).await;
    assert_eq!(signed_by(&got), sandbox.wechatpay_public_key().0);
    let serial = certificate(&sandbox).ids().remove(0);
    // Leading zeros and case do not change the number.
    for serial in [serial.clone(), format!("00{}", serial.to_lowercase())] {
        let got =
            Forgery::get("/v3/orders/1").header("Wechatpay-Serial", &serial).send(&sandbox).await;
        assert_eq!(got.status, 200, "{}", got.text());
        assert_eq!(signed_by(&got), certificate(&sandbox).ids()[0]);
    }
}

#[tokio::test]
async fn there_are_no_sm2_certificates() {
    let sandbox = start().await;
    let got = Forgery::get("/v3/certificates?algorithm_type=SM2").send(&sandbox).await;
    assert_eq!(got.json(), json!({ "data": [] }));
    assert_signed(&sandbox, &got);
}

#[tokio::test]
async fn a_new_certificate_is_listed_beside_the_old_one_and_signs() {
    let sandbox = start().await;
    let old = certificate(&sandbox);
    sandbox.rotate_platform_certificate(Duration::ZERO).unwrap();
    let new = certificate(&sandbox);
    assert_ne!(old.ids(), new.ids());
    let listed: Vec<_> = list(&sandbox).await.iter().map(|it| it.serial().to_string()).collect();
    assert_eq!(listed, [old.ids(), new.ids()].concat());
    let got =
        Forgery::get("/v3/orders/1").header("Wechatpay-Serial", &old.ids()[0]).send(&sandbox).await;
    assert_eq!(got.status, 200, "{}", got.text());
    let error = verify(Scheme::Rsa, &old, &got.headers, &got.body, SystemTime::now()).unwrap_err();
    assert!(matches!(error, VerificationError::UnknownKey { .. }));
    verify(Scheme::Rsa, &new, &got.headers, &got.body, SystemTime::now()).unwrap();
}

#[tokio::test]
async fn public_key_mode_has_no_certificates() {
    let sandbox = builder().public_key_mode().start().await.unwrap();
    let got = Forgery::get("/v3/certificates").send(&sandbox).await;
    assert_eq!((got.status, &got.json()["code"]), (404, &json!("RESOURCE_NOT_EXISTS")));
    let serial = certificate(&sandbox).ids().remove(0);
    let got = Forgery::get("/v3/orders/1").header("Wechatpay-Serial", &serial).send(&sandbox).await;
    assert_eq!(got.status, 400);
}

#[tokio::test]
async fn a_client_in_certificate_mode_has_the_certificate() {
    let sandbox = builder().certificate_mode().start().await.unwrap();
    let response = sandbox.client().unwrap().get("/v3/orders/1").await.unwrap();
    assert_eq!(response["order_id"], "1");
}

#[tokio::test]
async fn keys_are_shared_unless_fresh_ones_are_asked_for() {
    let (one, two) = (start().await, start().await);
    assert_eq!(one.wechatpay_public_key().1, two.wechatpay_public_key().1);
    assert_ne!(one.merchant().serial(), two.merchant().serial());
    assert_ne!(one.url(), two.url());
    assert_ne!(one.apiv3_key(), two.apiv3_key());
    let fresh = builder().fresh_keys().start().await.unwrap();
    assert_ne!(one.merchant().serial(), fresh.merchant().serial());
    assert_ne!(one.wechatpay_public_key().1, fresh.wechatpay_public_key().1);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_key_files() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    let sandbox = start().await;
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("apiclient_key.pem");
    fs::write(&old, "an older key, which everybody can read").unwrap();
    fs::set_permissions(&old, Permissions::from_mode(0o644)).unwrap();
    for mode in [KeyMode::Migrating, KeyMode::Certificates] {
        sandbox.set_key_mode(mode);
        sandbox.write_config(folder.path()).unwrap();
    }
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
    assert_eq!(files.len(), 4);
    for file in files {
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", file.path());
    }
    assert_eq!(fs::read_to_string(old).unwrap(), sandbox.merchant_pem().unwrap().1);
}

#[tokio::test]
async fn a_client_is_built_from_the_pem_texts() {
    let sandbox = builder().mchid("1900000109").start().await.unwrap();
    let (certificate, private_key) = sandbox.merchant_pem().unwrap();
    let merchant = Merchant::from_pem("1900000109", certificate, private_key).unwrap();
    let (id, pem) = sandbox.wechatpay_public_key();
    let wx = Client::builder(merchant)
        .wechatpay_public_key(id, pem)
        .base_url(sandbox.url())
        .build()
        .unwrap();
    assert_eq!(wx.get("/v3/orders/1").await.unwrap()["mchid"], "1900000109");
}

#[tokio::test]
async fn a_wrong_merchant_number_or_book_is_an_error() {
    let error = builder().mchid("me").start().await.unwrap_err();
    assert!(matches!(error, SandboxError::Key(_)), "{error}");
    for book in [&b"{"[..], b"\x1f\x8bnot gzip", b"{\"operations\":[{}]}"] {
        let error = Sandbox::builder().examples().book(book).start().await.unwrap_err();
        assert!(matches!(error, SandboxError::Book(_)), "{error}");
    }
}

#[test]
fn outside_a_runtime_starting_is_an_error() {
    let mut start = std::pin::pin!(Sandbox::builder().examples().start());
    let waker = std::task::Waker::noop();
    let poll = start.as_mut().poll(&mut std::task::Context::from_waker(waker));
    assert!(matches!(poll, std::task::Poll::Ready(Err(SandboxError::NoRuntime))));
}

#[tokio::test]
async fn it_stops_when_it_is_dropped() {
    let sandbox = start().await;
    let wx = sandbox.client().unwrap();
    let address = sandbox.url().trim_start_matches("http://").to_owned();
    wx.get("/v3/orders/1").await.unwrap();
    drop(sandbox);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

//! Accounts of merchants and brands, with keys and paths of their own.

use serde_json::{Value, json};
use wxpay_api::protocol::{Scheme, VerificationError, WechatPayKeys, verify};
use wxpay_api::sandbox::{Account, KeyMode, SandboxError, SandboxNotification, SignatureFault};
use wxpay_api::{ErrorKind, InputError, Merchant, Outcome, Retries};

use crate::support::{Forgery, builder, start};

const ORDER: &str = "/v3/orders/1";

fn certificate(account: &Account) -> WechatPayKeys {
    WechatPayKeys::new().with_certificate(account.platform_certificate_pem()).unwrap()
}

#[tokio::test]
async fn each_merchant_has_its_own_keys_and_ids() {
    let sandbox = start().await;
    let other = sandbox.add_merchant("1900000200").unwrap();
    assert_ne!(sandbox.merchant().serial(), other.merchant().serial());
    assert_ne!(sandbox.apiv3_key(), other.apiv3_key());
    assert_ne!(sandbox.wechatpay_public_key().0, other.wechatpay_public_key().0);
    assert_ne!(certificate(&sandbox).ids(), certificate(&other).ids());
    let (pem, key) = other.merchant_pem().unwrap();
    Merchant::from_pem("1900000200", pem, key).unwrap();
}

#[tokio::test]
async fn each_merchant_gets_its_own_responses() {
    let sandbox = start().await;
    let other = sandbox.add_merchant("1900000200").unwrap();
    for account in [&*sandbox, &other] {
        let response = account.client().unwrap().get(ORDER).await.unwrap();
        assert_eq!(response["mchid"], account.merchant().id());
        let sender = sandbox.received().pop().unwrap().sender;
        assert_eq!(sender.as_deref(), Some(account.merchant().id()));
    }
}

#[tokio::test]
async fn no_merchant_passes_for_another() {
    let sandbox = start().await;
    let other = sandbox.add_merchant("1900000200").unwrap();
    let as_another = Forgery::get(ORDER).rewrite(sandbox.merchant().id(), "1900000200");
    let got = as_another.send(&sandbox).await;
    assert_eq!(got.status, 401);
    assert!(got.text().contains("serial_no"), "{}", got.text());
    assert_eq!(sandbox.received().pop().unwrap().sender, None);
    // The id of another merchant's key names no key.
    let got = Forgery::get(ORDER)
        .header("Wechatpay-Serial", &other.wechatpay_public_key().0)
        .send(&sandbox)
        .await;
    assert_eq!(got.status, 400);
}

#[tokio::test]
async fn notifications_are_for_one_merchant() {
    let sandbox = start().await;
    let other = sandbox.add_merchant("1900000200").unwrap();
    let (headers, body) = other.notification(SandboxNotification::example("test/order")).unwrap();
    let notification = other.client().unwrap().notification(&headers, &body).await.unwrap();
    let resource: Value = serde_json::from_slice(notification.plaintext()).unwrap();
    assert_eq!(resource["mchid"], "1900000200");
    sandbox.client().unwrap().notification(&headers, &body).await.unwrap_err();
}

#[tokio::test]
async fn an_account_is_found_again_and_created_once() {
    let sandbox = start().await;
    let added = sandbox.add_merchant("1900000200").unwrap();
    let found = sandbox.account("1900000200").unwrap();
    assert_eq!(found.merchant().serial(), added.merchant().serial());
    assert!(sandbox.account("1900000201").is_none());
    let error = sandbox.add_merchant("1900000200").unwrap_err();
    assert!(matches!(error, SandboxError::AccountExists { .. }), "{error}");
    let error = sandbox.add_merchant("me").unwrap_err();
    assert!(matches!(error, SandboxError::Key(_)), "{error}");
}

#[tokio::test]
async fn a_sandbox_holds_many_merchants() {
    let sandbox = start().await;
    for number in 0..1500 {
        sandbox.add_merchant(format!("19{number:08}")).unwrap();
    }
    let last = sandbox.account("1900001499").unwrap();
    last.client().unwrap().get(ORDER).await.unwrap();
}

#[tokio::test]
async fn a_brand_signs_as_a_brand_and_gets_brand_responses() {
    let sandbox = builder().undescribed("GET", "/brand/cards").start().await.unwrap();
    let brand = sandbox.add_brand("40001").unwrap();
    assert_eq!(brand.merchant().scheme(), Scheme::Brand);
    sandbox
        .respond(
            "GET",
            "/brand/cards",
            wxpay_api::sandbox::PlannedResponse::json(json!({ "a": 1 })),
        )
        .unwrap();
    let wx = brand.client_builder().retries(Retries::none()).build().unwrap();
    let reply = wx.get("/brand/cards").await.unwrap();
    assert_eq!(reply["a"], 1);
    let (headers, body) =
        brand.notification(SandboxNotification::new("CARD.CREATE", json!({}))).unwrap();
    assert_eq!(headers["Wechatpay-Signature-Type"], "WECHATPAY-BRAND-SHA256-RSA2048");
    wx.notification(&headers, &body).await.unwrap();
}

#[tokio::test]
async fn the_wrong_certificate_is_named_before_anything_is_sent() {
    let sandbox = start().await;
    let brand = sandbox.add_brand("40001").unwrap().client().unwrap();
    let merchant = sandbox.client().unwrap();
    for (wx, path, words) in [
        (&brand, ORDER, "use the client of a merchant"),
        (&merchant, "/brand/cards", "need the API certificate of a brand"),
        (&brand, "/brand", "use the client of a merchant"),
    ] {
        let error = wx.get(path).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
        assert!(
            matches!(error.kind(), ErrorKind::Input(InputError::OtherSigner { .. })),
            "{error}"
        );
        let cause =
            std::error::Error::source(&error).map_or(error.to_string(), ToString::to_string);
        assert!(cause.contains(words) && cause.contains(wx.id()), "{cause}");
    }
    assert!(sandbox.received().is_empty());
}

#[tokio::test]
async fn a_merchant_migrates_from_certificates_to_the_public_key() {
    let sandbox = start().await;
    let account = sandbox.add_merchant("1900000200").unwrap();
    account.set_key_mode(KeyMode::Certificates);
    let old = account.client().unwrap();
    old.get(ORDER).await.unwrap();
    account.set_key_mode(KeyMode::Migrating);
    old.get(ORDER).await.unwrap();
    let new = account.client().unwrap();
    new.get(ORDER).await.unwrap();
    account.set_key_mode(KeyMode::PublicKey);
    new.get(ORDER).await.unwrap();
    old.get(ORDER).await.unwrap_err();
}

#[tokio::test]
async fn a_client_with_the_old_apiv3_key_decrypts_nothing_after_a_reset() {
    let sandbox = start().await;
    let old = sandbox.client().unwrap();
    let key = "0123456789abcdefghijABCDEFGHIJ01";
    sandbox.reset_apiv3_key(key).unwrap();
    let (headers, body) = sandbox.notification(SandboxNotification::example("test/order")).unwrap();
    old.notification(&headers, &body).await.unwrap_err();
    let new = sandbox.client_builder().apiv3_key(key).build().unwrap();
    new.notification(&headers, &body).await.unwrap();
    assert!(sandbox.reset_apiv3_key("short").is_err());
}

#[tokio::test]
async fn a_fault_hits_the_next_request_of_any_merchant() {
    let sandbox = start().await;
    let other = sandbox.add_merchant("1900000200").unwrap();
    sandbox.inject_fault(SignatureFault::OtherKey);
    let wx = other.client_builder().retries(Retries::none()).build().unwrap();
    let error = wx.get(ORDER).await.unwrap_err();
    let ErrorKind::Verification(VerificationError::UnknownKey { id, .. }) = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(*id, certificate(&other).ids()[0], "the key is this merchant's");
    let got = Forgery::get(ORDER).send(&sandbox).await;
    let now = std::time::SystemTime::now();
    let (id, pem) = sandbox.wechatpay_public_key();
    let keys = WechatPayKeys::new().with_public_key(id, pem).unwrap();
    verify(Scheme::Rsa, &keys, &got.headers, &got.body, now).unwrap();
}

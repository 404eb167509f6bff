use std::time::{Duration, Instant, SystemTime};

use wxpay_api::Retries;
use wxpay_api::protocol::{Scheme, VerificationError, WechatPayKeys, verify};
use wxpay_api::sandbox::{Misbehaviour, Sandbox, SignatureFault};

use crate::support::{Forgery, Got, assert_signed, certificate, public_key, start};

async fn misbehave(sandbox: &Sandbox, misbehaviour: impl Into<Misbehaviour>) -> Got {
    sandbox.misbehave(misbehaviour);
    let got = Forgery::get("/v3/orders/latest").send(sandbox).await;
    let right = Forgery::get("/v3/orders/latest").send(sandbox).await;
    assert_eq!(right.status, 200, "one answer only is spoiled");
    assert_signed(sandbox, &right);
    got
}

fn verified(keys: &WechatPayKeys, got: &Got) -> Result<(), VerificationError> {
    verify(Scheme::Rsa, keys, &got.headers, &got.body, SystemTime::now())
}

async fn fault(sandbox: &Sandbox, fault: SignatureFault) -> VerificationError {
    let got = misbehave(sandbox, fault).await;
    assert_eq!(got.json()["which"], "latest", "the body is the right one");
    verified(&public_key(sandbox), &got).unwrap_err()
}

#[tokio::test]
async fn signatures_are_wrong_in_every_way() {
    let sandbox = start().await;
    assert!(fault(&sandbox, SignatureFault::Probe).await.is_probe());
    let error = fault(&sandbox, SignatureFault::OtherBody).await;
    assert!(matches!(error, VerificationError::Signature { .. }));
    let error = fault(&sandbox, SignatureFault::UnknownSerial).await;
    assert!(matches!(error, VerificationError::UnknownKey { .. }));
    for seconds in [-400, 400] {
        let error = fault(&sandbox, SignatureFault::Clock(seconds)).await;
        assert!(matches!(error, VerificationError::Clock { .. }));
    }
    let error = fault(&sandbox, SignatureFault::SignatureType("WECHATPAY2-SM2-WITH-SM3")).await;
    assert!(matches!(error, VerificationError::SignatureType { .. }));
    let names =
        ["Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Signature", "Wechatpay-Serial"];
    for missing in names {
        let error = fault(&sandbox, SignatureFault::Without(missing)).await;
        assert_eq!(error, VerificationError::MissingHeader { name: missing });
    }
}

#[tokio::test]
async fn a_probe_is_not_base64() {
    let sandbox = start().await;
    let got = misbehave(&sandbox, SignatureFault::Probe).await;
    let signature = got.headers["Wechatpay-Signature"].to_str().unwrap();
    assert!(signature.starts_with("WECHATPAY/SIGNTEST/"));
    assert_ne!(signature.len() % 4, 0);
}

#[tokio::test]
async fn the_other_key_signs_rightly() {
    let sandbox = start().await;
    let got = misbehave(&sandbox, SignatureFault::OtherKey).await;
    verified(&certificate(&sandbox), &got).unwrap();
    assert!(matches!(
        verified(&public_key(&sandbox), &got),
        Err(VerificationError::UnknownKey { .. })
    ));
}

#[tokio::test]
async fn a_nonce_of_any_length_is_rightly_signed() {
    let sandbox = start().await;
    for length in [1, 8, 128, 4096] {
        let got = misbehave(&sandbox, SignatureFault::NonceLength(length)).await;
        assert_eq!(got.headers["Wechatpay-Nonce"].len(), length);
        verified(&public_key(&sandbox), &got).unwrap();
    }
    let got = misbehave(&sandbox, SignatureFault::NonceLength(0)).await;
    assert_eq!(got.headers["Wechatpay-Nonce"], "");
}

#[tokio::test]
async fn html_comes_in_place_of_json() {
    let sandbox = start().await;
    for (status, signed) in [(200, true), (200, false), (502, false)] {
        let got = misbehave(&sandbox, Misbehaviour::Html { status, signed }).await;
        assert_eq!(got.status, status);
        assert_eq!(got.headers["Content-Type"], "text/html");
        assert!(got.text().starts_with("<html>"));
        assert_eq!(verified(&public_key(&sandbox), &got).is_ok(), signed);
    }
}

#[tokio::test]
async fn garbage_is_signed() {
    let sandbox = start().await;
    for length in [0, 1, 100_000] {
        let got = misbehave(&sandbox, Misbehaviour::Garbage { length }).await;
        assert_eq!(got.body.len(), length);
        verified(&public_key(&sandbox), &got).unwrap();
    }
    let got = misbehave(&sandbox, Misbehaviour::InvalidUtf8).await;
    assert!(std::str::from_utf8(&got.body).is_err());
    verified(&public_key(&sandbox), &got).unwrap();
}

#[tokio::test]
async fn a_body_breaks_off() {
    let sandbox = start().await;
    let got = misbehave(&sandbox, Misbehaviour::TruncatedBody).await;
    let announced: usize = got.headers["Content-Length"].to_str().unwrap().parse().unwrap();
    assert!(announced > 0);
    assert_eq!(got.body.len(), announced / 2);
}

#[tokio::test]
async fn a_redirect_and_errors_come() {
    let sandbox = start().await;
    let location = "https://example.com/".to_owned();
    let got = misbehave(&sandbox, Misbehaviour::Redirect { location }).await;
    assert_eq!(
        (got.status, &got.headers["Location"]),
        (302, &"https://example.com/".parse().unwrap())
    );
    let busy = Misbehaviour::Unavailable { status: 429, retry_after: Some(3) };
    let got = misbehave(&sandbox, busy).await;
    assert_eq!((got.status, &got.headers["Retry-After"]), (429, &"3".parse().unwrap()));
    assert_eq!(got.json()["code"], "RATELIMIT_EXCEEDED");
    let got =
        misbehave(&sandbox, Misbehaviour::Unavailable { status: 500, retry_after: None }).await;
    assert_eq!((got.status, &got.json()["code"]), (500, &"SYSTEM_ERROR".into()));
    assert!(got.headers.get("Retry-After").is_none());
}

#[tokio::test]
async fn connections_are_closed_before_or_after_reading() {
    let sandbox = start().await;
    let wx = sandbox.client_builder().retries(Retries::none()).build().unwrap();
    sandbox.misbehave(Misbehaviour::CloseBeforeReading);
    wx.get("/v3/orders/latest").await.unwrap_err();
    assert!(sandbox.received().is_empty());
    sandbox.misbehave(Misbehaviour::CloseAfterReading);
    wx.get("/v3/orders/latest").await.unwrap_err();
    assert_eq!(sandbox.received().len(), 1);
    wx.get("/v3/orders/latest").await.unwrap();
}

#[tokio::test]
async fn an_answer_comes_late() {
    let sandbox = start().await;
    let before = Instant::now();
    let got = misbehave(&sandbox, Misbehaviour::Delay(Duration::from_millis(200))).await;
    assert!(before.elapsed() >= Duration::from_millis(200));
    verified(&public_key(&sandbox), &got).unwrap();
}

#[tokio::test]
async fn several_answers_are_spoiled_one_after_the_other() {
    let sandbox = start().await;
    sandbox.misbehave(SignatureFault::Probe);
    sandbox.misbehave(Misbehaviour::InvalidUtf8);
    let got = Forgery::get("/v3/orders/latest").send(&sandbox).await;
    assert!(verified(&public_key(&sandbox), &got).unwrap_err().is_probe());
    let got = Forgery::get("/v3/orders/latest").send(&sandbox).await;
    assert!(std::str::from_utf8(&got.body).is_err());
}

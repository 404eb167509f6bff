//! Faults: what the sandbox sends, and whether it executed the request.

use std::time::{Duration, Instant, SystemTime};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wxpay_api::protocol::{Scheme, VerificationError, WechatPayKeys, verify};
use wxpay_api::sandbox::{Fault, PlannedResponse, Sandbox, SignatureFault, SignedHeader};
use wxpay_api::{ErrorKind, Retries};

use crate::support::{Forgery, Got, assert_signed, certificate, order, public_key, start};

const LATEST: &str = "/v3/orders/latest";

/// The errors of a socket that reads a response which may be cut short.
async fn read(sandbox: &Sandbox, request: &[u8]) -> std::io::Result<usize> {
    let address = sandbox.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    stream.read_to_end(&mut Vec::new()).await
}

async fn inject_fault(sandbox: &Sandbox, fault: impl Into<Fault>) -> Got {
    sandbox.inject_fault(fault);
    let got = Forgery::get(LATEST).send(sandbox).await;
    let right = Forgery::get(LATEST).send(sandbox).await;
    assert_eq!(right.status, 200, "the fault hits one response only");
    assert_signed(sandbox, &right);
    got
}

fn verified(keys: &WechatPayKeys, got: &Got) -> Result<(), VerificationError> {
    verify(Scheme::Rsa, keys, &got.headers, &got.body, SystemTime::now())
}

async fn signature_error(sandbox: &Sandbox, fault: SignatureFault) -> VerificationError {
    let got = inject_fault(sandbox, fault).await;
    assert_eq!(got.json()["which"], "latest", "the body is the right one");
    verified(&public_key(sandbox), &got).unwrap_err()
}

#[tokio::test]
async fn a_fault_of_one_operation_waits_for_it() {
    let sandbox = start().await;
    let busy = Fault::Unavailable { status: 500, retry_after: None };
    sandbox.inject_fault_at("POST", "/v3/orders/{id}/close", busy.clone()).unwrap();
    sandbox.inject_fault_at("GET", "/v3/orders/7", busy).unwrap();
    for right in [LATEST, "/v3/orders/8"] {
        assert_eq!(Forgery::get(right).send(&sandbox).await.status, 200);
    }
    assert_eq!(Forgery::get("/v3/orders/7").send(&sandbox).await.status, 500);
    assert_eq!(Forgery::get("/v3/orders/7").send(&sandbox).await.status, 200);
    let close = || Forgery::post_bytes("/v3/orders/9/close", Vec::new());
    let close = || close().header("Idempotency-Key", "1").send(&sandbox);
    assert_eq!(close().await.status, 500);
    assert_eq!(close().await.status, 204);
}

#[tokio::test]
async fn faults_come_in_the_order_of_their_injection() {
    let sandbox = start().await;
    sandbox.inject_fault_at("GET", LATEST, Fault::Html { status: 502, signed: false }).unwrap();
    sandbox.inject_fault(Fault::Html { status: 503, signed: false });
    sandbox.inject_fault_at("GET", LATEST, Fault::Html { status: 504, signed: false }).unwrap();
    for status in [502, 503, 504, 200] {
        assert_eq!(Forgery::get(LATEST).send(&sandbox).await.status, status);
    }
}

#[tokio::test]
async fn the_journal_records_what_was_executed() {
    let sandbox = start().await;
    let matrix = [
        (Fault::Signature(SignatureFault::Probe), true),
        (Fault::Html { status: 502, signed: false }, true),
        (Fault::Html { status: 502, signed: false }.unexecuted(), false),
        (Fault::Unavailable { status: 500, retry_after: None }, true),
        (Fault::Unavailable { status: 503, retry_after: None }.unexecuted(), false),
        (Fault::Unavailable { status: 429, retry_after: Some(1) }, false),
        (Fault::TruncatedBody, true),
        (Fault::CloseAfterReading, true),
        (Fault::ResetAfterReading, true),
        (Fault::ResetAfterReading.unexecuted(), false),
    ];
    let wx = sandbox.client_builder().retries(Retries::none()).build().unwrap();
    for (fault, executed) in matrix {
        let before = sandbox.executions("POST", "/v3/orders").unwrap();
        sandbox.inject_fault(fault.clone());
        wx.post("/v3/orders", order()).await.unwrap_err();
        let last = sandbox.received().pop().unwrap();
        assert_eq!(last.executed, executed, "{fault:?}");
        let after = sandbox.executions("POST", "/v3/orders").unwrap();
        assert_eq!(after - before, usize::from(executed), "{fault:?}");
    }
}

#[tokio::test]
async fn a_refused_request_was_not_executed() {
    let sandbox = start().await;
    Forgery::post("/v3/orders", &json!({})).send(&sandbox).await;
    Forgery::post("/v3/orders", &order()).clock(-400).send(&sandbox).await;
    sandbox.respond("POST", "/v3/orders", PlannedResponse::error(403, "NOT_ENOUGH", "")).unwrap();
    Forgery::post("/v3/orders", &order()).send(&sandbox).await;
    assert_eq!(sandbox.received().len(), 3);
    assert_eq!(sandbox.executions("POST", "/v3/orders").unwrap(), 0);
    Forgery::get("/v3/orders/1").send(&sandbox).await;
    assert_eq!(sandbox.executions("GET", "/v3/orders/{order_id}").unwrap(), 1);
    assert_eq!(sandbox.executions("GET", "/v3/orders/1").unwrap(), 1);
    assert_eq!(sandbox.executions("GET", "/v3/orders/2").unwrap(), 0);
}

#[tokio::test]
async fn a_planned_response_waits_for_a_request_that_is_executed() {
    let sandbox = start().await;
    sandbox.respond("GET", LATEST, PlannedResponse::json(json!({ "which": "planned" }))).unwrap();
    sandbox.inject_fault(Fault::Unavailable { status: 429, retry_after: None });
    Forgery::get(LATEST).send(&sandbox).await;
    assert_eq!(Forgery::get(LATEST).send(&sandbox).await.json()["which"], "planned");
}

#[tokio::test]
async fn a_body_drips() {
    let sandbox = start().await;
    let pause = Duration::from_millis(20);
    sandbox.inject_fault(Fault::Drip { piece: 5, pause });
    let start = Instant::now();
    let got = Forgery::get(LATEST).send(&sandbox).await;
    assert_eq!(got.json()["which"], "latest");
    assert_signed(&sandbox, &got);
    assert!(start.elapsed() >= pause * u32::try_from(got.body.len() / 5).unwrap());
}

#[tokio::test]
async fn connections_are_reset() {
    let sandbox = start().await;
    sandbox.inject_fault(Fault::ResetBeforeReading);
    let error = read(&sandbox, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    assert!(sandbox.received().is_empty());
    sandbox.inject_fault(Fault::ResetAfterReading);
    let error = read(&sandbox, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(sandbox.received().len(), 1);
    sandbox.inject_fault(Fault::CloseAfterReading);
    assert_eq!(read(&sandbox, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap(), 0);
}

#[tokio::test]
async fn a_dead_host_has_a_live_backup() {
    let sandbox = start().await;
    let dead = || sandbox.client_builder().base_url(sandbox.dead_url()).retries(Retries::none());
    let error = dead().build().unwrap().get(LATEST).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connect(_)), "{error}");
    assert!(sandbox.received().is_empty());
    let wx = sandbox.client_builder().base_url(sandbox.dead_url()).backup_url(sandbox.url());
    wx.build().unwrap().get(LATEST).await.unwrap();
    assert_eq!(sandbox.executions("GET", LATEST).unwrap(), 1);
}

#[tokio::test]
async fn signatures_are_wrong_in_every_way() {
    let sandbox = start().await;
    assert!(signature_error(&sandbox, SignatureFault::Probe).await.is_probe());
    let error = signature_error(&sandbox, SignatureFault::OtherBody).await;
    assert!(matches!(error, VerificationError::Signature { .. }));
    let error = signature_error(&sandbox, SignatureFault::UnknownSerial).await;
    assert!(matches!(error, VerificationError::UnknownKey { .. }));
    for seconds in [-400, 400] {
        let error = signature_error(&sandbox, SignatureFault::Clock(seconds)).await;
        assert!(matches!(error, VerificationError::Clock { .. }));
    }
    let error =
        signature_error(&sandbox, SignatureFault::SignatureType("WECHATPAY2-SM2-WITH-SM3")).await;
    assert!(matches!(error, VerificationError::SignatureType { .. }));
    let headers = [
        SignedHeader::Timestamp,
        SignedHeader::Nonce,
        SignedHeader::Signature,
        SignedHeader::Serial,
    ];
    for missing in headers {
        let error = signature_error(&sandbox, SignatureFault::Without(missing)).await;
        assert_eq!(error, VerificationError::MissingHeader { name: missing.name() });
    }
}

#[tokio::test]
async fn a_probe_is_not_base64() {
    let sandbox = start().await;
    let got = inject_fault(&sandbox, SignatureFault::Probe).await;
    let signature = got.headers["Wechatpay-Signature"].to_str().unwrap();
    assert!(signature.starts_with("WECHATPAY/SIGNTEST/"));
    assert_ne!(signature.len() % 4, 0);
}

#[tokio::test]
async fn the_other_key_signs_rightly() {
    let sandbox = start().await;
    let got = inject_fault(&sandbox, SignatureFault::OtherKey).await;
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
        let got = inject_fault(&sandbox, SignatureFault::NonceLength(length)).await;
        assert_eq!(got.headers["Wechatpay-Nonce"].len(), length);
        verified(&public_key(&sandbox), &got).unwrap();
    }
    let got = inject_fault(&sandbox, SignatureFault::NonceLength(0)).await;
    assert_eq!(got.headers["Wechatpay-Nonce"], "");
}

#[tokio::test]
async fn html_comes_in_place_of_json() {
    let sandbox = start().await;
    for (status, signed) in [(200, true), (200, false), (502, false)] {
        let got = inject_fault(&sandbox, Fault::Html { status, signed }).await;
        assert_eq!(got.status, status);
        assert_eq!(got.headers["Content-Type"], "text/html");
        assert!(got.text().starts_with("<html>"));
        assert_eq!(verified(&public_key(&sandbox), &got).is_ok(), signed);
    }
}

#[tokio::test]
async fn a_success_of_a_request_that_was_not_executed_is_not_signed() {
    let sandbox = start().await;
    let page = || Fault::Html { status: 200, signed: true };
    let success = Fault::Unavailable { status: 200, retry_after: None };
    for fault in [page().unexecuted(), success.unexecuted()] {
        let got = inject_fault(&sandbox, fault).await;
        assert_eq!(got.status, 200);
        assert!(got.headers.get("Wechatpay-Signature").is_none());
    }
    // A refused request was not executed either.
    sandbox.inject_fault(page());
    let got = Forgery::post("/v3/orders", &json!({})).send(&sandbox).await;
    assert_eq!((got.status, got.headers.get("Wechatpay-Signature")), (200, None));
    // The signature of an error claims nothing.
    let got = inject_fault(&sandbox, Fault::Html { status: 500, signed: true }.unexecuted()).await;
    verified(&public_key(&sandbox), &got).unwrap();
}

#[tokio::test]
async fn garbage_is_signed() {
    let sandbox = start().await;
    for length in [0, 1, 100_000] {
        let got = inject_fault(&sandbox, Fault::Garbage { length }).await;
        assert_eq!(got.body.len(), length);
        verified(&public_key(&sandbox), &got).unwrap();
    }
    let got = inject_fault(&sandbox, Fault::InvalidUtf8).await;
    assert!(std::str::from_utf8(&got.body).is_err());
    verified(&public_key(&sandbox), &got).unwrap();
}

#[tokio::test]
async fn a_body_breaks_off() {
    let sandbox = start().await;
    let got = inject_fault(&sandbox, Fault::TruncatedBody).await;
    let announced: usize = got.headers["Content-Length"].to_str().unwrap().parse().unwrap();
    assert!(announced > 0);
    assert_eq!(got.body.len(), announced / 2);
}

#[tokio::test]
async fn a_redirect_and_errors_come() {
    let sandbox = start().await;
    let location = "https://example.com/".to_owned();
    let got = inject_fault(&sandbox, Fault::Redirect { location }).await;
    assert_eq!(
        (got.status, &got.headers["Location"]),
        (302, &"https://example.com/".parse().unwrap())
    );
    let busy = Fault::Unavailable { status: 429, retry_after: Some(3) };
    let got = inject_fault(&sandbox, busy).await;
    assert_eq!((got.status, &got.headers["Retry-After"]), (429, &"3".parse().unwrap()));
    assert_eq!(got.json()["code"], "RATELIMIT_EXCEEDED");
    let got = inject_fault(&sandbox, Fault::Unavailable { status: 500, retry_after: None }).await;
    assert_eq!((got.status, &got.json()["code"]), (500, &"SYSTEM_ERROR".into()));
    assert!(got.headers.get("Retry-After").is_none());
}

#[tokio::test]
async fn connections_are_closed_before_or_after_reading() {
    let sandbox = start().await;
    let wx = sandbox.client_builder().retries(Retries::none()).build().unwrap();
    sandbox.inject_fault(Fault::CloseBeforeReading);
    wx.get(LATEST).await.unwrap_err();
    assert!(sandbox.received().is_empty());
    sandbox.inject_fault(Fault::CloseAfterReading);
    wx.get(LATEST).await.unwrap_err();
    assert_eq!(sandbox.received().len(), 1);
    wx.get(LATEST).await.unwrap();
}

#[tokio::test]
async fn a_response_comes_late() {
    let sandbox = start().await;
    let before = Instant::now();
    let got = inject_fault(&sandbox, Fault::Delay(Duration::from_millis(200))).await;
    assert!(before.elapsed() >= Duration::from_millis(200));
    verified(&public_key(&sandbox), &got).unwrap();
}

#[tokio::test]
async fn several_faults_hit_one_response_each() {
    let sandbox = start().await;
    sandbox.inject_fault(SignatureFault::Probe);
    sandbox.inject_fault(Fault::InvalidUtf8);
    let got = Forgery::get(LATEST).send(&sandbox).await;
    assert!(verified(&public_key(&sandbox), &got).unwrap_err().is_probe());
    let got = Forgery::get(LATEST).send(&sandbox).await;
    assert!(std::str::from_utf8(&got.body).is_err());
}

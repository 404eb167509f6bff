//! Every wrong response leads to a clear error with the known outcome and the received bytes.

use std::time::Duration;

use wxpay_api::sandbox::{Fault, SignatureFault, SignedHeader};
use wxpay_api::{DecodeError, Error, ErrorKind, Idempotency, Outcome, Retries};

use crate::{cancel, sandbox};

/// The error of one attempt at an operation that the sandbox executed, with a faulty response.
async fn failure(fault: impl Into<Fault>) -> Error {
    let (sandbox, wx) = sandbox().await;
    sandbox.inject_fault(fault);
    let error = cancel(&wx).allow_retries(false).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.operation(), "POST /v3/payscore/serviceorder/{out_order_no}/cancel");
    error
}

/// As [`failure`], with an unknown outcome: the order may be cancelled although the call failed.
async fn unknown(fault: impl Into<Fault>) -> Error {
    let error = failure(fault).await;
    assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
    assert!(error.to_string().contains("it may have happened"), "{error}");
    assert!(error.to_string().contains("with the same out_order_no"), "{error}");
    error
}

#[tokio::test]
async fn a_read_that_failed_changed_nothing() {
    let (sandbox, wx) = sandbox().await;
    for fault in [Fault::CloseAfterReading, Fault::Html { status: 200, signed: true }] {
        sandbox.inject_fault(fault);
        let call = wx.v3().bill().tradebill().get(|r| r.bill_date("2025-03-01"));
        let error = call.allow_retries(false).await.unwrap_err();
        assert_eq!(error.idempotency(), Idempotency::Safe);
        let advice = "; nothing was changed, and it may be tried again";
        assert!(error.to_string().ends_with(advice), "{error}");
    }
}

#[tokio::test]
async fn an_unknown_outcome_that_a_retry_could_double_advises_a_query() {
    let (sandbox, wx) = sandbox().await;
    sandbox.inject_fault(Fault::CloseAfterReading);
    let order = serde_json::json!({ "appid": "wx1", "service_id": "500001", "reason": "测试" });
    let error = wx.post("/v3/payscore/serviceorder/order-1/cancel", order).await.unwrap_err();
    assert_eq!((error.outcome(), error.idempotency()), (Outcome::Unknown, Idempotency::Never));
    let advice = "a retry could do it twice: query before anything else";
    assert!(error.to_string().ends_with(advice), "{error}");
}

#[tokio::test]
async fn a_forged_signature() {
    let error = unknown(SignatureFault::OtherBody).await;
    assert!(matches!(error.kind(), ErrorKind::Verification(_)), "{error}");
    assert!(!error.is_signature_probe());
    let received = error.received().unwrap();
    assert!(received.status.is_success());
    assert!(!received.body.is_empty());
}

#[tokio::test]
async fn a_signature_probe_has_its_own_error_and_is_not_accepted() {
    let error = unknown(SignatureFault::Probe).await;
    assert!(error.is_signature_probe(), "{error}");
}

#[tokio::test]
async fn a_missing_header_is_named() {
    for header in [
        SignedHeader::Timestamp,
        SignedHeader::Nonce,
        SignedHeader::Signature,
        SignedHeader::Serial,
    ] {
        let error = unknown(SignatureFault::Without(header)).await;
        assert!(error.to_string().contains(header.name()), "{error}");
    }
}

#[tokio::test]
async fn an_unknown_serial_is_named_beside_the_keys_held() {
    let error = unknown(SignatureFault::UnknownSerial).await;
    assert!(error.to_string().contains("PUB_KEY_ID_"), "{error}");
}

#[tokio::test]
async fn a_stale_or_early_timestamp_says_how_far_off_it_is() {
    for seconds in [-301, 301] {
        let error = unknown(SignatureFault::Clock(seconds)).await;
        assert!(error.to_string().contains("30"), "{error}");
        assert!(error.to_string().contains("clock"), "{error}");
    }
}

#[tokio::test]
async fn another_signature_family_is_refused() {
    let error = unknown(SignatureFault::SignatureType("WECHATPAY2-SM2-WITH-SM3")).await;
    assert!(error.to_string().contains("WECHATPAY2-SM2-WITH-SM3"), "{error}");
}

#[tokio::test]
async fn a_key_that_is_not_held_verifies_nothing() {
    unknown(SignatureFault::OtherKey).await;
}

#[tokio::test]
async fn unsigned_html_in_place_of_a_response() {
    let error = unknown(Fault::Html { status: 200, signed: false }).await;
    assert!(matches!(error.kind(), ErrorKind::Verification(_)), "{error}");
    assert_eq!(error.received().unwrap().media_type(), Some("text/html"));
}

#[tokio::test]
async fn a_gateways_error_page() {
    let error = failure(Fault::Html { status: 400, signed: false }).await;
    assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
    assert!(error.to_string().ends_with("it may have happened: query before anything else"));
    assert!(error.to_string().contains("400 without an error code"), "{error}");
    assert!(!error.to_string().contains("<html"), "{error}");

    let error = unknown(Fault::Html { status: 502, signed: false }).await;
    assert_eq!(error.api().unwrap().status, 502);
}

#[tokio::test]
async fn an_accepted_but_unreadable_response_is_its_own_outcome() {
    for fault in [Fault::Html { status: 200, signed: true }, Fault::Garbage { length: 1000 }] {
        let error = failure(fault.clone()).await;
        assert_eq!(error.outcome(), Outcome::Accepted, "{fault:?}: {error}");
        assert!(matches!(error.kind(), ErrorKind::Unreadable(DecodeError::NotJson(_))), "{error}");
        assert!(error.to_string().ends_with("WeChat Pay did it"), "{error}");
        assert!(error.request_id().is_some());
        assert!(!error.received().unwrap().body.is_empty());
    }
}

#[tokio::test]
async fn ten_megabytes_of_garbage_are_read_and_refused() {
    let error = failure(Fault::Garbage { length: 10_000_000 }).await;
    assert_eq!(error.outcome(), Outcome::Accepted);
    assert_eq!(error.received().unwrap().body.len(), 10_000_000);
    assert!(error.to_string().len() < 1000);
}

#[tokio::test]
async fn more_than_the_limit_is_not_read() {
    let (sandbox, _) = sandbox().await;
    let wx = sandbox.client_builder().body_limit(1000).build().unwrap();
    sandbox.inject_fault(Fault::Garbage { length: 100_000 });
    let error = cancel(&wx).allow_retries(false).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(matches!(error.kind(), ErrorKind::TooLarge { limit: 1000, .. }), "{error}");
}

#[tokio::test]
async fn a_truncated_body() {
    let error = unknown(Fault::TruncatedBody).await;
    assert!(matches!(error.kind(), ErrorKind::Transport(_)), "{error}");
    assert!(!error.received().unwrap().body.is_empty());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let error = unknown(Fault::Redirect { location: "http://127.0.0.1:1/".to_owned() }).await;
    assert!(matches!(error.kind(), ErrorKind::Redirect { .. }), "{error}");
}

#[tokio::test]
async fn a_connection_that_breaks_before_or_after_the_execution() {
    for fault in [Fault::CloseBeforeReading, Fault::CloseAfterReading] {
        let error = unknown(fault).await;
        assert!(matches!(error.kind(), ErrorKind::Transport(_)), "{error}");
    }
}

#[tokio::test]
async fn the_deadline_passes() {
    let (sandbox, wx) = sandbox().await;
    sandbox.inject_fault(Fault::Delay(Duration::from_secs(5)));
    let call = cancel(&wx).deadline(Duration::from_millis(300)).retries(Retries::none());
    let error = call.await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(error.to_string().contains("no response within 0.3 s"), "{error}");
}

#[tokio::test]
async fn a_refused_connection() {
    let (sandbox, wx) = sandbox().await;
    drop(sandbox);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let error = cancel(&wx).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
    assert!(matches!(error.kind(), ErrorKind::Connect(_)), "{error}");
    assert_eq!(error.attempts(), 3);
}

#[tokio::test]
async fn path_values_that_url_parsers_remove_are_refused_before_sending() {
    let (sandbox, wx) = sandbox().await;
    for value in ["", ".", ".."] {
        let error = wx
            .v3()
            .payscore()
            .serviceorder()
            .out_order_no(value)
            .cancel()
            .post(|r| r.appid("a").service_id("b").reason("c"))
            .await
            .unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent);
        assert!(error.to_string().contains("path parameter out_order_no"), "{error}");
    }
    assert!(sandbox.received().is_empty());
}

#[tokio::test]
async fn reserved_and_invalid_headers_are_refused_before_sending() {
    let (sandbox, wx) = sandbox().await;
    let broken =
        [("authorization", "x"), ("Wechatpay-Serial", "x"), ("X-Ok", "a\nb"), ("X-Name", "小店")];
    for (name, value) in broken {
        let error = cancel(&wx).header(name, value).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent);
        assert!(error.to_string().to_lowercase().contains(&name.to_lowercase()), "{error}");
    }
    assert!(sandbox.received().is_empty());
}

#[tokio::test]
async fn an_application_is_named_in_ascii() {
    let (sandbox, _) = sandbox().await;
    let builder = |name: &str| sandbox.client_builder().user_agent(name);
    assert!(builder("小店").build().unwrap_err().to_string().contains("小店"));
    cancel(&builder("shop/1.0").build().unwrap()).await.unwrap();
    let received = sandbox.received();
    let agent = received[0].headers["user-agent"].to_str().unwrap();
    assert!(agent.starts_with("shop/1.0 "), "{agent}");
}

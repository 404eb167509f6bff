//! Retries happen where they are harmless, have a new signature, and never make an outcome look
//! better.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wxpay_api::sandbox::{Fault, PlannedResponse, Sandbox, SignatureFault, SignedHeader};
use wxpay_api::{Client, Error, Outcome, Retries};

use crate::{CANCEL, cancel, sandbox};

#[tokio::test]
async fn an_operation_with_a_natural_key_is_retried_with_a_new_signature() {
    for fault in [
        Fault::Unavailable { status: 500, retry_after: None },
        Fault::Unavailable { status: 429, retry_after: None },
        Fault::CloseAfterReading,
        SignatureFault::Probe.into(),
    ] {
        let (sandbox, wx) = sandbox().await;
        sandbox.inject_fault(fault.clone());
        let reply = cancel(&wx).reply().await;
        let reply = reply.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!(reply.sent().attempts, 2);
        let received = sandbox.received();
        assert_eq!(received.len(), 2);
        assert_eq!(received[0].body, received[1].body);
        let messages: HashSet<_> = received.iter().map(|one| &one.verified_message).collect();
        assert_eq!(messages.len(), 2, "the same signature was sent twice");
    }
}

/// Registers a guide: WeChat Pay cannot recognise a retry of it.
async fn register(wx: &Client) -> Result<(), Error> {
    let guides = wx.v3().smartguide().guides();
    let call = guides.post(|r| {
        r.corpid("1234567890")
            .store_id(12345678)
            .userid("robert")
            .name("robert")
            .mobile("13900000000")
            .qr_code("https://open.work.weixin.qq.com/wwopen/userQRCode?vcode=xxx")
            .avatar("http://wx.qlogo.cn/mmopen/ajNVdqHZLLA3WJ6DSZUfiakYe37PKnQhBIeOQBO4czqrnZDS79FH5Wm5m4X69TBicnHFlhiafvDwklOpZeXYQQ2icg/0")
    });
    call.await.map(drop)
}

#[tokio::test]
async fn an_operation_that_must_not_run_twice_never_does() {
    for fault in [
        Fault::Unavailable { status: 500, retry_after: None },
        Fault::Unavailable { status: 429, retry_after: None },
        Fault::CloseAfterReading,
        SignatureFault::Probe.into(),
    ] {
        let (sandbox, wx) = sandbox().await;
        sandbox.inject_fault(fault);
        register(&wx).await.unwrap_err();
        assert_eq!(sandbox.received().len(), 1);
    }
}

#[tokio::test]
async fn a_post_that_only_reads_is_retried_and_its_refusal_is_final() {
    let (sandbox, wx) = sandbox().await;
    let trades = "/v3/merchant-risk-manage/ec-trade-risk/query-risk-trades";
    sandbox.inject_fault(Fault::CloseAfterReading);
    sandbox.respond("POST", trades, PlannedResponse::json(serde_json::json!({}))).unwrap();
    sandbox.respond("POST", trades, PlannedResponse::error(403, "NO_AUTH", "无权限")).unwrap();
    let trades = wx.v3().merchant_risk_manage().ec_trade_risk().query_risk_trades();
    let error = trades.post().await.unwrap_err();
    assert_eq!((error.attempts(), error.outcome()), (2, Outcome::Refused));
}

#[tokio::test]
async fn a_refusal_after_an_unknown_outcome_stays_unknown() {
    let (sandbox, wx) = sandbox().await;
    sandbox.inject_fault(Fault::CloseAfterReading);
    sandbox.respond("POST", CANCEL, PlannedResponse::json(serde_json::json!({}))).unwrap();
    sandbox
        .respond("POST", CANCEL, PlannedResponse::error(400, "INVALID_REQUEST", "订单已取消"))
        .unwrap();
    let error = cancel(&wx).await.unwrap_err();
    assert_eq!(error.api().unwrap().code, "INVALID_REQUEST");
    assert_eq!(error.attempts(), 2);
    assert_eq!(error.outcome(), Outcome::Unknown, "the first attempt may have cancelled it");
}

#[tokio::test]
async fn permanent_failures_are_not_retried() {
    for fault in [
        SignatureFault::Clock(-301),
        SignatureFault::UnknownSerial,
        SignatureFault::Without(SignedHeader::Nonce),
        SignatureFault::SignatureType("WECHATPAY2-SM2-WITH-SM3"),
    ] {
        let (sandbox, wx) = sandbox().await;
        sandbox.inject_fault(fault.clone());
        let error = cancel(&wx).await.unwrap_err();
        assert_eq!((error.attempts(), error.outcome()), (1, Outcome::Unknown), "{fault:?}");
        assert_eq!(sandbox.received().len(), 1);
    }
}

#[tokio::test]
async fn a_refusal_is_not_retried() {
    let (sandbox, wx) = sandbox().await;
    sandbox
        .respond("POST", CANCEL, PlannedResponse::error(400, "PARAM_ERROR", "参数错误"))
        .unwrap();
    let error = cancel(&wx).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Refused);
    assert_eq!(sandbox.received().len(), 1);
}

#[tokio::test]
async fn retry_after_is_respected_within_the_deadline() {
    let (sandbox, wx) = sandbox().await;
    sandbox.inject_fault(Fault::Unavailable { status: 429, retry_after: Some(1) });
    let start = Instant::now();
    cancel(&wx).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));

    sandbox.inject_fault(Fault::Unavailable { status: 429, retry_after: Some(3600) });
    let error = cancel(&wx).await.unwrap_err();
    assert_eq!((error.attempts(), error.outcome()), (1, Outcome::Refused));
}

#[tokio::test]
async fn very_long_durations_are_accepted() {
    let (sandbox, wx) = sandbox().await;
    sandbox.inject_fault(Fault::Unavailable { status: 429, retry_after: Some(u64::MAX) });
    let error = cancel(&wx).deadline(Duration::MAX).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    cancel(&wx).deadline(Duration::MAX).await.unwrap();
}

#[tokio::test]
async fn attempts_are_limited() {
    let (sandbox, _) = sandbox().await;
    let wx = sandbox.client_builder().retries(Retries::new().attempts(2)).build().unwrap();
    for _ in 0..3 {
        sandbox.inject_fault(Fault::Unavailable { status: 503, retry_after: None });
    }
    let error = cancel(&wx).await.unwrap_err();
    assert_eq!((error.attempts(), error.outcome()), (2, Outcome::Unknown));
    assert_eq!(sandbox.received().len(), 2);
}

#[tokio::test]
async fn a_non_idempotent_request_is_not_retried_at_the_backup_host() {
    for fault in [Fault::CloseAfterReading, Fault::ResetAfterReading] {
        let (first, second) = (
            Sandbox::builder().examples().start().await.unwrap(),
            Sandbox::builder().examples().start().await.unwrap(),
        );
        let wx = first.client_builder().backup_url(second.url()).build().unwrap();
        first.inject_fault(fault);
        let error = register(&wx).await.unwrap_err();
        assert_eq!((error.attempts(), error.outcome()), (1, Outcome::Unknown), "{error}");
        assert!(second.received().is_empty());
    }
}

#[tokio::test]
async fn very_long_pauses_are_accepted() {
    let (sandbox, wx) = sandbox().await;
    sandbox.inject_fault(Fault::Unavailable { status: 500, retry_after: None });
    let retries = Retries::new().first_pause(Duration::MAX).longest_pause(Duration::MAX);
    let error = cancel(&wx).deadline(Duration::MAX).retries(retries).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
}

/// A throttling gateway: its clock is not this machine's.
async fn throttled(retry_after: &'static str) -> (Error, Duration) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let gateway = tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let response = format!(
                "HTTP/1.1 429 Too Many Requests\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\
                 Retry-After: {retry_after}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            let mut request = [0; 16 << 10];
            assert_ne!(stream.read(&mut request).await.unwrap(), 0);
            stream.write_all(response.as_bytes()).await.unwrap();
        }
    });
    let (sandbox, _) = sandbox().await;
    let wx = sandbox.client_builder().base_url(url).build().unwrap();
    let started = Instant::now();
    let error = cancel(&wx).retries(Retries::new().attempts(2)).await.unwrap_err();
    gateway.abort();
    (error, started.elapsed())
}

#[tokio::test]
async fn retry_after_may_be_a_date_of_the_servers_clock() {
    let (error, time) = throttled("Sun, 06 Nov 1994 08:49:39 GMT").await;
    assert_eq!(error.attempts(), 2, "{error}");
    assert!(time >= Duration::from_secs(2), "{time:?}");
    // A date in the past and an invalid date ask for no pause.
    for at_once in ["Sun, 06 Nov 1994 08:49:00 GMT", "soon", "-5", ""] {
        let (error, time) = throttled(at_once).await;
        assert_eq!(error.attempts(), 2, "{at_once}: {error}");
        assert!(time < Duration::from_secs(2), "{at_once}: {time:?}");
    }
    for too_late in ["Sun, 06 Nov 1994 09:49:37 GMT", "99999999999999999999999999"] {
        assert_eq!(throttled(too_late).await.0.attempts(), 1, "{too_late}");
    }
}

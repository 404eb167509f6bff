use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wxpay_api::sandbox::{Answer, Misbehaviour, Sandbox, SignatureFault};
use wxpay_api::{ErrorKind, Retries};

use crate::support::{Forgery, assert_signed, order, start};

const LATEST: &str = "/v3/orders/latest";

/// What a socket says when it reads the answer to a request that may be a whole one or not.
async fn read(sandbox: &Sandbox, request: &[u8]) -> std::io::Result<usize> {
    let address = sandbox.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    stream.read_to_end(&mut Vec::new()).await
}

#[tokio::test]
async fn a_fault_of_one_operation_waits_for_it() {
    let sandbox = start().await;
    let busy = Misbehaviour::Unavailable { status: 500, retry_after: None };
    sandbox.misbehave_at("POST", "/v3/orders/{id}/close", busy.clone());
    sandbox.misbehave_at("GET", "/v3/orders/7", busy);
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
async fn faults_come_in_the_order_in_which_they_were_asked_for() {
    let sandbox = start().await;
    sandbox.misbehave_at("GET", LATEST, Misbehaviour::Html { status: 502, signed: false });
    sandbox.misbehave(Misbehaviour::Html { status: 503, signed: false });
    sandbox.misbehave_at("GET", LATEST, Misbehaviour::Html { status: 504, signed: false });
    for status in [502, 503, 504, 200] {
        assert_eq!(Forgery::get(LATEST).send(&sandbox).await.status, status);
    }
}

#[tokio::test]
async fn the_journal_says_what_was_carried_out() {
    let sandbox = start().await;
    let matrix = [
        (Misbehaviour::Signature(SignatureFault::Probe), true),
        (Misbehaviour::Html { status: 502, signed: false }, true),
        (Misbehaviour::Html { status: 502, signed: false }.unexecuted(), false),
        (Misbehaviour::Unavailable { status: 500, retry_after: None }, true),
        (Misbehaviour::Unavailable { status: 503, retry_after: None }.unexecuted(), false),
        (Misbehaviour::Unavailable { status: 429, retry_after: Some(1) }, false),
        (Misbehaviour::TruncatedBody, true),
        (Misbehaviour::CloseAfterReading, true),
        (Misbehaviour::ResetAfterReading, true),
        (Misbehaviour::ResetAfterReading.unexecuted(), false),
    ];
    let wx = sandbox.client_builder().retries(Retries::none()).build().unwrap();
    for (misbehaviour, executed) in matrix {
        let before = sandbox.executions("POST", "/v3/orders");
        sandbox.misbehave(misbehaviour.clone());
        wx.post("/v3/orders", order()).await.unwrap_err();
        let last = sandbox.received().pop().unwrap();
        assert_eq!(last.executed, executed, "{misbehaviour:?}");
        let after = sandbox.executions("POST", "/v3/orders");
        assert_eq!(after - before, usize::from(executed), "{misbehaviour:?}");
    }
}

#[tokio::test]
async fn what_is_refused_was_not_carried_out() {
    let sandbox = start().await;
    Forgery::post("/v3/orders", &json!({})).send(&sandbox).await;
    Forgery::post("/v3/orders", &order()).clock(-400).send(&sandbox).await;
    sandbox.answer("POST", "/v3/orders", Answer::error(403, "NOT_ENOUGH", ""));
    Forgery::post("/v3/orders", &order()).send(&sandbox).await;
    assert_eq!(sandbox.received().len(), 3);
    assert_eq!(sandbox.executions("POST", "/v3/orders"), 0);
    Forgery::get("/v3/orders/1").send(&sandbox).await;
    assert_eq!(sandbox.executions("GET", "/v3/orders/{order_id}"), 1);
    assert_eq!(sandbox.executions("GET", "/v3/orders/1"), 1);
    assert_eq!(sandbox.executions("GET", "/v3/orders/2"), 0);
}

#[tokio::test]
async fn an_answer_waits_for_a_request_that_is_carried_out() {
    let sandbox = start().await;
    sandbox.answer("GET", LATEST, Answer::json(json!({ "which": "planned" })));
    sandbox.misbehave(Misbehaviour::Unavailable { status: 429, retry_after: None });
    Forgery::get(LATEST).send(&sandbox).await;
    assert_eq!(Forgery::get(LATEST).send(&sandbox).await.json()["which"], "planned");
}

#[tokio::test]
async fn a_body_drips() {
    let sandbox = start().await;
    let pause = Duration::from_millis(20);
    sandbox.misbehave(Misbehaviour::Drip { piece: 5, pause });
    let start = Instant::now();
    let got = Forgery::get(LATEST).send(&sandbox).await;
    assert_eq!(got.json()["which"], "latest");
    assert_signed(&sandbox, &got);
    assert!(start.elapsed() >= pause * u32::try_from(got.body.len() / 5).unwrap());
}

#[tokio::test]
async fn connections_are_reset() {
    let sandbox = start().await;
    sandbox.misbehave(Misbehaviour::ResetBeforeReading);
    let error = read(&sandbox, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    assert!(sandbox.received().is_empty());
    sandbox.misbehave(Misbehaviour::ResetAfterReading);
    let error = read(&sandbox, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(sandbox.received().len(), 1);
    sandbox.misbehave(Misbehaviour::CloseAfterReading);
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
    assert_eq!(sandbox.executions("GET", LATEST), 1);
}

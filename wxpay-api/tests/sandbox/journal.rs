//! The journal of received requests.

use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use wxpay_api::sandbox::{Sandbox, SandboxError};

use crate::support::{Forgery, builder, encrypted, order, order_with, start};

#[tokio::test]
async fn everything_about_a_request_is_recorded() {
    let sandbox = start().await;
    let body = order().to_string();
    Forgery::post_bytes("/v3/orders", body.clone().into())
        .header("X-Mine", "1")
        .send(&sandbox)
        .await;
    let received = sandbox.received().remove(0);
    assert_eq!((received.method.as_str(), received.target.as_str()), ("POST", "/v3/orders"));
    assert_eq!(received.body, body);
    assert_eq!(received.headers["X-Mine"], "1");
    assert_eq!(received.operation.as_deref(), Some("POST /v3/orders"));
    assert_eq!(received.status, 200);
    let message = String::from_utf8(received.verified_message.unwrap()).unwrap();
    assert!(message.starts_with("POST\n/v3/orders\n"));
    assert!(message.ends_with(&format!("\n{body}\n")));
}

#[tokio::test]
async fn refused_requests_are_recorded_too() {
    let sandbox = start().await;
    Forgery::get("/v3/orders/1").signing_target("/").send(&sandbox).await;
    Forgery::post("/v3/orders", &json!({})).send(&sandbox).await;
    Forgery::get("/v3/nothing").send(&sandbox).await;
    let received = sandbox.received();
    let statuses: Vec<_> = received.iter().map(|request| request.status).collect();
    assert_eq!(statuses, [401, 400, 404]);
    assert_eq!(received[0].verified_message, None);
    assert_eq!(received[0].operation, None);
    assert!(received[1].verified_message.is_some());
    assert_eq!(received[2].operation, None);
}

/// Sends this many requests to `/v3/orders/{number}`, with `number` counted from 0.
async fn fill(sandbox: &Sandbox, count: usize) {
    for number in 0..count {
        let got = Forgery::get(&format!("/v3/orders/{number}")).send(sandbox).await;
        assert_eq!(got.status, 200);
    }
}

fn targets(sandbox: &Sandbox) -> Vec<String> {
    sandbox.received().into_iter().map(|request| request.target).collect()
}

#[tokio::test]
async fn the_oldest_requests_leave_a_full_journal() {
    for (limit, count) in [(0, 3), (1, 3), (100, 250)] {
        let sandbox = builder().journal_limit(limit).start().await.unwrap();
        fill(&sandbox, count).await;
        let expected: Vec<_> =
            (count - limit..count).map(|number| format!("/v3/orders/{number}")).collect();
        assert_eq!(targets(&sandbox), expected);
        assert_eq!(sandbox.executions("GET", "/v3/orders/{order_id}").unwrap(), count);
        let error = sandbox.executions("GET", "/v3/orders/1").unwrap_err();
        assert!(matches!(error, SandboxError::JournalFull { .. }), "{error}");
        assert_eq!(sandbox.executions("GET", "/v3/orders/latest").unwrap(), 0);
    }
}

/// Sends this many unsigned requests over one connection, without waiting for their responses.
async fn flood(sandbox: &Sandbox, count: usize) {
    let address = sandbox.url().trim_start_matches("http://");
    let (mut reader, mut writer) = TcpStream::connect(address).await.unwrap().into_split();
    let write = async move {
        for number in 0..count {
            let connection = if number + 1 == count { "close" } else { "keep-alive" };
            let head = format!("GET /v3/{number} HTTP/1.1\r\nConnection: {connection}\r\n\r\n");
            writer.write_all(head.as_bytes()).await.unwrap();
        }
        writer
    };
    let mut sink = tokio::io::sink();
    let (_writer, read) = tokio::join!(write, tokio::io::copy(&mut reader, &mut sink));
    read.unwrap();
}

#[tokio::test]
async fn a_journal_holds_10_000_requests_unless_told_otherwise() {
    const LIMIT: usize = 10_000;
    let sandbox = start().await;
    flood(&sandbox, LIMIT).await;
    assert_eq!(sandbox.received().len(), LIMIT);
    assert_eq!(sandbox.received()[0].target, "/v3/0");
    flood(&sandbox, 3).await;
    let targets = targets(&sandbox);
    assert_eq!((targets.len(), targets[0].as_str()), (LIMIT, "/v3/3"));
    assert_eq!(targets[LIMIT - 1], "/v3/2");
    // No executed request left the journal.
    assert_eq!(sandbox.executions("GET", "/v3/orders/1").unwrap(), 0);
}

#[tokio::test]
async fn bodies_have_a_limit_in_bytes() {
    let sandbox = builder().journal_bytes(1 << 20).start().await.unwrap();
    let order =
        |size: usize| Forgery::post("/v3/orders", &order_with("attach", json!("a".repeat(size))));
    for _ in 0..20 {
        assert_eq!(order(100_000).send(&sandbox).await.status, 200);
    }
    let held: usize = sandbox.received().iter().map(|request| request.body.len()).sum();
    assert!(held > 300_000 && held < 1 << 20, "{held} bytes");
    assert_eq!(sandbox.executions("POST", "/v3/orders").unwrap(), 20);
    order(2 << 20).send(&sandbox).await;
    assert_eq!(sandbox.received().len(), 1, "the latest request stays");
}

#[tokio::test]
async fn debug_shows_no_value() {
    let sandbox = start().await;
    let mut body = order_with("phone", json!(encrypted(&sandbox, "13912345678")));
    body["attach"] = json!("private");
    Forgery::post("/v3/orders", &body).send(&sandbox).await;
    let debug = format!("{:?} {sandbox:?}", sandbox.received());
    assert!(debug.contains("phone"), "key paths are shown: {debug}");
    assert!(!debug.contains("13912345678") && !debug.contains("private"), "{debug}");
    assert!(!debug.contains("signature") && !debug.contains(sandbox.apiv3_key()), "{debug}");
}

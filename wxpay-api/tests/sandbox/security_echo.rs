//! The operation behind the self-test: `POST /v3/security/echo` returns what it received
//! (docs/protocol/errors.md §10.6).

use serde_json::{Value, json};
use wxpay_api::CheckOutcome;
use wxpay_api::sandbox::{Delivery, SandboxNotification};

use crate::support::{Forgery, assert_signed, encrypted, start};

const PATH: &str = "/v3/security/echo";

#[tokio::test]
async fn values_come_back_and_secrets_are_encrypted_for_the_merchant() {
    let sandbox = start().await;
    let body = json!({
        "echo_message": "hello",
        "encrypted_echo_message": encrypted(&sandbox, "微信支付"),
    });
    let got = Forgery::post(PATH, &body).send(&sandbox).await;
    assert_signed(&sandbox, &got);
    let response = got.json();
    assert_eq!(response["echo_message"], "hello");
    assert_ne!(response["encrypted_echo_message"], body["encrypted_echo_message"]);
    let secret = response["encrypted_echo_message"].as_str().unwrap();
    assert_eq!(&*sandbox.merchant().decrypt(secret).unwrap(), "微信支付".as_bytes());
    assert_eq!(sandbox.executions("POST", PATH).unwrap(), 1);
}

#[tokio::test]
async fn a_self_test_succeeds_for_every_account() {
    let sandbox = start().await;
    let other = sandbox.add_merchant("1900000200").unwrap();
    for account in [&*sandbox, &other] {
        let report = account.client().unwrap().self_test().await;
        assert!(report.is_ok(), "{report}");
        assert_eq!(report.check("signing").unwrap().outcome, CheckOutcome::Passed, "{report}");
    }
    let brand = sandbox.add_brand("40001").unwrap();
    let report = brand.client().unwrap().self_test().await;
    assert!(report.is_ok(), "{report}");
    let signing = report.check("signing and verification").unwrap();
    assert_eq!(signing.outcome, CheckOutcome::Skipped, "{report}");
    assert!(signing.explanation.contains("a brand may call /brand/… only"), "{report}");
}

#[tokio::test]
async fn the_notification_is_sent_to_the_requested_url() {
    let sandbox = start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/notify", listener.local_addr().unwrap());
    let body = json!({ "echo_message": "hello", "notify_url": url });
    Forgery::post(PATH, &body).send(&sandbox).await;
    let received: Value = serde_json::from_slice(&sandbox.received()[0].body).unwrap();
    assert_eq!(received["notify_url"], url);
    drop(listener);
    let echo = SandboxNotification::security_echo(received["echo_message"].as_str().unwrap());
    let (headers, body) = sandbox.notification(echo.clone()).unwrap();
    let notification = sandbox.client().unwrap().notification(&headers, &body).await.unwrap();
    assert_eq!(notification.event_type(), "SECURITY_ECHO.SUCCESS");
    assert_eq!(notification.envelope().original_type, "security");
    let resource: Value = serde_json::from_slice(notification.plaintext()).unwrap();
    assert_eq!(resource, json!({ "echo_message": "hello" }));
    let log = sandbox.deliver(&url, echo, Delivery::faster(u32::MAX)).await.unwrap();
    assert!(!log.is_acknowledged(), "the server is gone");
}

//! Responses to notifications (docs/protocol/notifications.md §8.3).

use bytes::Bytes;
use http::{HeaderMap, Response};
use serde_json::{Value, json};
use wxpay_api::sandbox::{Sandbox, SandboxNotification, SignatureFault, SignedHeader};
use wxpay_api::{Acknowledgement, Client, Clients, Merchant, NotificationError};

/// The status and the JSON of a response. Checks its content type.
fn sent(response: Acknowledgement) -> (u16, Value) {
    let response = Response::<Bytes>::from(response);
    assert_eq!(response.headers()["content-type"], "application/json");
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
}

#[test]
fn success_has_no_body() {
    let response = Response::<Bytes>::from(Acknowledgement::handled());
    assert_eq!((response.status().as_u16(), response.body().len()), (204, 0));
    assert!(response.headers().is_empty());
}

#[test]
fn success_in_the_older_form() {
    let expected = json!({ "code": "SUCCESS", "message": "成功" });
    assert_eq!(sent(Acknowledgement::handled_with_body()), (200, expected));
}

#[test]
fn a_failure_asks_for_a_redelivery_with_a_reason_of_64_characters() {
    let response = sent(Acknowledgement::failed("no stock"));
    assert_eq!(response, (500, json!({ "code": "FAIL", "message": "no stock" })));
    let (_, body) = sent(Acknowledgement::failed(&"库".repeat(65)));
    assert_eq!(body["message"], "库".repeat(64));
}

#[test]
fn a_question_is_answered_with_a_typed_response() {
    use wxpay_api::notifications::papay::terminate_retention::Response;
    let response = Response::builder()
        .code("SUCCESS")
        .retention_type("COUPON")
        .coupon_info(|c| c.state("SEND_COUPON").coupon_id("10000001"));
    let coupon_info = json!({ "state": "SEND_COUPON", "coupon_id": "10000001" });
    let expected =
        json!({ "code": "SUCCESS", "retention_type": "COUPON", "coupon_info": coupon_info });
    assert_eq!(sent(Acknowledgement::respond(&response).unwrap()), (200, expected));
}

#[tokio::test]
async fn a_response_may_be_signed_and_is_not_sent_without_a_required_value() {
    use wxpay_api::notifications::global::wallet_order::Response;
    let response = |prepay_id: &str| {
        let response = Response::builder().code("SUCCESS").acq_tid("1").prepay_id(prepay_id);
        response.expire_time("2026-11-30T12:00:00+08:00").client_ip("14.23.150.211")
    };
    let error = Acknowledgement::respond(&response("")).unwrap_err();
    assert!(error.to_string().contains("prepay_id: it must not be empty"), "{error}");

    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let answer =
        Acknowledgement::respond(&response("wx201410272009395522657a690389285100")).unwrap();
    let nonce = wxpay_api::protocol::Nonce::random().unwrap();
    let merchant = sandbox.merchant();
    let authorization =
        merchant.authorization("POST", "/asked", 1_700_000_000, nonce, answer.body());
    let answer = answer.with_authorization(&authorization.unwrap()).unwrap();
    let header = http::Response::<Bytes>::from(answer).headers()["authorization"].clone();
    assert!(header.is_sensitive());
    assert!(header.to_str().unwrap().starts_with("WECHATPAY2-SHA256-RSA2048 mchid="));
}

/// The client's error for a notification, and the status and message of the response.
async fn refused(
    sandbox: &Sandbox,
    wx: &Client,
    notification: SandboxNotification,
) -> (NotificationError, u16, String) {
    let (headers, body) = sandbox.notification(notification).unwrap();
    refusal(wx, &headers, &body).await
}

async fn refusal(
    wx: &Client,
    headers: &HeaderMap,
    body: &[u8],
) -> (NotificationError, u16, String) {
    let error = wx.notification(headers, body).await.unwrap_err();
    let (status, body) = sent(Acknowledgement::from(&error));
    assert_eq!(body["code"], "FAIL");
    (error, status, body["message"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_probe_is_refused_like_any_wrong_signature_with_its_own_error() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let notification = |fault| SandboxNotification::example("pay/transaction").fault(fault);
    let (probe, status, message) =
        refused(&sandbox, &wx, notification(SignatureFault::Probe)).await;
    assert!(probe.is_probe(), "{probe}");
    assert_eq!(status, 401);
    for fault in [
        SignatureFault::OtherBody,
        SignatureFault::UnknownSerial,
        SignatureFault::Clock(-301),
        SignatureFault::Without(SignedHeader::Nonce),
    ] {
        let response = refused(&sandbox, &wx, notification(fault)).await;
        assert!(!response.0.is_probe(), "{}", response.0);
        assert_eq!(
            (response.1, &response.2),
            (status, &message),
            "the response looks the same for every fault"
        );
    }
}

#[tokio::test]
async fn an_unreadable_notification_is_refused() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx =
        sandbox.client_builder().apiv3_key("0123456789abcdefghijABCDEFGHIJ01").build().unwrap();
    let (error, status, _) =
        refused(&sandbox, &wx, SandboxNotification::example("pay/transaction")).await;
    assert!(matches!(error, NotificationError::Resource { .. }), "{error}");
    assert_eq!(status, 400);
}

#[tokio::test]
async fn a_merchant_without_an_apiv3_key_is_answered_with_a_server_error() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let (certificate, key) = sandbox.merchant_pem().unwrap();
    let merchant = Merchant::from_pem(sandbox.merchant().id(), certificate, key).unwrap();
    let (id, pem) = sandbox.wechatpay_public_key();
    let wx = Client::builder(merchant).wechatpay_public_key(id, pem).build().unwrap();
    let (error, status, message) =
        refused(&sandbox, &wx, SandboxNotification::example("pay/transaction")).await;
    assert!(matches!(error, NotificationError::NoApiV3Key), "{error}");
    assert_eq!(status, 500);
    assert!(!message.contains("APIv3"), "{message}");
}

/// Requests at a notification URL that are no notifications of WeChat Pay: the error identifies
/// each kind.
#[tokio::test]
async fn a_body_that_is_no_notification_is_identified() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let (headers, body) =
        sandbox.notification(SandboxNotification::example("pay/transaction")).unwrap();
    let parsed: Value = serde_json::from_slice(&body).unwrap();
    let pretty = serde_json::to_vec_pretty(&parsed).unwrap();
    let xml = b"<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>";
    let resource = br#"{"mchid":"1900000109","out_trade_no":"1","trade_state":"SUCCESS"}"#;
    let none = HeaderMap::new();
    for (headers, body, expected) in [
        (&headers, &b""[..], "the body is empty: something read it before"),
        (&headers, b" \n", "the body is empty"),
        (&none, b"", "the body is empty"),
        (&none, b"", "a browser"),
        (&none, &body, "no Wechatpay- headers"),
        (&none, xml, "this is an APIv2 notification"),
        (&headers, xml, "this is an APIv2 notification"),
        (&none, b"<?xml version=\"1.0\"?><xml></xml>", "this is an APIv2 notification"),
        (&none, b"id=1&event_type=TRANSACTION.SUCCESS", "the body is a form"),
        (&headers, b"%7B%22id%22%3A1%7D=", "the body is a form"),
        (&headers, resource, "a decrypted resource"),
        (&headers, &pretty, "parsed and written again"),
    ] {
        let (error, status, message) = refusal(&wx, headers, body).await;
        assert!(matches!(error, NotificationError::NotAsSent { .. }), "{error:?}");
        assert!(error.to_string().contains(expected), "{error}, not {expected}");
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(!error.to_string().contains(&source), "{error}: {source}");
        assert_eq!((status, &*message), (401, "the signature is wrong"), "nothing is accepted");
    }
}

#[tokio::test]
async fn a_body_that_is_no_notification_is_identified_at_a_shared_url_too() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let clients = Clients::new();
    clients.insert(sandbox.client().unwrap());
    let error = clients.notification(&HeaderMap::new(), b"<xml></xml>").await.unwrap_err();
    assert!(error.to_string().contains("this is an APIv2 notification"), "{error}");
    let (headers, _) =
        sandbox.notification(SandboxNotification::example("pay/transaction")).unwrap();
    let error = clients.notification(&headers, b"").await.unwrap_err();
    assert!(error.to_string().contains("the body is empty"), "{error}");
}

/// A signed body that only looks like something else is still a notification.
#[tokio::test]
async fn a_signed_notification_is_accepted_even_if_it_looks_like_something_else() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let (mut headers, body) =
        sandbox.notification(SandboxNotification::example("pay/transaction")).unwrap();
    let form = "application/x-www-form-urlencoded".parse().unwrap();
    headers.insert("content-type", form);
    wx.notification(&headers, &body).await.unwrap();
}

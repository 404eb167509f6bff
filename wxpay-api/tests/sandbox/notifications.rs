//! Signed and encrypted notifications.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use wxpay_api::protocol::{ApiV3Key, NotificationError, Scheme, WechatPayKeys, notification};
use wxpay_api::sandbox::{Sandbox, SandboxError, SandboxNotification, SignatureFault};

use crate::support::{builder, certificate, public_key, start};

fn decrypt(
    sandbox: &Sandbox,
    keys: &WechatPayKeys,
    notification: SandboxNotification,
) -> Result<(wxpay_api::protocol::Envelope, Value), NotificationError> {
    let (headers, body) = sandbox.notification(notification).unwrap();
    let key = ApiV3Key::new(sandbox.apiv3_key()).unwrap();
    let decrypted =
        notification::decrypt(Scheme::Rsa, keys, &key, &headers, &body, SystemTime::now())?;
    Ok((decrypted.envelope, serde_json::from_slice(&decrypted.plaintext).unwrap()))
}

#[tokio::test]
async fn the_example_of_the_book_is_sent() {
    let sandbox = start().await;
    let (envelope, resource) =
        decrypt(&sandbox, &public_key(&sandbox), SandboxNotification::example("test/order"))
            .unwrap();
    assert_eq!(envelope.event_type, "ORDER.DONE");
    assert_eq!(envelope.original_type, "order");
    assert_eq!(envelope.resource_type, "encrypt-resource");
    assert!(envelope.create_time.contains('T') && !envelope.id.is_empty());
    assert_eq!(
        (&resource["order_id"], &resource["appid"]),
        (&json!("example-order"), &json!("wx1"))
    );
    assert_eq!(resource["mchid"], sandbox.merchant().id());
    assert_eq!(resource.get("text"), None, "a key that the condition forbids");
    let phone = resource["phone"].as_str().unwrap();
    assert_eq!(&*sandbox.merchant().decrypt(phone).unwrap(), b"13900000000");
}

#[tokio::test]
async fn an_example_can_be_changed() {
    let sandbox = start().await;
    let notification = SandboxNotification::example("test/order")
        .with(json!({ "amount": { "total": 7 }, "phone": "13911111111" }))
        .with(json!({ "anything": [1] }))
        .event_type("ORDER.CLOSED")
        .original_type("other");
    let (envelope, resource) = decrypt(&sandbox, &public_key(&sandbox), notification).unwrap();
    assert_eq!(
        (envelope.event_type.as_str(), envelope.original_type.as_str()),
        ("ORDER.CLOSED", "other")
    );
    assert_eq!(
        (&resource["amount"]["total"], &resource["amount"]["payer_total"]),
        (&json!(7), &json!(90))
    );
    assert_eq!(resource["anything"], json!([1]));
    let phone = resource["phone"].as_str().unwrap();
    assert_eq!(&*sandbox.merchant().decrypt(phone).unwrap(), b"13911111111");
}

#[tokio::test]
async fn a_resource_is_sent_as_it_is() {
    let sandbox = start().await;
    let notification = SandboxNotification::new("ANY.THING", json!({ "a": null }));
    let (envelope, resource) = decrypt(&sandbox, &public_key(&sandbox), notification).unwrap();
    assert_eq!((envelope.event_type.as_str(), envelope.original_type.as_str()), ("ANY.THING", ""));
    assert_eq!(resource, json!({ "a": null }));
}

#[tokio::test]
async fn both_keys_sign() {
    let sandbox = start().await;
    let notification = || SandboxNotification::new("A", json!({}));
    decrypt(&sandbox, &public_key(&sandbox), notification()).unwrap();
    decrypt(&sandbox, &certificate(&sandbox), notification().by_certificate()).unwrap();
    let certificates = builder().certificate_mode().start().await.unwrap();
    decrypt(&certificates, &certificate(&certificates), notification()).unwrap();
}

#[tokio::test]
async fn signatures_can_be_wrong() {
    let sandbox = start().await;
    let notification = SandboxNotification::new("A", json!({})).fault(SignatureFault::Probe);
    let error = decrypt(&sandbox, &public_key(&sandbox), notification).unwrap_err();
    assert!(error.is_probe(), "{error}");
    let notification = SandboxNotification::new("A", json!({})).fault(SignatureFault::Clock(-400));
    decrypt(&sandbox, &public_key(&sandbox), notification).unwrap_err();
}

#[tokio::test]
async fn the_client_accepts_it() {
    let sandbox = start().await;
    let (headers, body) = sandbox.notification(SandboxNotification::example("test/order")).unwrap();
    let notification = sandbox.client().unwrap().notification(&headers, &body).await.unwrap();
    assert_eq!(notification.event_type(), "ORDER.DONE");
}

#[tokio::test]
async fn an_unknown_name_is_an_error_that_lists_the_known_ones() {
    let sandbox = start().await;
    let error = sandbox.notification(SandboxNotification::example("test/other")).unwrap_err();
    assert!(matches!(&error, SandboxError::UnknownNotification { .. }));
    assert!(error.to_string().contains("test/order"), "{error}");
}

/// Starts a merchant's server that responds with `response` to every notification, and keeps what
/// it received.
async fn merchant_server(status: u16, response: &'static str) -> (String, Arc<Mutex<Vec<Bytes>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/notify", listener.local_addr().unwrap());
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&bodies);
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let kept = Arc::clone(&kept);
            async move {
                let body = request.into_body().collect().await.unwrap().to_bytes();
                kept.lock().unwrap().push(body);
                let mut response =
                    http::Response::new(Full::new(Bytes::from_static(response.as_bytes())));
                *response.status_mut() = status.try_into().unwrap();
                Ok::<_, Infallible>(response)
            }
        });
        let server = hyper::server::conn::http1::Builder::new();
        server.serve_connection(TokioIo::new(stream), service).await.unwrap();
    });
    (url, bodies)
}

#[tokio::test]
async fn a_notification_is_posted_and_its_response_returned() {
    let sandbox = start().await;
    let (url, bodies) = merchant_server(500, "{\"code\":\"FAIL\"}").await;
    let acknowledgement =
        sandbox.notify(&url, SandboxNotification::new("A", json!({}))).await.unwrap();
    assert_eq!(acknowledgement.status, 500);
    assert_eq!(acknowledgement.body, "{\"code\":\"FAIL\"}");
    let body: Value = serde_json::from_slice(&bodies.lock().unwrap()[0]).unwrap();
    assert_eq!(body["event_type"], "A");
}

#[tokio::test]
async fn notifications_stay_on_this_machine() {
    let sandbox = start().await;
    for url in ["http://example.com/", "http://127.0.0.1.example.com/", "file:///", ""] {
        let error =
            sandbox.notify(url, SandboxNotification::new("A", json!({}))).await.unwrap_err();
        assert!(matches!(error, SandboxError::NotOnThisMachine { .. }), "{url}: {error}");
    }
    let error = sandbox
        .notify("http://127.0.0.1:1/", SandboxNotification::new("A", json!({})))
        .await
        .unwrap_err();
    assert!(matches!(error, SandboxError::Delivery(_)), "{error}");
}

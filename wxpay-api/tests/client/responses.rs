//! Right responses: the reply, its verification, and the keys of the client.

use serde_json::json;
use wxpay_api::sandbox::{PlannedResponse, Sandbox, SignatureFault};
use wxpay_api::{Client, ErrorKind, Outcome};

use crate::{CANCEL, UNDESCRIBED, cancel, sandbox};

#[tokio::test]
async fn a_reply_has_everything_around_the_value() {
    let (sandbox, wx) = sandbox().await;
    let reply = cancel(&wx).header("Accept-Language", "en").reply().await.unwrap();
    assert_eq!(reply.http_status(), 200);
    assert_eq!(reply.value.out_order_no, "order-1");
    assert!(reply.request_id().is_some());
    assert!(reply.corrections().is_empty());
    assert!(reply.body().starts_with(b"{"));
    let sent = &sandbox.received()[0];
    assert_eq!(sent.verified_message.as_deref(), Some(reply.sent().signed_message.as_slice()));
    assert_eq!(sent.target, reply.sent().target);
    assert_eq!(sent.headers["Accept-Language"], "en");
    assert_eq!(sent.headers["Accept"], "application/json");
    assert!(sent.headers["User-Agent"].to_str().unwrap().starts_with("wxpay-api/"));
    assert!(reply.verified_message().ends_with(b"}\n"));
}

/// `Debug` of a reply goes to logs, and must not show the content.
#[tokio::test]
async fn debug_of_a_reply_shows_no_body_and_no_value() {
    let (sandbox, wx) = sandbox().await;
    sandbox
        .respond("POST", CANCEL, PlannedResponse::json(json!({ "order_id": "CANARY-1" })))
        .unwrap();
    let reply = cancel(&wx).reply().await.unwrap();
    assert_eq!(reply.value.order_id, "CANARY-1");
    for shown in [format!("{reply:?}"), format!("{reply:#?}"), format!("{:?}", reply.sent())] {
        assert!(!shown.contains("CANARY") && !shown.contains("order-1"), "{shown}");
    }
    let untyped = wx.get("/v3/pay/transactions/id/1?mchid=1230000109").reply().await.unwrap();
    assert!(!format!("{untyped:?}").contains("transaction_id"), "{untyped:?}");
}

#[tokio::test]
async fn nonces_of_any_length_are_verified() {
    for length in [1, 32, 33, 64, 2000] {
        let (sandbox, wx) = sandbox().await;
        sandbox.inject_fault(SignatureFault::NonceLength(length));
        let reply = cancel(&wx).allow_retries(false).reply().await;
        assert!(reply.is_ok(), "{length}: {reply:?}");
    }
}

#[tokio::test]
async fn clocks_may_differ_by_less_than_five_minutes() {
    for seconds in [-290, 290] {
        let (sandbox, wx) = sandbox().await;
        sandbox.inject_fault(SignatureFault::Clock(seconds));
        cancel(&wx).allow_retries(false).await.unwrap();
    }
}

#[tokio::test]
async fn a_status_alone_is_signed_too() {
    let (sandbox, wx) = sandbox().await;
    let close = |wx: &Client| {
        let transactions = wx.v3().pay().transactions();
        transactions.out_trade_no().out_trade_no("T1").close().post(|r| r.mchid("1230000109"))
    };
    let reply = close(&wx).reply().await.unwrap();
    assert_eq!(reply.http_status(), 204);
    assert!(reply.body().is_empty());
    sandbox.inject_fault(SignatureFault::OtherBody);
    let error = close(&wx).allow_retries(false).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn an_accepted_request_that_is_still_being_processed_has_no_value_yet() {
    let (sandbox, wx) = sandbox().await;
    sandbox.respond("POST", CANCEL, PlannedResponse::verbatim("accepted").status(202)).unwrap();
    let error = cancel(&wx).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Pending), "{error}");
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1));
    assert!(!error.received().unwrap().body.is_empty());

    let applications = wx.v3().new_tax_control_fapiao().fapiao_applications();
    let reverse = applications.fapiao_apply_id("4200000444201910177461284488").reverse();
    let call = reverse.post(|r| {
        r.reverse_reason("SALES_RETURN").fapiao_information(|list| {
            list.push(|f| {
                f.fapiao_id("20200701123456").fapiao_number("12897794").fapiao_code("044001911211")
            })
        })
    });
    assert_eq!(call.reply().await.unwrap().http_status(), 202);
}

#[tokio::test]
async fn an_untyped_call_names_its_encryption_key_and_may_lack_a_body() {
    let (sandbox, _) = sandbox().await;
    let builder = sandbox.client_builder();
    let wx = builder.platform_certificate(sandbox.platform_certificate_pem()).build().unwrap();
    let serial = wx.keys().certificates()[0].serial().to_string();
    let path = UNDESCRIBED;
    sandbox.respond("DELETE", path, PlannedResponse::empty(204)).unwrap();
    let reply = wx.delete(path, None).encrypted_with(&serial).reply().await.unwrap();
    assert_eq!(reply.sent().wechatpay_serial, serial);
    assert_eq!(reply.value, serde_json::Value::Null);
    assert!(sandbox.received()[0].body.is_empty());
}

#[tokio::test]
async fn downloaded_certificates_become_the_clients_keys() {
    use wxpay_api::protocol::platform_certificates;
    use wxpay_api::{ApiV3Key, WechatPayKeys};
    let (sandbox, wx) = sandbox().await;
    let reply = wx.get("/v3/certificates").reply().await.unwrap();
    let key = ApiV3Key::new(sandbox.apiv3_key()).unwrap();
    let mut keys = WechatPayKeys::new();
    for certificate in
        platform_certificates::decrypt(wxpay_api::protocol::Scheme::Rsa, reply.body(), &key)
            .unwrap()
    {
        keys = keys.with_parsed_certificate(certificate).unwrap();
    }
    let wx = sandbox.client_builder().wechatpay_keys(keys).build().unwrap();
    cancel(&wx).allow_retries(false).await.unwrap();
}

#[tokio::test]
async fn a_planned_response_does_not_depend_on_parameter_names() {
    let (sandbox, wx) = sandbox().await;
    let response = PlannedResponse::json(json!({ "order_id": "planned" }));
    sandbox.respond("POST", "/v3/payscore/serviceorder/{id}/cancel", response).unwrap();
    assert_eq!(cancel(&wx).await.unwrap().order_id, "planned");
}

#[tokio::test]
async fn an_empty_response_that_should_have_a_body_counts_as_accepted() {
    let (sandbox, wx) = sandbox().await;
    sandbox.respond("POST", CANCEL, PlannedResponse::empty(204)).unwrap();
    let error = cancel(&wx).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Accepted, "{error}");
}

#[tokio::test]
async fn platform_certificates_verify_and_encrypt() {
    let sandbox = Sandbox::builder().examples().certificate_mode().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let reply = cancel(&wx).reply().await.unwrap();
    let serial = wx.keys().certificates()[0].serial().to_string();
    assert_eq!(reply.sent().wechatpay_serial, serial);
    assert_eq!(reply.headers()["Wechatpay-Serial"], serial.as_str());
}

#[tokio::test]
async fn both_kinds_of_keys_at_once_verify_both_kinds_of_signatures() {
    let (sandbox, _) = sandbox().await;
    let builder = sandbox.client_builder();
    let wx = builder.platform_certificate(sandbox.platform_certificate_pem()).build().unwrap();
    cancel(&wx).allow_retries(false).await.unwrap();
    sandbox.inject_fault(SignatureFault::OtherKey);
    cancel(&wx).allow_retries(false).await.unwrap();
}

#[tokio::test]
async fn untyped_calls_are_signed_and_verified_alike() {
    let (sandbox, wx) = sandbox().await;
    let target = "/v3/payscore/serviceorder/order-1/cancel";
    let body = serde_json::json!({"appid": "wx1", "service_id": "500001", "reason": "测试"});
    let response = wx.post(target, body.clone()).await.unwrap();
    assert_eq!(response["out_order_no"], "order-1");
    sandbox.inject_fault(SignatureFault::OtherBody);
    let error = wx.post(target, body).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    let folded = ["/v3/x/../y", "/v3/x/%2e%2e/y", "/v3/x y", "/v3/\tx"];
    let elsewhere =
        ["v3/x", "//evil.example/v3/x", "/\\evil.example/", "https://evil.example/", "/v3/x#y"];
    for target in elsewhere.into_iter().chain(folded) {
        let error = wx.get(target).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent, "{target}: {error}");
    }
}

#[tokio::test]
async fn every_method_signs_the_body_that_it_sends_or_none() {
    let (sandbox, wx) = sandbox().await;
    let path = UNDESCRIBED;
    let body = json!({ "text": "a<b>&c 微信" });
    for (method, call, sent) in [
        ("GET", wx.get(path), false),
        ("POST", wx.post(path, None), false),
        ("POST", wx.post(path, body.clone()), true),
        ("PUT", wx.put(path, body.clone()), true),
        ("PATCH", wx.patch(path, body.clone()), true),
        ("DELETE", wx.delete(path, None), false),
        ("DELETE", wx.delete(path, body.clone()), true),
    ] {
        sandbox.respond(method, path, PlannedResponse::json(json!({}))).unwrap();
        call.await.unwrap();
        let received = sandbox.received().pop().unwrap();
        let message = received.verified_message.unwrap();
        let wanted = if sent { body.to_string() } else { String::new() };
        assert_eq!((&*received.method, &*received.body), (method, wanted.as_bytes()));
        assert!(message.ends_with(format!("\n{wanted}\n").as_bytes()), "{method}");
        let content_type = received.headers.get("Content-Type");
        assert_eq!(content_type.is_some_and(|value| value == "application/json"), sent);
    }
}

#[tokio::test]
async fn several_clients_share_one_transport() {
    let (sandbox, _) = sandbox().await;
    let transport = wxpay_api::Transport::new().unwrap();
    for _ in 0..3 {
        let wx = sandbox.client_builder().transport(&transport).build().unwrap();
        cancel(&wx).await.unwrap();
    }
}

#[tokio::test]
async fn signed_requests_go_to_https_or_to_this_machine_only() {
    let (sandbox, _) = sandbox().await;
    for url in ["http://example.com", "ftp://127.0.0.1", "https://a/b?c", "https://a//b", "x"] {
        let error = sandbox.client_builder().base_url(url).build().unwrap_err();
        assert!(error.to_string().starts_with(&format!("base URL `{url}`")), "{error}");
    }
    sandbox.client_builder().base_url("https://gateway.example").build().unwrap();
    let builder = sandbox.client_builder().base_url("https://user:hunter2@example.com");
    assert!(!format!("{builder:?}").contains("hunter2"));
    let error = builder.build().unwrap_err();
    assert!(error.to_string().contains("must not carry a user or a password"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    let builder = sandbox.client_builder().base_url("https://user:hunter2@exa mple.com");
    assert!(!format!("{:?}", builder.build().unwrap_err()).contains("hunter2"));
}

//! The texts of errors: the outcome comes first, the cause appears once, and nothing breaks a line.

use std::error::Error as StdError;
use std::time::Duration;

use http::HeaderMap;
use serde_json::json;
use wxpay_api::sandbox::{
    Fault, PlannedResponse, Sandbox, SandboxNotification, SignatureFault, SignedHeader,
};
use wxpay_api::v3::pay::types::Transaction;
use wxpay_api::{
    ApiV3Key, CertificateDownload, Client, Config, Core, DecodeError, EncodeError, ErrorKind,
    FromResponse as _, InputError, Merchant, Retries, Transport, WechatPayKeys,
};

type Shown = Box<dyn StdError>;

/// Errors of every layer, each with a cause where there is one.
async fn errors() -> Vec<Shown> {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let builder = || sandbox.client_builder().retries(Retries::none());
    let wx = builder().build().unwrap();
    let cancel = |wx: &Client| {
        let order = wx.v3().payscore().serviceorder().out_order_no("order-1").cancel();
        order.post(|r| r.appid("wx1").service_id("500001").reason("用户投诉")).allow_retries(false)
    };
    let mut errors: Vec<Shown> = Vec::new();
    for fault in [
        SignatureFault::Probe.into(),
        SignatureFault::OtherBody.into(),
        SignatureFault::UnknownSerial.into(),
        SignatureFault::OtherKey.into(),
        SignatureFault::Clock(400).into(),
        SignatureFault::Without(SignedHeader::Nonce).into(),
        Fault::Html { status: 502, signed: false },
        Fault::Html { status: 200, signed: true },
        Fault::CloseAfterReading,
        Fault::TruncatedBody,
        Fault::Redirect { location: "https://example.com/".to_owned() },
    ] {
        sandbox.inject_fault(fault);
        errors.push(Box::new(cancel(&wx).await.unwrap_err()));
    }
    let path = "/v3/payscore/serviceorder/{out_order_no}/cancel";
    sandbox.respond("POST", path, PlannedResponse::error(400, "PARAM_ERROR", "参数错误")).unwrap();
    errors.push(Box::new(cancel(&wx).await.unwrap_err()));
    sandbox.inject_fault(Fault::Delay(Duration::from_secs(5)));
    errors.push(Box::new(cancel(&wx).deadline(Duration::from_millis(100)).await.unwrap_err()));
    let dead = builder().base_url(sandbox.dead_url()).build().unwrap();
    errors.push(Box::new(cancel(&dead).await.unwrap_err()));
    // Keys.
    errors.push(Box::new(Merchant::from_files("1900000109", "no/such/file", "none").unwrap_err()));
    errors.push(Box::new(ApiV3Key::new("short").unwrap_err()));
    errors.push(Box::new(Client::builder(sandbox.merchant().clone()).build().unwrap_err()));
    errors.push(Box::new(Transport::builder().proxy("socks5://x").build().unwrap_err()));
    let config =
        json!({ "mchid": "1900000109", "certificate_file": "none", "private_key_file": "none" });
    let config: Config = serde_json::from_value(config).unwrap();
    errors.push(Box::new(config.client().unwrap_err()));
    // Certificates.
    let download = builder().wechatpay_keys(WechatPayKeys::new()).base_url(sandbox.dead_url());
    let download = download.download_certificates(CertificateDownload::new()).build().unwrap();
    errors.push(Box::new(cancel(&download).await.unwrap_err()));
    let other_key = builder().wechatpay_keys(WechatPayKeys::new()).apiv3_key("0".repeat(32));
    let other_key = other_key.download_certificates(CertificateDownload::new()).build().unwrap();
    errors.push(Box::new(cancel(&other_key).await.unwrap_err()));
    // Notifications.
    let notification = SandboxNotification::example("pay/transaction");
    let (headers, body) = sandbox.notification(notification).unwrap();
    let core = wx.core();
    errors.push(Box::new(core.notification(&headers, b"{}").unwrap_err()));
    errors.push(Box::new(core.notification(&HeaderMap::new(), &body).unwrap_err()));
    errors.push(Box::new(core.notification(&HeaderMap::new(), b"").unwrap_err()));
    errors.push(Box::new(core.notification(&HeaderMap::new(), b"<xml></xml>").unwrap_err()));
    let without = Core::new(sandbox.merchant().clone(), wx.keys()).unwrap();
    errors.push(Box::new(without.notification(&headers, &body).unwrap_err()));
    let wrong = without.with_apiv3_key(ApiV3Key::new("0".repeat(32)).unwrap());
    errors.push(Box::new(wrong.notification(&headers, &body).unwrap_err()));
    let received = core.notification(&headers, &body).unwrap();
    let resource = received.resource::<wxpay_api::v3::refund::types::RefundResult>();
    errors.extend(resource.err().map(|error| Box::new(error) as Shown));
    // Values.
    errors.push(Box::new(
        wx.v3()
            .security()
            .echo()
            .post(|r| r.echo_message("x"))
            .with(|r| r.encrypted_echo_message("长".repeat(200)))
            .await
            .unwrap_err(),
    ));
    type Echo = wxpay_api::v3::security::echo::post::Response;
    errors.push(Box::new(wxpay_api::decode::<Echo>(b"no JSON", None).unwrap_err()));
    let bill = wx.get("/v3/no/such/url\n").await.unwrap_err();
    errors.push(Box::new(bill));
    errors
}

#[tokio::test]
async fn no_error_repeats_its_cause() {
    for error in errors().await {
        let mut outer: &dyn StdError = &*error;
        while let Some(cause) = outer.source() {
            let (message, cause_text) = (outer.to_string(), cause.to_string());
            assert!(!cause_text.is_empty(), "{message}");
            assert!(!message.contains(&cause_text), "`{message}` repeats its cause `{cause_text}`");
            outer = cause;
        }
    }
}

#[tokio::test]
async fn no_error_breaks_a_line_or_floods_a_log() {
    for error in errors().await {
        let shown = error.to_string();
        assert!(!shown.chars().any(char::is_control), "{shown:?}");
        assert!(shown.len() < 2000, "{shown}");
    }
}

#[tokio::test]
async fn external_values_are_shortened_and_made_harmless() {
    let sandbox = Sandbox::builder().examples().undescribed("GET", "/v3/x").start().await.unwrap();
    let wx = sandbox.client().unwrap();
    // A line break, text that runs backwards, and 70,000 bytes.
    let hostile = format!("a\r\nb\u{202e}c\u{200b}{}", "x".repeat(70_000));
    let order = |number: &str| {
        let order = wx.v3().payscore().serviceorder().out_order_no(number).cancel();
        order.post(|r| r.appid("wx1").service_id("500001").reason("x"))
    };
    let mut errors = vec![
        wx.get(hostile.clone()).await.unwrap_err(),
        wx.get(format!("/v3/{hostile}")).await.unwrap_err(),
        wx.get(format!("/v3/x?{hostile}😀=1")).await.unwrap_err(),
        wx.get("/v3/x").host(&hostile).await.unwrap_err(),
        wx.get("/v3/x").header(&hostile, "1").await.unwrap_err(),
        wx.get("/v3/x").header("X-Y", &hostile).await.unwrap_err(),
        wx.post("/v3/x", json!({ &hostile: "😀" })).await.unwrap_err(),
        wx.download_url(&hostile).await.unwrap_err(),
        wx.download_url(format!("https://api.mch.weixin.qq.com/{hostile}")).await.unwrap_err(),
        order(&format!("{hostile}😀")).await.unwrap_err(),
    ];
    let response = json!({ "code": hostile, "message": hostile, "detail": { "field": hostile } });
    sandbox.respond("GET", "/v3/x", PlannedResponse::json(response).status(400)).unwrap();
    errors.push(wx.get("/v3/x").await.unwrap_err());
    for error in errors {
        let shown = error.to_string();
        let harmful = |c: char| c.is_control() || ['\u{202e}', '\u{200b}'].contains(&c);
        assert!(!shown.contains(harmful), "{shown:?}");
        assert!(shown.len() < 2000, "{} bytes", shown.len());
    }
}

/// Logs cut long lines at their end.
#[tokio::test]
async fn the_outcome_and_the_request_id_come_first() {
    let sandbox = Sandbox::builder().examples().undescribed("GET", "/v3/x").start().await.unwrap();
    let wx = sandbox.client().unwrap();
    sandbox
        .respond("GET", "/v3/x", PlannedResponse::error(403, "NO_AUTH", &"无".repeat(500)))
        .unwrap();
    let error = wx.get("/v3/x").await.unwrap_err();
    let shown = error.to_string();
    let id = error.request_id().unwrap();
    assert!(shown.starts_with(&format!("GET /v3/x: refused (request id {id}")), "{shown}");
}

#[tokio::test]
async fn error_kinds_can_be_matched_down_to_the_cause() -> wxpay_api::Result<()> {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client_builder().retries(Retries::none()).build().unwrap();
    let order = wx.v3().payscore().serviceorder().out_order_no("order-1").cancel();
    let cancel = |reason: &str| order.post(|r| r.appid("wx1").service_id("500001").reason(reason));

    let path = "/v3/payscore/serviceorder/{out_order_no}/cancel";
    sandbox.respond("POST", path, PlannedResponse::error(400, "PARAM_ERROR", "参数错误")).unwrap();
    let error = cancel("用户投诉").await.unwrap_err();
    let ErrorKind::Api(api) = error.kind() else { panic!("{error}") };
    assert_eq!((api.status, &*api.code, &*api.message), (400, "PARAM_ERROR", "参数错误"));

    let error = cancel("").await.unwrap_err();
    let ErrorKind::Input(InputError::Encode(EncodeError::Empty { path, .. })) = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(path, "reason");

    sandbox.inject_fault(Fault::Delay(Duration::from_secs(5)));
    let limit = Duration::from_millis(100);
    let error = cancel("用户投诉").deadline(limit).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Deadline(passed) if *passed == limit), "{error}");

    let unread = Transaction::from_response(b"", sandbox.merchant());
    assert!(matches!(unread, Err(DecodeError::Empty)), "{unread:?}");
    cancel("用户投诉").await.map(drop)
}

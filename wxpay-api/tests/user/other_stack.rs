//! The core without I/O over another HTTP client, which blocks.

use bytes::Bytes;
use http::uri::Uri;
use serde_json::json;
use wxpay_api::sandbox::{Fault, PlannedResponse, Sandbox, SignatureFault, SignedHeader};
use wxpay_api::v3::billdownload::file::get as bill;
use wxpay_api::v3::payscore::serviceorder::_out_order_no_::cancel::post as cancel;
use wxpay_api::{Core, DecodeError, ErrorKind, Operation, Outcome, Signed, WechatPayKeys};

const CANCEL: &str = "/v3/payscore/serviceorder/{out_order_no}/cancel";

fn core(sandbox: &Sandbox) -> Core {
    let (id, public_key) = sandbox.wechatpay_public_key();
    let keys = WechatPayKeys::new().with_public_key(id, public_key).unwrap();
    Core::new(sandbox.merchant().clone(), keys).unwrap()
}

fn order(number: &str) -> cancel::Operation {
    let request = cancel::Request::builder().appid("wx1").service_id("500001").reason("用户投诉");
    cancel::operation(number, request)
}

/// Sends a signed request with ureq, to the sandbox in place of WeChat Pay.
async fn send<O: Operation>(sandbox: &Sandbox, signed: &Signed<O>) -> http::Response<Bytes> {
    let mut request = signed.request();
    assert_eq!(request.uri().host(), Some("api.mch.weixin.qq.com"));
    let mut parts = sandbox.url().parse::<Uri>().unwrap().into_parts();
    parts.path_and_query = request.uri().path_and_query().cloned();
    *request.uri_mut() = Uri::from_parts(parts).unwrap();
    let blocking = move || {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        let (head, body) = request.into_parts();
        let response = agent.run(http::Request::from_parts(head, body.as_ref())).unwrap();
        let (head, mut body) = response.into_parts();
        http::Response::from_parts(head, body.read_to_vec().unwrap().into())
    };
    tokio::task::spawn_blocking(blocking).await.unwrap()
}

#[tokio::test]
async fn a_call_is_signed_sent_verified_and_read() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    // Every character that a URL or JSON might change arrives as it was signed.
    for number in ["order-1", "a/b?c=d&e#f", "订单 +%2F"] {
        let signed = core(&sandbox).prepare(order(number)).unwrap().sign().unwrap();
        let reply = {
            let response = send(&sandbox, &signed).await;
            signed.check(response)
        };
        let reply = reply.unwrap();
        assert_eq!(reply.value.out_order_no, number);
        assert!(!reply.verified_message().is_empty());
        let received = sandbox.received().pop().unwrap();
        assert_eq!(received.path_value("out_order_no"), Some(number));
        assert!(received.verified_message.is_some());
    }
}

#[tokio::test]
async fn every_signature_is_new_over_the_same_bytes() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let unsigned = core(&sandbox).prepare(order("order-1")).unwrap();
    let (first, second) = (unsigned.sign().unwrap(), unsigned.sign().unwrap());
    assert_eq!(first.request().body(), second.request().body());
    assert_ne!(first.sent().authorization.nonce(), second.sent().authorization.nonce());
}

#[tokio::test]
async fn responses_that_are_not_from_wechat_pay_are_refused() {
    for (fault, outcome) in [
        (SignatureFault::OtherBody.into(), Outcome::Unknown),
        (SignatureFault::Probe.into(), Outcome::Unknown),
        (SignatureFault::Without(SignedHeader::Serial).into(), Outcome::Unknown),
        (Fault::Html { status: 200, signed: false }, Outcome::Unknown),
        (Fault::Unavailable { status: 500, retry_after: None }, Outcome::Unknown),
        (Fault::Unavailable { status: 429, retry_after: None }, Outcome::Refused),
    ] {
        let sandbox = Sandbox::builder().examples().start().await.unwrap();
        sandbox.inject_fault(fault);
        let signed = core(&sandbox).prepare(order("order-1")).unwrap().sign().unwrap();
        let response = send(&sandbox, &signed).await;
        assert_eq!(signed.check(response).unwrap_err().outcome(), outcome);
    }
}

#[tokio::test]
async fn an_accepted_but_unreadable_order_is_reported_as_accepted() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    sandbox.respond("POST", CANCEL, PlannedResponse::json(json!([1])).unchecked()).unwrap();
    let signed = core(&sandbox).prepare(order("order-1")).unwrap().sign().unwrap();
    let response = send(&sandbox, &signed).await;
    let error = signed.check(response).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unreadable(DecodeError::NotAnObject)), "{error}");
    assert!(
        error.to_string().contains("unreadable: the body is JSON, but not an object"),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::Accepted);
}

#[tokio::test]
async fn a_raw_file_is_accepted_as_a_download() {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    sandbox.set_bill("交易时间\n");
    let link = sandbox.client().unwrap().get("/v3/bill/tradebill?bill_date=2026-11-01").await;
    let link = link.unwrap()["download_url"].as_str().unwrap().to_owned();
    let (_, token) = link.split_once("token=").unwrap();
    let operation = bill::operation(bill::Request::builder().token(token));
    let signed = core(&sandbox).prepare(operation).unwrap().sign().unwrap();
    let response = send(&sandbox, &signed).await;
    let file = signed.check_download(response).unwrap();
    assert_eq!(file.content().as_ref(), "交易时间\n".as_bytes());
    assert!(!file.is_digest_checked());
}

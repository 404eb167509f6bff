//! The traces of a call: one span per call, and nothing that identifies an order.
//!
//! This is a separate binary that runs one test at a time: `tracing` decides for the whole process
//! whether a place in the code is traced, whenever a subscriber comes or goes.

#![cfg(all(feature = "payscore", feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed expectation is a failed test"
)]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use wxpay_api::sandbox::{Fault, PlannedResponse, Sandbox};
use wxpay_api::v3::payscore::serviceorder::_out_order_no_::cancel::post;
use wxpay_api::{Call, Client};

const CANCEL: &str = "/v3/payscore/serviceorder/{out_order_no}/cancel";

static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

fn cancel(wx: &Client) -> Call<post::Operation> {
    let order = wx.v3().payscore().serviceorder().out_order_no("order-1");
    order.cancel().post(|r| r.appid("wxd678efh567hg6787").service_id("500001").reason("用户投诉"))
}

/// The fields of every span in the order of opening, and the events.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Notes>>);

#[derive(Default)]
struct Notes {
    spans: Vec<Fields>,
    events: Vec<Fields>,
}

#[derive(Clone, Debug, Default)]
struct Fields(BTreeMap<String, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl Subscriber for Seen {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("wxpay_api")
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let mut notes = self.0.lock().unwrap();
        notes.spans.push(fields);
        Id::from_u64(notes.spans.len() as u64)
    }

    fn record(&self, span: &Id, record: &Record<'_>) {
        let index = span.into_u64() as usize - 1;
        record.record(&mut self.0.lock().unwrap().spans[index]);
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        self.0.lock().unwrap().events.push(fields);
    }

    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
}

impl Seen {
    /// The only span there is.
    fn span(&self) -> BTreeMap<String, String> {
        let notes = self.0.lock().unwrap();
        assert_eq!(notes.spans.len(), 1);
        notes.spans[0].0.clone()
    }

    fn everything(&self) -> String {
        let notes = self.0.lock().unwrap();
        format!("{:?} {:?}", notes.spans, notes.events)
    }
}

#[tokio::test]
async fn a_span_shows_the_outcome_of_a_call_and_nothing_about_the_order() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    sandbox.inject_fault(Fault::Unavailable { status: 500, retry_after: None });
    let seen = Seen::default();
    let guard = tracing::subscriber::set_default(seen.clone());
    let reply = cancel(&wx).reply().await.unwrap();
    drop(guard);
    let span = seen.span();
    assert_eq!(span["otel.name"], format!("POST {CANCEL}"));
    assert_eq!(span["otel.kind"], "client");
    assert_eq!(span["http.request.method"], "POST");
    assert_eq!(span["url.template"], CANCEL);
    assert_eq!(span["http.response.status_code"], "200");
    assert_eq!(span["wechatpay.request_id"], reply.request_id().unwrap());
    assert_eq!(span["http.request.resend_count"], "1");
    assert_eq!(span["wechatpay.merchant"], "1230000109");
    assert_eq!(span["wechatpay.outcome"], "Accepted");
    assert!(span["duration_ms"].parse::<u64>().unwrap() >= 150, "it paused before the repeat");
    assert!(!span.contains_key("url.path"));
    let everything = seen.everything();
    assert!(everything.contains("500 SYSTEM_ERROR"), "{everything}");
    for private in ["order-1", "用户投诉", "wxd678efh567hg6787", "signature"] {
        assert!(!everything.contains(private), "{private} in {everything}");
    }
}

#[tokio::test]
async fn a_span_shows_a_refusal() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    sandbox.respond("POST", CANCEL, PlannedResponse::error(403, "NO_AUTH", "无权限")).unwrap();
    let seen = Seen::default();
    let guard = tracing::subscriber::set_default(seen.clone());
    cancel(&wx).await.unwrap_err();
    drop(guard);
    let span = seen.span();
    assert_eq!(span["http.response.status_code"], "403");
    assert_eq!(span["http.request.resend_count"], "0");
    assert_eq!(span["wechatpay.outcome"], "Refused");
}

#[tokio::test]
async fn paths_are_traced_on_request() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client_builder().trace_paths(true).build().unwrap();
    let seen = Seen::default();
    let guard = tracing::subscriber::set_default(seen.clone());
    cancel(&wx).await.unwrap();
    drop(guard);
    assert_eq!(seen.span()["url.path"], "/v3/payscore/serviceorder/order-1/cancel");
}

/// Calls of many kinds, with bodies in the traces.
#[cfg(all(feature = "bill", feature = "pay", feature = "trace-bodies"))]
#[tokio::test]
async fn bodies_are_traced_only_if_switched_on_twice_and_without_credentials() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client_builder().trace_bodies(true).build().unwrap();
    let seen = Seen::default();
    let guard = tracing::subscriber::set_default(seen.clone());
    let reply = cancel(&wx).reply().await.unwrap();
    let prepay = wx.v3().pay().transactions().jsapi().post(|r| {
        r.appid("wxd678efh567hg6787")
            .mchid("1230000109")
            .description("一杯咖啡")
            .out_trade_no("T2025030100001")
            .amount(|a| a.total(100))
            .notify_url("https://shop.example/notify")
            .payer(|p| p.openid("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"))
    });
    let prepay_id = prepay.await.unwrap().prepay_id;
    let bill = wx.v3().bill().tradebill().get(|r| r.bill_date("2025-03-01")).await.unwrap();
    let echo = wx.v3().security().echo().post(|r| r.echo_message("hello"));
    echo.with(|r| r.encrypted_echo_message("秘密")).await.unwrap();
    // A secret that came in plain text against its documentation.
    let plain = r#"{"echo_message":"hello","encrypted_echo_message":"plain-secret"}"#;
    sandbox.respond("POST", "/v3/security/echo", PlannedResponse::verbatim(plain)).unwrap();
    wx.v3().security().echo().post(|r| r.echo_message("hello")).await.unwrap();
    sandbox.inject_fault(Fault::Html { status: 502, signed: false });
    cancel(&wx).retries(wxpay_api::Retries::none()).await.unwrap_err();
    wx.get("/v3/certificates?token=secret-token").await.unwrap_err();
    drop(guard);
    let everything = seen.everything();
    for shown in [
        "用户投诉",
        "/v3/payscore/serviceorder/order-1/cancel",
        "T2025030100001",
        "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
        "bill_date=2025-03-01",
        "application/json",
        "text/html",
        "wechatpay-serial",
        "[redacted]",
    ] {
        assert!(everything.contains(shown), "no {shown} in {everything}");
    }
    let link = bill.download_url.split('?').nth(1).unwrap();
    let signed = reply.sent().authorization.signature();
    let verified = reply.headers()["Wechatpay-Signature"].to_str().unwrap();
    for hidden in [
        &*prepay_id,
        link,
        signed,
        verified,
        "shop.example",
        "秘密",
        "plain-secret",
        "secret-token",
        "<html",
    ] {
        assert!(!everything.contains(hidden), "{hidden} in {everything}");
    }
}

#[tokio::test]
async fn a_span_of_a_link_shows_its_operation_and_no_id() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let link = format!("{}/v3/merchant-service/images/ChsyMDAw?token=secret", sandbox.url());
    let seen = Seen::default();
    let guard = tracing::subscriber::set_default(seen.clone());
    wx.download_url(link).await.unwrap_err();
    drop(guard);
    assert_eq!(seen.span()["url.template"], "/v3/merchant-service/images/{…}");
    let everything = seen.everything();
    assert!(!everything.contains("ChsyMDAw") && !everything.contains("secret"), "{everything}");
}

#[tokio::test]
async fn a_span_of_an_untyped_call_shows_no_order() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let seen = Seen::default();
    let guard = tracing::subscriber::set_default(seen.clone());
    let body = serde_json::json!({ "appid": "wxd678efh567hg6787", "service_id": "500001", "reason": "用户投诉" });
    wx.post("/v3/payscore/serviceorder/order-1/cancel", body).await.unwrap();
    drop(guard);
    let span = seen.span();
    assert_eq!(span["otel.name"], "POST /v3/payscore");
    assert_eq!(span["url.template"], "/v3/payscore");
    let everything = seen.everything();
    assert!(!everything.contains("order-1"), "{everything}");
}

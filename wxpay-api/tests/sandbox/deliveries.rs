//! Deliveries of notifications to a server, and their repetition.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::HeaderMap;
use http_body_util::{BodyExt, Full};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use wxpay_api::sandbox::{
    Delivery, DeliveryLog, Sandbox, SandboxNotification, Schedule, SignatureFault,
};

use crate::support::start;

/// A day in less than 0.1 s.
const FASTER: u32 = 1_000_000;

/// A merchant's server, and the notifications that reached it.
struct Shop {
    url: String,
    received: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
}

impl Shop {
    /// Starts a server that responds with these statuses in turn, then always with the last one.
    async fn start(statuses: &[u16], body: &'static str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/notify", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let (statuses, kept) = (statuses.to_vec(), Arc::clone(&received));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (statuses, kept) = (statuses.clone(), Arc::clone(&kept));
                let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                    let (statuses, kept) = (statuses.clone(), Arc::clone(&kept));
                    async move {
                        let (head, content) = request.into_parts();
                        let content = content.collect().await.unwrap().to_bytes();
                        let mut kept = kept.lock().unwrap();
                        let status = statuses.get(kept.len()).or(statuses.last()).unwrap();
                        kept.push((head.headers, content));
                        let mut response = http::Response::new(Full::new(Bytes::from(body)));
                        *response.status_mut() = (*status).try_into().unwrap();
                        Ok::<_, Infallible>(response)
                    }
                });
                let server = hyper::server::conn::http1::Builder::new();
                tokio::spawn(server.serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { url, received }
    }

    fn received(&self) -> Vec<(HeaderMap, Bytes)> {
        self.received.lock().unwrap().clone()
    }
}

fn paid() -> SandboxNotification {
    SandboxNotification::example("test/order")
}

async fn deliver(sandbox: &Sandbox, shop: &Shop, notification: SandboxNotification) -> DeliveryLog {
    sandbox.deliver(&shop.url, notification, Delivery::faster(FASTER)).await.unwrap()
}

fn seconds(schedule: Schedule) -> Vec<u64> {
    schedule.pauses().map(|pause| pause.as_secs()).collect()
}

#[test]
fn the_schedules_are_the_official_ones() {
    let standard = seconds(Schedule::standard());
    assert_eq!(
        standard,
        [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600]
    );
    assert_eq!(standard.iter().sum::<u64>(), 24 * 3600 + 4 * 60);
    assert_eq!(Schedule::of("TRANSACTION.SUCCESS"), Schedule::standard());
    let transfer = seconds(Schedule::of("MCHTRANSFER.BILL.FINISHED"));
    assert_eq!((transfer.len(), transfer.iter().sum::<u64>()), (65, 150 + 3000 + 44 * 1800));
    assert_eq!(seconds(Schedule::of("COUPON.SEND")), [60; 11]);
    assert_eq!(seconds(Schedule::of("PAYSCORE.USER_SIGN_PLAN")), [60; 11]);
    assert_eq!(seconds(Schedule::of("COUPON.USE")), [60; 9]);
    assert_eq!(seconds(Schedule::of("ENTRUST.SIGNING"))[..3], [1, 60, 60]);
    let ecommerce = seconds(Schedule::of("ECOMMERCE_ENTRUST.SIGN"));
    assert_eq!((ecommerce.len(), &ecommerce[..8]), (30, &[0, 10, 10, 10, 30, 30, 30, 300][..]));
    let overseas = [15, 15, 30, 180, 1800, 1800, 1800, 1800, 3600];
    assert_eq!(seconds(Schedule::overseas()), overseas);
}

#[tokio::test]
async fn it_is_sent_until_it_is_acknowledged() {
    let sandbox = start().await;
    for (status, acknowledged) in [(200, true), (204, true), (201, false), (302, false)] {
        let shop = Shop::start(&[500, 400, status, 200], "").await;
        let log = deliver(&sandbox, &shop, paid()).await;
        assert!(log.is_acknowledged());
        assert_eq!(log.attempts.len(), if acknowledged { 3 } else { 4 }, "{status}");
        assert_eq!(shop.received().len(), log.attempts.len());
        let after: Vec<_> = log.attempts.iter().map(|attempt| attempt.after.as_secs()).collect();
        assert_eq!(after[..3], [0, 15, 30]);
        assert_eq!(log.attempts[0].response.as_ref().unwrap().status, 500);
    }
}

#[tokio::test]
async fn every_copy_is_the_same_and_signed_anew() {
    let sandbox = start().await;
    let shop = Shop::start(&[500, 500, 200], "").await;
    let log = deliver(&sandbox, &shop, paid()).await;
    let received = shop.received();
    let (headers, body) = &received[0];
    let envelope: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(envelope["id"], log.id);
    assert!(received.iter().all(|(_, copy)| copy == body));
    let nonces: HashSet<_> = received.iter().map(|(it, _)| &it["Wechatpay-Nonce"]).collect();
    assert_eq!(nonces.len(), 3);
    let wx = sandbox.client().unwrap();
    wx.notification(headers, body).await.unwrap();
}

#[tokio::test]
async fn it_is_abandoned_when_the_schedule_ends() {
    let sandbox = start().await;
    let shop = Shop::start(&[500], "").await;
    let log = deliver(&sandbox, &shop, paid()).await;
    assert!(!log.is_acknowledged());
    assert_eq!(log.attempts.len(), 16);
    assert_eq!(log.attempts[15].after, Duration::from_secs(24 * 3600 + 4 * 60));
    let once = Delivery::faster(1).schedule(Schedule::once());
    let log = sandbox.deliver(&shop.url, paid(), once).await.unwrap();
    assert_eq!(log.attempts.len(), 1);
}

#[tokio::test]
async fn faults_are_injected_in_the_first_copy_only() {
    let sandbox = start().await;
    let wx = sandbox.client().unwrap();
    for fault in [SignatureFault::Probe, SignatureFault::OtherBody, SignatureFault::Clock(-400)] {
        let shop = Shop::start(&[401, 200], "").await;
        deliver(&sandbox, &shop, paid().fault(fault)).await;
        let received = shop.received();
        wx.notification(&received[0].0, &received[0].1).await.unwrap_err();
        wx.notification(&received[1].0, &received[1].1).await.unwrap();
    }
}

#[tokio::test]
async fn a_copy_comes_over_a_second_link() {
    let sandbox = start().await;
    let shop = Shop::start(&[200], "").await;
    let delivery = Delivery::faster(FASTER).second_link();
    let log = sandbox.deliver(&shop.url, paid(), delivery).await.unwrap();
    assert_eq!(log.attempts.len(), 2);
    assert!(!log.attempts[0].second_link && log.attempts[1].second_link);
    assert_eq!(log.attempts[1].after, Duration::from_secs(1));
    let received = shop.received();
    assert_eq!(received[0].1, received[1].1);
}

#[tokio::test]
async fn a_slow_or_unreachable_server_has_not_received_it() {
    let sandbox = start().await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent_url = format!("http://{}/", silent.local_addr().unwrap());
    for url in [&silent_url, sandbox.dead_url()] {
        let delivery = Delivery::faster(FASTER).schedule(Schedule::of("COUPON.USE"));
        let start = Instant::now();
        let delivery = delivery.patience(Duration::from_millis(20));
        let log = sandbox.deliver(url, paid(), delivery).await.unwrap();
        assert_eq!(log.attempts.len(), 10);
        assert!(log.attempts.iter().all(|it| it.response.is_none() && !it.is_acknowledged()));
        assert!(start.elapsed() < Duration::from_secs(4), "the sandbox does not wait for 5 s");
    }
    let error = sandbox.deliver("https://example.com/", paid(), Delivery::faster(1)).await;
    error.unwrap_err();
}

#[tokio::test]
async fn a_question_is_sent_once_and_its_response_is_read() {
    let sandbox = start().await;
    let question =
        || SandboxNotification::new("ENTRUST.TERMINATE_RETENTION", json!({ "plan_id": 1 }));
    let right = r#"{"code":"SUCCESS","message":"","retention_type":"COUPON",
        "coupon_info":{"state":"SENDED","coupon_id":"1"}}"#;
    let log = deliver(&sandbox, &Shop::start(&[200], right).await, question()).await;
    assert!(log.is_acknowledged());
    let wrong = [
        ("", "JSON"),
        ("{}", "`code`"),
        (r#"{"code":"SUCCESS","message":""}"#, "`retention_type`"),
        (r#"{"code":"","message":"","retention_type":"","coupon_info":{}}"#, "`coupon_info.state`"),
    ];
    for (body, problem) in wrong {
        let log = deliver(&sandbox, &Shop::start(&[200], body).await, question()).await;
        assert_eq!(log.attempts.len(), 1, "it is not asked again");
        let refusal = log.attempts[0].refusal.as_ref().unwrap();
        assert!(refusal.contains(problem), "{refusal}");
    }
}

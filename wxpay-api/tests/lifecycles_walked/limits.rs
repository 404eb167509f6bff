//! Memory is bounded by settings: of requests, and of what is remembered.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wxpay_api::sandbox::{LifecycleError, Sandbox};

const COMPLAINT: &str = "merchant-service/complaint";
/// How many come after the limit is reached.
const MORE: usize = 50;

/// Sends requests without a signature over one connection. The journal has them as any other.
async fn knock(sandbox: &Sandbox, requests: std::ops::Range<usize>) {
    let host = sandbox.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let (mut reader, mut writer) = stream.split();
    let last = requests.end - 1;
    let write = async {
        for index in requests {
            let end = if index == last { "Connection: close\r\n" } else { "" };
            let request =
                format!("GET /v3/certificates?n={index} HTTP/1.1\r\nHost: {host}\r\n{end}\r\n");
            writer.write_all(request.as_bytes()).await.unwrap();
        }
    };
    let read = async {
        let mut responses = Vec::new();
        reader.read_to_end(&mut responses).await.unwrap();
    };
    tokio::join!(write, read);
}

async fn requests_stay_at(limit: usize) {
    let sandbox = Sandbox::builder().journal_limit(limit).start().await.unwrap();
    knock(&sandbox, 0..limit).await;
    assert_eq!(sandbox.received().len(), limit);
    knock(&sandbox, limit..limit + MORE).await;
    let held = sandbox.received();
    assert_eq!(held.len(), limit);
    assert_eq!(held[0].target, format!("/v3/certificates?n={MORE}"));
    assert_eq!(held[limit - 1].target, format!("/v3/certificates?n={}", limit + MORE - 1));
}

#[tokio::test]
async fn the_journal_of_requests_stays_at_100() {
    requests_stay_at(100).await;
}

#[tokio::test]
async fn the_journal_of_requests_stays_at_10_000() {
    requests_stay_at(10_000).await;
}

/// Users complain without end. Nobody asked for notifications, so each is journaled as not sent.
async fn resources_stay_at(limit: usize) {
    let sandbox = Sandbox::builder().resource_limit(limit).start().await.unwrap();
    let complain = || {
        let complaint = sandbox.create(COMPLAINT, json!({})).unwrap();
        complaint.object().unwrap()["complaint_id"].as_str().unwrap().to_owned()
    };
    let oldest = sandbox.create(COMPLAINT, json!({})).unwrap();
    let first: Vec<_> = (1..MORE).map(|_| complain()).collect();
    (MORE..limit).for_each(|_| drop(complain()));
    assert_eq!(oldest.state().unwrap(), "PENDING");
    let last: Vec<_> = (0..MORE).map(|_| complain()).collect();
    assert!(matches!(oldest.state(), Err(LifecycleError::Gone)));
    for number in &first {
        let gone = sandbox.resource(COMPLAINT, number).unwrap_err();
        assert!(matches!(gone, LifecycleError::UnknownResource { .. }), "{gone}");
    }
    assert_eq!(sandbox.resources(COMPLAINT).unwrap().len(), limit);
    assert_eq!(sandbox.sent_notifications().len(), limit);
    // What is there is whole: it is found, changes, and is told to the merchant.
    let held = sandbox.resource(COMPLAINT, last.last().unwrap()).unwrap();
    held.event("write_again").unwrap();
    assert_eq!(sandbox.sent_notifications().len(), limit);
    assert_eq!(held.notifications().len(), 2);
    let wx = sandbox.client().unwrap();
    let at = |number: &str| format!("/v3/merchant-service/complaints-v2/{number}");
    assert_eq!(wx.get(at(&last[0])).await.unwrap()["complaint_id"], *last[0]);
    let error = wx.get(at(&first[0])).await.unwrap_err();
    assert_eq!(error.api().unwrap().status, 404);
}

#[tokio::test]
async fn what_is_remembered_stays_at_100() {
    resources_stay_at(100).await;
}

#[tokio::test]
async fn what_is_remembered_stays_at_10_000() {
    resources_stay_at(10_000).await;
}

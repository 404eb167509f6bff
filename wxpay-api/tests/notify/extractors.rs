//! axum's handlers, over real sockets.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{FromRef, State};
use axum::routing::post;
use axum::{Router, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use wxpay_api::axum::{LIMIT, Notified, NotifiedClient, Rejection, TIME_LIMIT};
use wxpay_api::sandbox::{Sandbox, SandboxNotification, SignatureFault, SignedHeader};
use wxpay_api::{Acknowledgement, Client, Clients, NotificationError};

/// The state of a merchant's service.
#[derive(Clone)]
struct Service {
    wx: Client,
    clients: Clients,
    seen: Seen,
}

/// A record of what reached the handlers.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl FromRef<Service> for Client {
    fn from_ref(service: &Service) -> Self {
        service.wx.clone()
    }
}

impl FromRef<Service> for Clients {
    fn from_ref(service: &Service) -> Self {
        service.clients.clone()
    }
}

impl FromRef<Service> for Seen {
    fn from_ref(service: &Service) -> Self {
        service.seen.clone()
    }
}

impl Seen {
    fn add(&self, text: impl Into<String>) {
        self.0.lock().unwrap().push(text.into());
    }

    fn handled(&self, text: impl Into<String>) -> Acknowledgement {
        self.add(text);
        Acknowledgement::handled()
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

async fn plain(State(seen): State<Seen>, Notified(notification): Notified) -> Acknowledgement {
    seen.handled(notification.event_type())
}

async fn small(State(seen): State<Seen>, Notified(_): Notified<512>) -> Acknowledgement {
    seen.handled("small")
}

async fn hasty(State(seen): State<Seen>, _: Notified<LIMIT, 200>) -> Acknowledgement {
    seen.handled("hasty")
}

async fn hasty_shared(State(seen): State<Seen>, _: NotifiedClient<LIMIT, 200>) -> Acknowledgement {
    seen.handled("hasty")
}

async fn large(State(seen): State<Seen>, _: Notified<{ 4 * LIMIT }>) -> Acknowledgement {
    seen.handled("large")
}

async fn shared(
    State(seen): State<Seen>,
    NotifiedClient(client, notification): NotifiedClient,
) -> Acknowledgement {
    seen.handled(format!("{} for {}", notification.event_type(), client.id()))
}

async fn curious(
    State(seen): State<Seen>,
    notified: Result<Notified, Rejection>,
) -> Result<Acknowledgement, Rejection> {
    if let Err(rejection) = &notified {
        seen.add(format!("probe: {}, {rejection}", rejection.is_probe()));
    }
    notified.map(|Notified(notification)| seen.handled(notification.event_type()))
}

/// A sandbox, and a service of its merchant at a URL.
async fn start() -> (Sandbox, String, Service) {
    let sandbox = Sandbox::builder().examples().start().await.unwrap();
    let wx = sandbox.client().unwrap();
    let clients = Clients::new();
    clients.insert(wx.clone());
    let service = Service { wx, clients, seen: Seen::default() };
    let routes = Router::new()
        .route("/plain", post(plain))
        .route("/small", post(small))
        .route("/large", post(large))
        .route("/hasty", post(hasty))
        .route("/hasty-shared", post(hasty_shared))
        .route("/shared", post(shared))
        .route("/curious", post(curious))
        .with_state(service.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { serve(listener, routes).await });
    (sandbox, url, service)
}

/// The status and the body of the response to a notification.
async fn notify(sandbox: &Sandbox, url: String, notification: SandboxNotification) -> (u16, Value) {
    let response = sandbox.notify(&url, notification).await.unwrap();
    (response.status, serde_json::from_slice(&response.body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn a_notification_reaches_its_handler() {
    let (sandbox, url, service) = start().await;
    let response =
        notify(&sandbox, format!("{url}/plain"), SandboxNotification::example("pay/transaction"))
            .await;
    assert_eq!(response, (204, Value::Null));
    assert_eq!(service.seen.take(), ["TRANSACTION.SUCCESS"]);
}

#[tokio::test]
async fn a_notification_at_a_shared_url_comes_with_its_client() {
    let (sandbox, url, service) = start().await;
    let notification = || SandboxNotification::example("pay/transaction");
    assert_eq!(notify(&sandbox, format!("{url}/shared"), notification()).await.0, 204);
    assert_eq!(service.seen.take(), [format!("TRANSACTION.SUCCESS for {}", service.wx.id())]);
    service.clients.remove(service.wx.id());
    let (status, body) = notify(&sandbox, format!("{url}/shared"), notification()).await;
    assert_eq!((status, &body["code"]), (401, &json!("FAIL")));
    assert!(service.seen.take().is_empty());
}

#[tokio::test]
async fn untrusted_requests_reach_no_handler() {
    let (sandbox, url, service) = start().await;
    for fault in [
        SignatureFault::Probe,
        SignatureFault::OtherBody,
        SignatureFault::UnknownSerial,
        SignatureFault::Clock(-301),
        SignatureFault::Without(SignedHeader::Signature),
    ] {
        let notification = SandboxNotification::example("pay/transaction").fault(fault.clone());
        let response = notify(&sandbox, format!("{url}/plain"), notification).await;
        let refusal = json!({ "code": "FAIL", "message": "the signature is wrong" });
        assert_eq!(response, (401, refusal), "{fault:?}");
    }
    assert!(service.seen.take().is_empty());
}

#[tokio::test]
async fn a_handler_may_count_probes_before_they_are_refused() {
    let (sandbox, url, service) = start().await;
    for (fault, expected) in
        [(SignatureFault::Probe, "probe: true"), (SignatureFault::OtherBody, "probe: false")]
    {
        let notification = SandboxNotification::example("pay/transaction").fault(fault);
        assert_eq!(notify(&sandbox, format!("{url}/curious"), notification).await.0, 401);
        let seen = service.seen.take();
        assert!(seen[0].starts_with(expected), "{seen:?}");
    }
}

#[tokio::test]
async fn a_body_has_a_limit() {
    let (sandbox, url, service) = start().await;
    let notification = || SandboxNotification::new("LARGE", json!({ "text": "x".repeat(LIMIT) }));
    for path in ["/plain", "/shared", "/small"] {
        let (status, body) = notify(&sandbox, format!("{url}{path}"), notification()).await;
        assert_eq!((status, &body["code"]), (413, &json!("FAIL")), "{path}");
    }
    assert!(service.seen.take().is_empty());
    assert_eq!(notify(&sandbox, format!("{url}/large"), notification()).await.0, 204);
    assert_eq!(service.seen.take(), ["large"]);
}

#[tokio::test]
async fn a_body_that_breaks_off_reaches_no_handler() {
    let (sandbox, url, service) = start().await;
    let (headers, body) =
        sandbox.notification(SandboxNotification::example("pay/transaction")).unwrap();
    let mut head =
        format!("POST /curious HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in &headers {
        head += &format!("{name}: {}\r\n", value.to_str().unwrap());
    }
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
    stream.write_all(&body[..body.len() / 2]).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 400"), "{response}");
    let seen = service.seen.take();
    assert!(seen[0].contains("the body is incomplete"), "{seen:?}");
}

/// A stalled sender occupies the server only until the extractor's time limit.
#[tokio::test]
async fn a_body_that_stalls_ends_by_the_time_limit() {
    let (sandbox, url, service) = start().await;
    let (headers, body) =
        sandbox.notification(SandboxNotification::example("pay/transaction")).unwrap();
    for path in ["/hasty", "/hasty-shared"] {
        let mut head =
            format!("POST {path} HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in &headers {
            head += &format!("{name}: {}\r\n", value.to_str().unwrap());
        }
        let mut stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
        stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).await.unwrap();
        stream.write_all(&body[..body.len() / 2]).await.unwrap();
        let mut response = String::new();
        let read = timeout(Duration::from_secs(3), stream.read_to_string(&mut response));
        read.await.expect("the response comes while the sender stalls").unwrap();
        assert!(response.starts_with("HTTP/1.1 408"), "{response}");
        assert!(response.contains("\"FAIL\""), "{response}");
    }
    assert!(service.seen.take().is_empty());
    let notification = SandboxNotification::example("pay/transaction");
    assert_eq!(notify(&sandbox, format!("{url}/hasty"), notification).await.0, 204);
    let rejection = Rejection::TooSlow { limit: Duration::from_millis(TIME_LIMIT) };
    assert!(rejection.to_string().contains("4s"), "{rejection}");
    assert!(!Acknowledgement::from(&rejection).is_handled());
}

#[test]
fn a_refusal_implements_error() {
    let rejection = Rejection::from(NotificationError::NoApiV3Key);
    assert_eq!(Acknowledgement::from(&rejection).status(), 500);
    assert!(rejection.to_string().contains("APIv3 key"), "{rejection}");
}

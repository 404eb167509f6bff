//! Limits of attempts and of connecting, and the errors after them.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wxpay_api::sandbox::{Fault, Sandbox};
use wxpay_api::{Client, ClientBuilder, Error, ErrorKind, Outcome, Retries, Transport};

use crate::transports::tls;
use crate::{cancel, sandbox};

const QUICK: Retries = Retries::new().first_pause(Duration::from_millis(10));

/// The place where a server stops for good.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stall {
    /// It accepts connections and sends nothing, so that TLS never completes.
    Tls,
    /// It is a proxy that never responds to `CONNECT`.
    Proxy,
    /// It reads the request and never responds.
    Head,
    /// It stops in the middle of the response.
    Body,
}

/// Starts a server that stalls on every connection. Returns its address, without a scheme.
async fn stalling(stall: Stall) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            if matches!(stall, Stall::Head | Stall::Body) {
                let mut request = [0; 16 << 10];
                let _ = stream.read(&mut request).await;
            }
            if stall == Stall::Body {
                let head = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"order";
                let _ = stream.write_all(head).await;
            }
            held.push(stream);
        }
    });
    address
}

/// An address where connecting takes for ever: its queue of connections is full.
async fn unreachable() -> (String, Vec<TcpStream>, TcpListener) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut held = Vec::new();
    while let Ok(Ok(stream)) =
        tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await
    {
        held.push(stream);
    }
    (address.to_string(), held, listener)
}

/// The error of a call to this server, with a deadline of 900 ms.
async fn failure(
    builder: ClientBuilder,
    call: impl AsyncFnOnce(&Client) -> Error,
) -> (Error, Duration) {
    let wx = builder.deadline(Duration::from_millis(900)).retries(QUICK).build().unwrap();
    let started = Instant::now();
    let error = call(&wx).await;
    (error, started.elapsed())
}

/// An operation whose number makes a retry harmless.
async fn cancelled(wx: &Client) -> Error {
    cancel(wx).deadline(Duration::from_millis(900)).await.unwrap_err()
}

/// An operation that must not run twice.
async fn untyped(wx: &Client) -> Error {
    wx.post("/v3/new/one", serde_json::json!({})).await.unwrap_err()
}

/// An operation that changes nothing.
async fn queried(wx: &Client) -> Error {
    let orders = wx.v3().pay().transactions().out_trade_no().out_trade_no("order-1");
    orders.get(|r| r.mchid("1230000109")).await.unwrap_err()
}

/// The errors of an operation that must not run twice, of one with a natural key, and of a read.
async fn failures(builder: impl AsyncFn() -> ClientBuilder) -> [(Error, Duration); 3] {
    [
        failure(builder().await, untyped).await,
        failure(builder().await, cancelled).await,
        failure(builder().await, queried).await,
    ]
}

async fn through_proxy(sandbox: &Sandbox, address: &str) -> ClientBuilder {
    let transport = Transport::builder().proxy(format!("http://{address}")).build().unwrap();
    sandbox.client_builder().base_url("https://wxpay.invalid").transport(&transport)
}

#[tokio::test]
async fn a_stall_while_connecting_counts_as_not_sent_under_every_limit() {
    let (sandbox, _) = sandbox().await;
    let tls = stalling(Stall::Tls).await;
    let proxy = stalling(Stall::Proxy).await;
    let (full, _held, _listener) = unreachable().await;
    for stage in ["tcp", "tls", "proxy"] {
        let builder = async || match stage {
            "tcp" => sandbox.client_builder().base_url(format!("http://{full}")),
            "tls" => sandbox.client_builder().base_url(format!("https://{tls}")),
            _ => through_proxy(&sandbox, &proxy).await,
        };
        // The share of the deadline: every attempt is made, whatever the operation.
        for (error, time) in failures(builder).await {
            assert_eq!(error.outcome(), Outcome::NotSent, "{stage}: {error}");
            assert!(matches!(error.kind(), ErrorKind::ConnectTimeout(_) | ErrorKind::Deadline(_)));
            assert_eq!(error.attempts(), 3, "{stage}: {error}");
            assert!(time < Duration::from_secs(3), "{stage}: {time:?}");
        }
        // The deadline of the call.
        let wx = builder().await.retries(Retries::none()).build().unwrap();
        let error = cancel(&wx).deadline(Duration::from_millis(200)).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent, "{stage}: {error}");
        // The limit of the attempt.
        let wx = builder().await.attempt_timeout(Duration::from_millis(100)).retries(QUICK);
        let error = cancel(&wx.build().unwrap()).await.unwrap_err();
        assert_eq!((error.attempts(), error.outcome()), (3, Outcome::NotSent), "{stage}: {error}");
    }
    // The limit of the transport.
    let transport = Transport::builder().no_proxy().connect_timeout(Duration::from_millis(100));
    let transport = transport.build().unwrap();
    let builder = sandbox.client_builder().base_url(format!("https://{tls}"));
    let wx = builder.transport(&transport).retries(QUICK).build().unwrap();
    let error = cancel(&wx).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connect(_)), "{error}");
    assert_eq!((error.attempts(), error.outcome()), (3, Outcome::NotSent));
}

#[tokio::test]
async fn a_stall_after_sending_is_unknown_and_retried_only_where_that_is_harmless() {
    let (sandbox, _) = sandbox().await;
    for stall in [Stall::Head, Stall::Body] {
        let address = stalling(stall).await;
        let builder = async || sandbox.client_builder().base_url(format!("http://{address}"));
        let [(error, time), natural_key, safe] = failures(builder).await;
        for (error, _) in [natural_key, safe] {
            assert_eq!(
                (error.attempts(), error.outcome()),
                (3, Outcome::Unknown),
                "{stall:?} {error}"
            );
        }
        assert_eq!((error.attempts(), error.outcome()), (1, Outcome::Unknown), "{stall:?} {error}");
        // This attempt has all the time that is left.
        assert!(time >= Duration::from_millis(850), "{stall:?}: {time:?}");
        assert!(matches!(error.kind(), ErrorKind::Deadline(_)), "{stall:?}: {error}");
        if stall == Stall::Body {
            assert_eq!(error.received().unwrap().body, b"{\"order".as_slice());
        }
    }
}

#[tokio::test]
async fn one_stalled_attempt_leaves_time_for_the_next() {
    for fault in [
        Fault::Delay(Duration::from_secs(60)),
        Fault::Drip { piece: 1, pause: Duration::from_secs(60) },
    ] {
        let (sandbox, wx) = sandbox().await;
        sandbox.inject_fault(fault.clone());
        let reply = cancel(&wx).deadline(Duration::from_secs(4)).reply().await;
        let reply = reply.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!(reply.sent().attempts, 2, "{fault:?}");
    }
}

#[tokio::test]
async fn an_attempts_limit_is_a_setting_of_client_and_call() {
    let (sandbox, _) = sandbox().await;
    let builder = sandbox.client_builder().attempt_timeout(Duration::from_millis(150));
    let wx = builder.retries(Retries::none()).build().unwrap();
    sandbox.inject_fault(Fault::Delay(Duration::from_secs(60)));
    let started = Instant::now();
    let error = untyped(&wx).await;
    assert!(matches!(error.kind(), ErrorKind::AttemptTimeout(_)), "{error}");
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(started.elapsed() < Duration::from_secs(5));
    sandbox.inject_fault(Fault::Delay(Duration::from_millis(400)));
    cancel(&wx).attempt_timeout(Duration::from_secs(10)).await.unwrap();
}

/// A request that was abandoned while it waited for a connection is never sent later.
#[tokio::test]
async fn a_request_that_was_reported_as_not_sent_is_never_sent_later() {
    let (sandbox, _) = sandbox().await;
    let (port, pem) = tls(&sandbox, &["localhost"]).await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let late = tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut bytes = [0; 1024];
                let length = client.read(&mut bytes).await.unwrap();
                assert!(bytes[..length].starts_with(b"CONNECT localhost:"));
                tokio::time::sleep(Duration::from_millis(400)).await;
                // The tunnel opens too late. It leads to a server that would execute the request.
                let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let _ = client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    let transport = Transport::builder().proxy(proxy).root_certificates(pem).build().unwrap();
    let builder = sandbox.client_builder().base_url(format!("https://localhost:{port}"));
    let wx = builder.transport(&transport).retries(Retries::none()).build().unwrap();
    let error = cancel(&wx).deadline(Duration::from_millis(200)).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(sandbox.received().is_empty());
    // The tunnel itself works: a request with a longer limit arrives.
    cancel(&wx).await.unwrap();
    assert_eq!(sandbox.received().len(), 1);
    late.abort();
}

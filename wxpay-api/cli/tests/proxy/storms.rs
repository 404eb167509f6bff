//! No bytes stop the proxy, and nobody keeps its connections for ever.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::client;
use crate::proxy::Limits;
use crate::support::{HOST, Setup, assert_ends, send};

/// Limits that end a silent connection before a test is bored.
fn impatient() -> Limits {
    let moment = Duration::from_millis(50);
    Limits { connections: 8, head: moment, handshake: moment, ..Limits::default() }
}

/// Where the bytes of a storm go.
#[derive(Clone, Copy, Debug)]
enum Place {
    Proxy,
    Tunnel,
    InsideTls,
    TlsPort,
    SandboxPort,
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces: [&[u8]; 18] = [
        b"CONNECT ",
        b"api.mch.weixin.qq.com",
        b":443",
        b" HTTP/1.1",
        b" HTTP/1.0",
        b"\r\n",
        b"\r\n\r\n",
        b"GET ",
        b"http://",
        b"/v3/certificates",
        b"Host: ",
        b"Content-Length: 99999999999999999999",
        b"Transfer-Encoding: chunked",
        b"ffffffffffffffff\r\n",
        b"Upgrade: h2c",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        // A record of a handshake with a hello inside, and an alert.
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\x15\x03\x03\x00\x02\x02\x28",
    ];
    let piece = prop_oneof![
        4 => proptest::sample::select(pieces.to_vec()).prop_map(<[u8]>::to_vec),
        1 => vec(any::<u8>(), 0..64),
    ];
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn place() -> impl Strategy<Value = Place> {
    use Place::{InsideTls, Proxy, SandboxPort, TlsPort, Tunnel};
    proptest::sample::select(vec![Proxy, Tunnel, InsideTls, TlsPort, SandboxPort])
}

async fn throw(setup: &Setup, place: Place, bytes: &[u8]) {
    let own = setup.sandbox.url().trim_start_matches("http://");
    let mut stream = match place {
        Place::Proxy => setup.connect().await,
        Place::Tunnel => setup.tunnel(HOST).await,
        Place::TlsPort => setup.connect_tls().await,
        Place::SandboxPort => TcpStream::connect(own).await.unwrap(),
        Place::InsideTls => {
            let mut stream = setup.reach(HOST).await;
            // The other side may close at any time.
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
            return assert_ends(&mut stream).await;
        }
    };
    let _ = stream.write_all(bytes).await;
    // Only one direction ends. The other side must end, too.
    let _ = stream.shutdown().await;
    assert_ends(&mut stream).await;
}

#[test]
fn any_bytes_at_any_port_leave_it_alive() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let setup = runtime.block_on(Setup::new());
    let mut runner = TestRunner::new(ProptestConfig::with_cases(300));
    let tested = runner.run(&(place(), bytes()), |(place, bytes)| {
        runtime.block_on(throw(&setup, place, &bytes));
        Ok(())
    });
    tested.unwrap();
    runtime.block_on(setup.assert_alive());
}

#[tokio::test]
async fn silent_connections_end() {
    let setup = Setup::limited(impatient()).await;
    assert_ends(&mut setup.connect().await).await;
    assert_ends(&mut setup.connect_tls().await).await;
    let mut tunnel = loop {
        if let Ok(tunnel) = setup.try_tunnel(HOST).await {
            break tunnel;
        }
    };
    assert_ends(&mut tunnel).await;
    setup.assert_alive().await;
}

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_ends_the_connection() {
    let setup = Setup::limited(impatient()).await;
    let (mut read, mut write) = setup.connect().await.into_split();
    let drip = tokio::spawn(async move {
        let head = b"CONNECT api.mch.weixin.qq.com:443 HTTP/1.1\r\nX: ";
        let endless = head.iter().chain(std::iter::repeat(&b'x'));
        for byte in endless {
            if write.write_all(&[*byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    assert_ends(&mut read).await;
    drip.await.unwrap();
    setup.assert_alive().await;
}

#[tokio::test]
async fn more_connections_than_allowed_wait_for_their_turn() {
    let setup = Setup::limited(impatient()).await;
    let mut silent = Vec::new();
    for _ in 0..40 {
        silent.push(setup.connect().await);
        silent.push(setup.connect_tls().await);
    }
    setup.assert_alive().await;
}

#[tokio::test]
async fn heads_without_an_end_are_refused() {
    let setup = Setup::new().await;
    let long = format!("CONNECT {HOST}:443 HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(1 << 20));
    let many = format!("CONNECT {HOST}:443 HTTP/1.1\r\n{}\r\n", "X: x\r\n".repeat(1000));
    for head in [long, many] {
        let (mut read, mut write) = setup.connect().await.into_split();
        // The response comes before all is sent.
        let sent = tokio::spawn(async move {
            let _ = write.write_all(head.as_bytes()).await;
            write
        });
        let mut status = [0; 12];
        read.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 431");
        assert_ends(&mut read).await;
        drop(sent.await);
    }
    let mut stream = setup.reach(HOST).await;
    let many = format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n{}\r\n", "X: x\r\n".repeat(1000));
    let response = send(&mut stream, &many).await;
    assert!(response.starts_with("HTTP/1.1 431 "), "{response}");
    setup.assert_alive().await;
}

/// Its place is the only one, so that nobody else is served before it is gone.
#[tokio::test]
async fn a_client_that_reads_nothing_is_cut_off() {
    let write = Duration::from_millis(50);
    let setup = Setup::limited(Limits { connections: 1, write, ..Limits::default() }).await;
    setup.sandbox.set_bill("x".repeat(32 << 20));
    let wx = client(&setup);
    let bill = wx.v3().bill().tradebill().get(|r| r.bill_date("2025-03-01")).await.unwrap();
    let unread = wx.download_url(&bill).stream().await.unwrap();
    setup.assert_alive().await;
    drop(unread);
}

#[tokio::test]
async fn a_client_that_ends_one_direction_is_let_go() {
    let setup = Setup::new().await;
    for text in ["", "CONNECT", "GET / HTTP/1.1\r\n\r\n"] {
        let mut stream = setup.connect().await;
        stream.write_all(text.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        assert_ends(&mut stream).await;
    }
    let mut stream = setup.tunnel(HOST).await;
    stream.shutdown().await.unwrap();
    assert_ends(&mut stream).await;
    let mut stream = setup.reach(HOST).await;
    stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    stream.shutdown().await.unwrap();
    assert_ends(&mut stream).await;
    setup.assert_alive().await;
}

#[tokio::test]
async fn a_stopped_proxy_ends_its_connections() {
    let setup = Setup::new().await;
    let (mut waiting, mut open) = (setup.connect().await, setup.reach(HOST).await);
    let Setup { sandbox: _sandbox, proxy, folder: _folder } = setup;
    drop(proxy);
    assert_ends(&mut waiting).await;
    assert_ends(&mut open).await;
}

//! What the proxy refuses, and that it reaches no other host.

use tokio::net::TcpListener;

use crate::proxy::{self, ProxySettings};
use crate::support::{HOST, Setup, send};

async fn response(setup: &Setup, request_line: &str) -> String {
    let request = format!("{request_line}\r\nHost: somewhere\r\nConnection: close\r\n\r\n");
    send(&mut setup.connect().await, &request).await
}

async fn assert_refused(setup: &Setup, request_line: &str, status: u16, reason: &str) {
    let response = response(setup, request_line).await;
    assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{request_line}: {response}");
    assert!(response.contains(reason), "{request_line}: {response}");
    for explained in ["the proxy of a wxpay sandbox", HOST, "no connection to the network"] {
        assert!(response.contains(explained), "{request_line}: {response}");
    }
}

#[tokio::test]
async fn other_hosts_and_ports_are_refused() {
    let setup = Setup::new().await;
    for host in [
        "example.com:443",
        "localhost:443",
        "127.0.0.1:443",
        "[::1]:443",
        "mch.weixin.qq.com:443",
        "pay.weixin.qq.com:443",
        "api.mch.weixin.qq.com.evil.example:443",
        "evil.example@api.mch.weixin.qq.com:443",
        "api.mch.weixin.qq.com.:443",
    ] {
        assert_refused(&setup, &format!("CONNECT {host} HTTP/1.1"), 403, "not WeChat Pay's").await;
    }
    for port in ["80", "8443", "22"] {
        assert_refused(&setup, &format!("CONNECT {HOST}:{port} HTTP/1.1"), 403, "port 443 alone")
            .await;
    }
}

#[tokio::test]
async fn requests_that_are_not_for_a_tunnel_are_explained() {
    let setup = Setup::new().await;
    assert_refused(&setup, &format!("GET http://{HOST}/v3/certificates HTTP/1.1"), 403, "https://")
        .await;
    assert_refused(&setup, &format!("GET https://{HOST}:8443/ HTTP/1.1"), 403, "port 443").await;
    assert_refused(&setup, "GET https://example.com/ HTTP/1.1", 403, "not WeChat Pay's").await;
    assert_refused(&setup, "GET http://example.com/ HTTP/1.1", 403, "not WeChat Pay's").await;
    let own = format!("GET {}/_sandbox/openapi.json HTTP/1.1", setup.sandbox.url());
    assert_refused(&setup, &own, 403, "NO_PROXY").await;
    for line in ["GET / HTTP/1.1", "OPTIONS * HTTP/1.1", "GET /_sandbox/openapi.json HTTP/1.1"] {
        assert_refused(&setup, line, 400, "not for a proxy").await;
    }
    assert!(setup.sandbox.received().is_empty());
}

/// A local service is as near as a host can be. The proxy does not even reach that.
#[tokio::test]
async fn no_connection_leaves_the_proxy() {
    let setup = Setup::new().await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    for line in [
        format!("CONNECT {address} HTTP/1.1"),
        format!("GET http://{address}/ HTTP/1.1"),
        format!("POST http://localhost:{}/ HTTP/1.1", address.port()),
    ] {
        response(&setup, &line).await;
    }
    let own = tokio::net::TcpStream::connect(address).await.unwrap();
    let (_, first) = listener.accept().await.unwrap();
    assert_eq!(first, own.local_addr().unwrap(), "the first connection is the test's own");
}

/// The reason has nothing of the request, which may hold an escape sequence for a terminal.
#[tokio::test]
async fn a_refusal_repeats_nothing_of_the_request() {
    let setup = Setup::new().await;
    let response = response(&setup, "CONNECT evil-host.example:443 HTTP/1.1").await;
    assert!(!response.contains("evil"), "{response}");
    let response = response_to_bytes(&setup, b"CONNECT \x1b[31mevil:443 HTTP/1.1\r\n\r\n").await;
    assert!(!response.contains("evil") && !response.contains('\x1b'), "{response}");
}

async fn response_to_bytes(setup: &Setup, bytes: &[u8]) -> String {
    send(&mut setup.connect().await, std::str::from_utf8(bytes).unwrap()).await
}

#[tokio::test]
async fn a_taken_port_is_named_with_its_option() {
    let setup = Setup::new().await;
    let taken = setup.proxy.address();
    for (option, settings) in [
        ("--proxy", ProxySettings { proxy: taken, ..ProxySettings::default() }),
        ("--tls", ProxySettings { tls: taken, ..ProxySettings::default() }),
    ] {
        let connections = setup.sandbox.connections().await;
        let started = proxy::start(setup.folder.path(), settings, connections).await;
        let error = started.unwrap_err().to_string();
        assert!(error.contains(option) && error.contains(&taken.unwrap().to_string()), "{error}");
    }
}

//! Which hosts are served, and what a request inside a tunnel may name.

use std::time::Duration;

use tokio::io::AsyncWriteExt;

use crate::support::{HOST, Setup, get, handshake, read_head, send};

const OTHER: &str = "api.wechatpay.cn";

#[tokio::test]
async fn a_tunnel_has_the_certificate_of_its_host() {
    let setup = Setup::new().await;
    for host in [HOST, OTHER] {
        let mut stream = setup.reach(host).await;
        let response = send(&mut stream, &get(host, "/v3/certificates")).await;
        assert!(response.starts_with("HTTP/1.1 401 "), "{response}");
    }
    // The name is compared in any case.
    let tunnel = setup.tunnel("API.MCH.weixin.qq.com").await;
    handshake(tunnel, &setup.ca(), HOST, Duration::ZERO).await.unwrap();
}

#[tokio::test]
async fn a_handshake_for_another_host_than_the_tunnels_is_refused() {
    let setup = Setup::new().await;
    for name in [OTHER, "evil.example"] {
        let tunnel = setup.tunnel(HOST).await;
        let error = handshake(tunnel, &setup.ca(), name, Duration::ZERO).await.unwrap_err();
        assert!(error.to_string().contains("AccessDenied"), "{error}");
    }
}

/// Old clients name no host in the handshake. The tunnel says it; the port for TLS cannot know it.
#[tokio::test]
async fn a_handshake_without_a_name_needs_a_tunnel() {
    use std::sync::Arc;
    use tokio_rustls::TlsConnector;
    let setup = Setup::new().await;
    let mut config = crate::support::client_config(&setup.ca(), Duration::ZERO);
    config.enable_sni = false;
    let connector = TlsConnector::from(Arc::new(config));
    let name = || HOST.try_into().unwrap();
    connector.connect(name(), setup.tunnel(HOST).await).await.unwrap();
    connector.connect(name(), setup.connect_tls().await).await.unwrap_err();
}

#[tokio::test]
async fn the_port_for_tls_serves_the_host_that_the_handshake_names() {
    let setup = Setup::new().await;
    for host in [HOST, OTHER] {
        let stream = setup.connect_tls().await;
        let mut stream = handshake(stream, &setup.ca(), host, Duration::ZERO).await.unwrap();
        let port = setup.proxy.tls_address().unwrap().port();
        let response = send(&mut stream, &get(&format!("{host}:{port}"), "/v3/certificates")).await;
        assert!(response.starts_with("HTTP/1.1 401 "), "{response}");
    }
    for name in ["localhost", "evil.example"] {
        let stream = setup.connect_tls().await;
        handshake(stream, &setup.ca(), name, Duration::ZERO).await.unwrap_err();
    }
}

#[tokio::test]
async fn http_1_is_the_only_protocol() {
    use std::sync::Arc;
    use tokio_rustls::TlsConnector;
    let setup = Setup::new().await;
    let offer = |protocols: &[&str]| {
        let mut config = crate::support::client_config(&setup.ca(), Duration::ZERO);
        config.alpn_protocols = protocols.iter().map(|it| it.as_bytes().to_vec()).collect();
        TlsConnector::from(Arc::new(config))
    };
    let name = || HOST.try_into().unwrap();
    let both = offer(&["h2", "http/1.1"]);
    let stream = both.connect(name(), setup.tunnel(HOST).await).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    offer(&["h2"]).connect(name(), setup.tunnel(HOST).await).await.unwrap_err();
}

#[tokio::test]
async fn a_request_that_names_another_host_is_misdirected() {
    let setup = Setup::new().await;
    let own = setup.sandbox.url().trim_start_matches("http://").to_owned();
    let proxy = setup.proxy.address().unwrap().to_string();
    let long = "x".repeat(2000);
    for host in [
        OTHER,
        "localhost",
        &own,
        &proxy,
        "127.0.0.1:443",
        "evil.example",
        "api.mch.weixin.qq.com:8443",
        "user@api.mch.weixin.qq.com",
        "api.mch.weixin.qq.com.",
        "api.mch.weixin.qq.com/evil",
        &long,
        "",
    ] {
        let mut stream = setup.reach(HOST).await;
        let response = send(&mut stream, &get(host, "/v3/certificates")).await;
        assert!(response.starts_with("HTTP/1.1 421 "), "{host}: {response}");
        assert!(response.contains("MISDIRECTED_REQUEST"), "{response}");
        assert!(response.len() < 1000, "{response}");
    }
    for request in [
        "GET /v3/certificates HTTP/1.0\r\n\r\n".to_owned(),
        format!("GET / HTTP/1.1\r\nHost: {HOST}\r\nHost: {HOST}\r\nConnection: close\r\n\r\n"),
        get(HOST, "http://api.mch.weixin.qq.com/v3/certificates"),
        get(HOST, "https://evil.example/v3/certificates"),
    ] {
        let mut stream = setup.reach(HOST).await;
        let response = send(&mut stream, &request).await;
        assert!(response.contains(" 421 "), "{request}: {response}");
    }
    assert!(setup.sandbox.received().is_empty());
    for host in ["api.mch.weixin.qq.com:443", "API.mch.weixin.qq.com"] {
        let mut stream = setup.reach(HOST).await;
        let response = send(&mut stream, &get(host, "/v3/certificates")).await;
        assert!(response.starts_with("HTTP/1.1 401 "), "{host}: {response}");
    }
}

#[tokio::test]
async fn the_control_surface_does_not_exist_there() {
    let setup = Setup::new().await;
    let own = setup.sandbox.url().trim_start_matches("http://").to_owned();
    for target in
        ["/", "/_sandbox", "/_sandbox/openapi.json", "/_sandbox/resources", "/_sandbox/pay?h5=1"]
    {
        let real =
            send(&mut tokio::net::TcpStream::connect(&own).await.unwrap(), &get(&own, target))
                .await;
        for tls in [false, true] {
            let mut stream = match tls {
                false => setup.reach(HOST).await,
                true => {
                    let stream = setup.connect_tls().await;
                    handshake(stream, &setup.ca(), HOST, Duration::ZERO).await.unwrap()
                }
            };
            let response = send(&mut stream, &get(HOST, target)).await;
            assert!(response.starts_with("HTTP/1.1 401 "), "{target}: {response}");
            assert!(response.contains("SIGN_ERROR") && response != real, "{target}: {response}");
        }
    }
    let mut stream = setup.reach(HOST).await;
    let body = r#"{"event":"pay"}"#;
    let post = format!(
        "POST /_sandbox/reset HTTP/1.1\r\nHost: {own}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    );
    let response = send(&mut stream, &post).await;
    assert!(response.starts_with("HTTP/1.1 421 "), "{response}");
}

#[tokio::test]
async fn a_connection_serves_several_requests() {
    let setup = Setup::new().await;
    let mut stream = setup.reach(HOST).await;
    for _ in 0..3 {
        let request = format!("HEAD /v3/certificates HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let head = read_head(&mut stream).await;
        assert!(head.starts_with("HTTP/1.1 401 "), "{head}");
    }
}

/// Some clients send the handshake before the proxy has responded.
#[tokio::test]
async fn an_impatient_client_is_served() {
    use tokio::io::AsyncReadExt;
    use tokio_rustls::rustls::ClientConnection;
    let setup = Setup::new().await;
    let config = crate::support::client_config(&setup.ca(), Duration::ZERO);
    let name = HOST.try_into().unwrap();
    let mut tls = ClientConnection::new(config.into(), name).unwrap();
    let mut bytes = format!("CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n").into_bytes();
    tls.write_tls(&mut bytes).unwrap();
    let mut stream = setup.connect().await;
    stream.write_all(&bytes).await.unwrap();
    assert!(read_head(&mut stream).await.starts_with("HTTP/1.1 200 "));
    // A handshake record follows, not an alert.
    assert_eq!(stream.read_u8().await.unwrap(), 22);
}

/// axios sends the whole URL to its proxy, and leaves TLS to it.
#[tokio::test]
async fn an_https_url_without_a_tunnel_is_served() {
    let setup = Setup::new().await;
    for host in [HOST, "api.mch.weixin.qq.com:443"] {
        let request = get(host, &format!("https://{host}/v3/certificates"));
        let response = send(&mut setup.connect().await, &request).await;
        assert!(response.starts_with("HTTP/1.1 401 ") && response.contains("SIGN_ERROR"));
        assert!(response.contains("\r\nRequest-ID: "), "as WeChat Pay writes it: {response}");
    }
    assert_eq!(setup.sandbox.received()[0].target, "/v3/certificates");
    for (host, target) in [(OTHER, "/v3/certificates"), ("localhost", "/_sandbox/resources")] {
        let request = get(host, &format!("https://{HOST}{target}"));
        let response = send(&mut setup.connect().await, &request).await;
        assert!(response.starts_with("HTTP/1.1 421 "), "{response}");
    }
    let request = get(HOST, &format!("https://{HOST}/_sandbox/openapi.json"));
    let response = send(&mut setup.connect().await, &request).await;
    assert!(response.starts_with("HTTP/1.1 401 "), "{response}");
}

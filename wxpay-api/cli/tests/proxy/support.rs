//! A sandbox with a proxy in a folder of its own, and clients that go through it by hand.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::time_provider::TimeProvider;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use wxpay_api::sandbox::Sandbox;

use crate::proxy::{self, Limits, Proxy, ProxySettings};

pub(crate) const HOST: &str = "api.mch.weixin.qq.com";

/// A sandbox with a proxy and a port for TLS.
pub(crate) struct Setup {
    pub(crate) sandbox: Sandbox,
    pub(crate) proxy: Proxy,
    pub(crate) folder: TempDir,
}

impl Setup {
    pub(crate) async fn new() -> Self {
        Self::limited(Limits::default()).await
    }

    pub(crate) async fn limited(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = Sandbox::start().await.unwrap();
        let proxy = start(&sandbox, &folder, limits).await;
        Self { sandbox, proxy, folder }
    }

    pub(crate) fn proxy_url(&self) -> String {
        format!("http://{}", self.proxy.address().unwrap())
    }

    pub(crate) fn ca(&self) -> Vec<u8> {
        std::fs::read(self.proxy.ca_file()).unwrap()
    }

    /// Connects to the proxy's port.
    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.proxy.address().unwrap()).await.unwrap()
    }

    /// Connects to the port for TLS.
    pub(crate) async fn connect_tls(&self) -> TcpStream {
        TcpStream::connect(self.proxy.tls_address().unwrap()).await.unwrap()
    }

    /// Asks the proxy for a tunnel to a host, and returns the tunnel.
    pub(crate) async fn tunnel(&self, host: &str) -> TcpStream {
        self.try_tunnel(host).await.unwrap()
    }

    /// As [`Setup::tunnel`], where the proxy may have no patience.
    pub(crate) async fn try_tunnel(&self, host: &str) -> io::Result<TcpStream> {
        let mut stream = self.connect().await;
        let request = format!("CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let head = try_head(&mut stream).await?;
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        Ok(stream)
    }

    /// Reaches a host through the proxy, with TLS.
    pub(crate) async fn reach(&self, host: &str) -> TlsStream<TcpStream> {
        let tunnel = self.tunnel(host).await;
        handshake(tunnel, &self.ca(), host, Duration::ZERO).await.unwrap()
    }

    /// Shows that the proxy and the port for TLS still work.
    pub(crate) async fn assert_alive(&self) {
        for tunnel in [true, false] {
            // On a busy machine, an impatient proxy may end the first attempts.
            let mut attempts = 0;
            while let Err(error) = self.ask(tunnel).await {
                attempts += 1;
                assert!(attempts < 100, "{error}");
            }
        }
    }

    async fn ask(&self, tunnel: bool) -> io::Result<()> {
        let stream = match tunnel {
            true => self.try_tunnel(HOST).await?,
            false => self.connect_tls().await,
        };
        let mut stream = handshake(stream, &self.ca(), HOST, Duration::ZERO).await?;
        stream.write_all(get(HOST, "/v3/certificates").as_bytes()).await?;
        let head = try_head(&mut stream).await?;
        assert!(head.starts_with("HTTP/1.1 401 "), "{head}");
        Ok(())
    }
}

/// Starts the proxy of a folder, on free ports.
pub(crate) async fn start(sandbox: &Sandbox, folder: &TempDir, limits: Limits) -> Proxy {
    let loopback = Some(([127, 0, 0, 1], 0).into());
    let settings = ProxySettings { proxy: loopback, tls: loopback, limits };
    proxy::start(folder.path(), settings, sandbox.connections().await).await.unwrap()
}

pub(crate) fn get(host: &str, target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
}

/// Sends a request, and reads until the connection ends.
pub(crate) async fn send(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), text: &str) -> String {
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut response = Vec::new();
    // A server may end TLS without a farewell.
    let _ = stream.read_to_end(&mut response).await;
    String::from_utf8(response).unwrap()
}

/// Reads until the end of a head.
pub(crate) async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    try_head(stream).await.unwrap()
}

async fn try_head(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8(head).unwrap())
}

/// Waits until the other side ends the connection.
pub(crate) async fn assert_ends(stream: &mut (impl AsyncRead + Unpin)) {
    let _ = tokio::io::copy(stream, &mut tokio::io::sink()).await;
}

/// Makes the client's part of a handshake by a clock that is this much ahead.
pub(crate) async fn handshake<S>(
    stream: S,
    ca: &[u8],
    name: &str,
    ahead: Duration,
) -> io::Result<TlsStream<S>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let config = client_config(ca, ahead);
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

pub(crate) fn client_config(ca: &[u8], ahead: Duration) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(ca) {
        roots.add(certificate.unwrap()).unwrap();
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    ClientConfig::builder_with_details(provider, Arc::new(Ahead(ahead)))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

#[derive(Debug)]
struct Ahead(Duration);

impl TimeProvider for Ahead {
    fn current_time(&self) -> Option<UnixTime> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
        Some(UnixTime::since_unix_epoch(now + self.0))
    }
}

//! Accepts connections within limits, ends TLS, and hands over to the sandbox.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use wxpay_api::sandbox::{OfficialHost, SandboxConnections};

use super::certificates::Certificates;

/// The port of https.
pub(super) const HTTPS: u16 = 443;

/// A connection that ends when its client stops to read.
pub(super) type ClientStream = Pin<Box<TimeoutStream<TcpStream>>>;

/// How much clients may take of this process, and how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The most connections of a port. Others wait until one ends.
    pub(crate) connections: usize,
    /// How long the head of a request to the proxy may take, from the first moment on.
    pub(crate) head: Duration,
    /// How long a TLS handshake may take.
    pub(crate) handshake: Duration,
    /// How long a client may read nothing of what is sent.
    pub(crate) write: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let patience = Duration::from_secs(10);
        Self {
            connections: 512,
            head: patience,
            handshake: patience,
            write: Duration::from_secs(60),
        }
    }
}

/// What every connection uses.
pub(super) struct Server {
    pub(super) limits: Limits,
    pub(super) certificates: Arc<Certificates>,
    pub(super) connections: SandboxConnections,
}

/// Serves each connection of a port until the task is aborted, which also ends the connections.
pub(super) async fn accept<F>(
    listener: TcpListener,
    limits: Limits,
    serve: impl Fn(ClientStream) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        while connections.len() >= limits.connections {
            connections.join_next().await;
        }
        match listener.accept().await {
            Ok((stream, _)) => {
                // A failure only makes responses slower.
                let _ = stream.set_nodelay(true);
                let mut stream = TimeoutStream::new(stream);
                stream.set_write_timeout(Some(limits.write));
                connections.spawn(serve(Box::pin(stream)));
            }
            // Usually too many open files: other connections must end first.
            Err(_) => sleep(Duration::from_millis(20)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

impl Server {
    /// Ends TLS for a client that asked for a host, or else names it in the handshake, and lets the sandbox respond.
    pub(super) async fn end_tls<S>(&self, stream: S, connected: Option<OfficialHost>, port: u16)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let Some(config) = self.certificates.served().config(connected) else {
            return;
        };
        let handshake = TlsAcceptor::from(config).accept(stream);
        // A failed handshake needs no report: the client has the alert.
        let Ok(Ok(stream)) = timeout(self.limits.handshake, handshake).await else {
            return;
        };
        let named = || OfficialHost::find(stream.get_ref().1.server_name()?);
        if let Some(host) = connected.or_else(named) {
            self.connections.serve(stream, host, port).await;
        }
    }
}

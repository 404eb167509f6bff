//! The HTTP/1.1 server: accepts connections and reads requests.

use std::convert::Infallible;
use std::error::Error;
use std::future::ready;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Extensions, StatusCode};
use http_body_util::{BodyExt, Empty, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;

use super::control;
use super::exchange::{exchange, fault_plan};
use super::refusal::Refusal;
use super::request::SandboxRequest;
use super::respond::body::OutgoingBody;
use super::respond::finish;
use super::state::Shared;

/// The most bytes of a request body, which is more than any upload has.
const LONGEST_BODY: usize = 64 << 20;

/// How a client reached the sandbox.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Reached {
    /// The address that the client connected to.
    pub(super) local: SocketAddr,
    /// Whether the connection is encrypted.
    pub(super) secure: bool,
}

/// Serves connections that a program accepted itself, for example after it ended their TLS.
#[derive(Clone)]
pub struct SandboxConnections {
    shared: Arc<Shared>,
    spelling: Extensions,
}

impl SandboxConnections {
    pub(super) async fn new(shared: Arc<Shared>) -> Self {
        Self { shared, spelling: spelling().await }
    }

    /// Serves the HTTP/1.1 requests of one connection until it ends.
    ///
    /// `local` is the address that the client connected to, and `secure` says whether the connection is encrypted. The
    /// control surface answers only under names of this address.
    pub async fn serve<S>(&self, stream: S, local: SocketAddr, secure: bool)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let reached = Reached { local, secure };
        // The end of a connection needs no report.
        let _ = connection(stream, &self.shared, reached, &self.spelling).await;
    }
}

impl std::fmt::Debug for SandboxConnections {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SandboxConnections").finish_non_exhaustive()
    }
}

/// Serves until the task is aborted, which also ends its connections.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let spelling = spelling().await;
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(tcp_connection(stream, Arc::clone(&shared), spelling.clone()));
            }
            // Usually too many open files: other connections must end first.
            Err(_) => sleep(Duration::from_millis(20)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Returns the extension of responses that makes hyper write `Request-ID` as WeChat Pay does.
///
/// hyper writes header names in title case, `Request-Id`. It remembers another spelling only from a message that it
/// has read, so it reads one here.
async fn spelling() -> Extensions {
    const MESSAGE: &[u8] = b"GET / HTTP/1.1\r\nRequest-ID: 1\r\nConnection: close\r\n\r\n";
    let read = Arc::new(Mutex::new(Extensions::new()));
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let mut kept = read.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = request.extensions().clone();
        ready(Ok::<_, Infallible>(http::Response::new(Empty::<Bytes>::new())))
    });
    let io = TokioIo::new(tokio::io::join(MESSAGE, tokio::io::sink()));
    // Without the spelling, only the case of this name differs.
    let _ = http1::Builder::new().preserve_header_case(true).serve_connection(io, service).await;
    let kept = read.lock().unwrap_or_else(PoisonError::into_inner);
    kept.clone()
}

async fn tcp_connection(stream: TcpStream, shared: Arc<Shared>, spelling: Extensions) {
    // A failure only makes responses slower.
    let _ = stream.set_nodelay(true);
    let unknown = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let local = stream.local_addr().unwrap_or(unknown);
    let reached = Reached { local, secure: false };
    if let Some(stream) = connection(stream, &shared, reached, &spelling).await {
        // A socket without linger sends a TCP reset when it is closed.
        let _ = stream.set_zero_linger();
    }
}

/// Serves one connection. Returns the stream if a fault asks for a reset.
async fn connection<S>(
    stream: S,
    shared: &Arc<Shared>,
    reached: Reached,
    spelling: &Extensions,
) -> Option<S>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let service = service_fn(|request| {
        let (shared, spelling) = (Arc::clone(shared), spelling.clone());
        async move {
            let mut response = respond(shared, reached, request).await?;
            *response.extensions_mut() = spelling;
            io::Result::Ok(response)
        }
    });
    let mut connection = http1::Builder::new()
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), service);
    // Errors of the client need no report, and those of the sandbox are injected faults.
    match (&mut connection).await {
        Err(error) if is_reset(&error) => Some(connection.into_parts().io.into_inner()),
        _ => None,
    }
}

fn is_reset(error: &hyper::Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::ConnectionReset)
}

/// Responds to one request. An error ends the connection without a response.
async fn respond(
    shared: Arc<Shared>,
    reached: Reached,
    request: hyper::Request<Incoming>,
) -> io::Result<http::Response<OutgoingBody>> {
    let (head, body) = request.into_parts();
    if control::is_addressed(&shared, &head) {
        return Ok(control::respond(shared, reached, head, body).await);
    }
    let request = SandboxRequest::new(head);
    let plan = fault_plan(&shared, &request);
    if let Some(end) = plan.end_before_reading() {
        return Err(end);
    }
    let body = match Limited::new(body, LONGEST_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Ok(too_long()),
        Err(error) => return Err(io::Error::other(error)),
    };
    // Cryptography and digests would block the asynchronous threads.
    let (request, executes) = (request.with_body(body), plan.executes());
    let draft = spawn_blocking(move || exchange(&shared, &request, executes)).await?;
    if let Some(end) = plan.end_after_reading() {
        return Err(end);
    }
    sleep(plan.delay()).await;
    finish(draft.content, &draft.account, draft.key_id.as_deref(), &plan).map_err(io::Error::other)
}

fn too_long() -> http::Response<OutgoingBody> {
    let message = format!("a body has at most {LONGEST_BODY} bytes");
    let refusal = Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "PARAM_ERROR", message);
    let mut response = http::Response::new(OutgoingBody::whole(Bytes::from(refusal.body())));
    *response.status_mut() = refusal.status;
    response
}

//! The HTTP/1.1 server: accepts connections and reads requests.

use std::convert::Infallible;
use std::error::Error;
use std::future::ready;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{Extensions, StatusCode, header};
use http_body_util::{BodyExt, Empty, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{sleep, timeout};

use super::control;
use super::exchange::{exchange, fault_plan};
use super::refusal::Refusal;
use super::request::SandboxRequest;
use super::request::origin::{OfficialHost, misdirection};
use super::respond::body::OutgoingBody;
use super::respond::finish;
use super::state::Shared;

/// The most bytes of a request body, which is more than any upload has.
const LONGEST_BODY: usize = 64 << 20;

/// How long a body may take to arrive, which is enough for the largest over a slow line.
pub(super) const BODY_TIME: Duration = Duration::from_secs(5 * 60);

/// How long a connection may wait for a request, and a request for the end of its head.
const HEAD_TIME: Duration = Duration::from_secs(30);

/// The most bytes of a request's head.
const LONGEST_HEAD: usize = 64 << 10;

/// The most connections of the sandbox's own port. Others wait until one ends.
const MOST_CONNECTIONS: usize = 1024;

/// The longest body that needs no place among the long ones.
const SHORT_BODY: u64 = 1 << 20;

/// How many long bodies are read and handled at a time. Others wait, so that memory is bounded.
static LONG_BODIES: Semaphore = Semaphore::const_new(8);

/// How a client reached the sandbox.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Reached {
    /// By the sandbox's own port, at this address.
    Own(SocketAddr),
    /// As one of WeChat Pay's hosts, at this port. The control surface does not exist there.
    Official(OfficialHost, u16),
}

/// Serves connections that a program accepted in the name of WeChat Pay's hosts, after it ended their TLS.
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
    /// The client meant to reach this host at this port, with TLS. Requests that name another host or port are
    /// refused with 421, and the control surface does not exist.
    pub async fn serve<S>(&self, stream: S, host: OfficialHost, port: u16)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let reached = Reached::Official(host, port);
        // The end of a connection needs no report.
        let _ = connection(stream, &self.shared, reached, &self.spelling).await;
    }

    /// Responds to one request that was meant for this host at this port, as [`SandboxConnections::serve`] does.
    ///
    /// # Errors
    /// An injected fault ends the connection without a response.
    pub async fn respond<B>(
        &self,
        request: http::Request<B>,
        host: OfficialHost,
        port: u16,
    ) -> io::Result<http::Response<impl Body<Data = Bytes, Error = io::Error> + Send + use<B>>>
    where
        B: Body<Data = Bytes> + Send,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let (head, body) = request.into_parts();
        let mut response = official(&self.shared, host, port, head, body).await?;
        *response.extensions_mut() = self.spelling.clone();
        Ok(response)
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
        while connections.len() >= MOST_CONNECTIONS {
            connections.join_next().await;
        }
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
    if let Some(stream) = connection(stream, &shared, Reached::Own(local), &spelling).await {
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
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_header_size(LONGEST_HEAD)
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
    match reached {
        Reached::Own(local) if control::is_addressed(&shared, &head) => {
            let _place = place(&head).await;
            Ok(control::respond(shared, local, head, body).await)
        }
        Reached::Own(_) => play(&shared, head, body).await,
        Reached::Official(host, port) => official(&shared, host, port, head, body).await,
    }
}

/// Responds to a request on a connection to an official host.
async fn official<B>(
    shared: &Arc<Shared>,
    host: OfficialHost,
    port: u16,
    head: Parts,
    body: B,
) -> io::Result<http::Response<OutgoingBody>>
where
    B: Body<Data = Bytes> + Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    match misdirection(&head, host, port) {
        Some(refusal) => Ok(refused(&refusal)),
        None => play(shared, head, body).await,
    }
}

/// Responds as WeChat Pay.
async fn play<B>(
    shared: &Arc<Shared>,
    head: Parts,
    body: B,
) -> io::Result<http::Response<OutgoingBody>>
where
    B: Body<Data = Bytes> + Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let place = place(&head).await;
    let request = SandboxRequest::new(head);
    let plan = fault_plan(shared, &request);
    if let Some(end) = plan.end_before_reading() {
        return Err(end);
    }
    let read = timeout(BODY_TIME, Limited::new(body, LONGEST_BODY).collect()).await;
    let body = match read.map_err(io::Error::from)? {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Ok(too_long()),
        Err(error) => return Err(io::Error::other(error)),
    };
    // Cryptography and digests would block the asynchronous threads.
    let (request, executes, shared) =
        (request.with_body(body), plan.executes(), Arc::clone(shared));
    let draft = spawn_blocking(move || exchange(&shared, &request, executes)).await?;
    drop(place);
    if let Some(end) = plan.end_after_reading() {
        return Err(end);
    }
    // A sleep of no time lasts until the timer's next millisecond, and wakes the runtime once more.
    if !plan.delay().is_zero() {
        sleep(plan.delay()).await;
    }
    finish(draft.content, &draft.account, draft.key_id.as_deref(), &plan).map_err(io::Error::other)
}

/// Waits for a place for a long body; short ones need none.
async fn place(head: &Parts) -> Option<SemaphorePermit<'static>> {
    let length =
        head.headers.get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse().ok());
    let chunked = head.headers.contains_key(header::TRANSFER_ENCODING);
    let is_short = !chunked && length.unwrap_or(0) <= SHORT_BODY;
    // The semaphore is never closed.
    if is_short { None } else { LONG_BODIES.acquire().await.ok() }
}

fn too_long() -> http::Response<OutgoingBody> {
    let message = format!("a body has at most {LONGEST_BODY} bytes");
    refused(&Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "PARAM_ERROR", message))
}

fn refused(refusal: &Refusal) -> http::Response<OutgoingBody> {
    let mut response = http::Response::new(OutgoingBody::whole(Bytes::from(refusal.body())));
    *response.status_mut() = refusal.status;
    response
}

/// A port that refuses every connection. No other program can take it.
#[derive(Debug)]
pub(super) struct DeadPort {
    pub(super) url: String,
    _socket: TcpSocket,
}

impl DeadPort {
    pub(super) fn reserve() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(([127, 0, 0, 1], 0).into())?;
        let url = format!("http://{}", socket.local_addr()?);
        Ok(Self { url, _socket: socket })
    }
}

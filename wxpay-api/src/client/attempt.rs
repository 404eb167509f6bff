//! One attempt: sign, send, receive, check.

use std::time::Instant;

use bytes::{Bytes, BytesMut};
use reqwest::Response;

use super::core::Core;
use super::deadline::Limits;
use super::error::Failure;
use super::payload::Handover;
use super::reply::Exchange;
use super::request::Request;
use super::route::{Route, Trust};
use super::{Client, ErrorKind, RawResponse, Sent, TransportError};
use crate::protocol::StatementDigest;

/// As much of an answer as a call waits for.
pub(super) trait ReadResponse: Sized + Send {
    /// Reads that much, and decides what it means.
    fn read(
        client: &Client,
        core: &Core,
        request: &Request,
        sent: Sent,
        response: Response,
        limits: Limits,
    ) -> impl Future<Output = Result<Self, Failure>> + Send;

    /// What was read.
    fn received(&self) -> &RawResponse;
}

/// A file whose content is still to flow.
pub(super) struct Opened {
    pub(super) route: Route,
    pub(super) attempts: u32,
    /// Without its body.
    pub(super) head: RawResponse,
    /// A digest of the content that the signature covers.
    pub(super) digest: Option<StatementDigest>,
    pub(super) content: Response,
}

impl Client {
    /// Sends a request once, to the first host or to the backup, and decides what the answer means.
    pub(super) async fn attempt<A: ReadResponse>(
        &self,
        core: &Core,
        request: &Request,
        backup: bool,
        attempt: u32,
        limits: Limits,
    ) -> Result<A, Failure> {
        let started = Instant::now();
        let (sent, response) = self.begin(core, request, backup, attempt, limits).await?;
        let answered = A::read(self, core, request, sent, response, limits).await;
        match &answered {
            Ok(answered) => trace(attempt, answered.received(), started),
            Err(Failure { received: Some(received), .. }) => {
                trace(attempt, received, started);
                trace_untyped(request, received);
            }
            Err(_) => {}
        }
        answered
    }

    /// Sends a request once, and gives whatever comes back.
    pub(super) async fn exchange(
        &self,
        core: &Core,
        request: &Request,
        backup: bool,
        attempt: u32,
        limits: Limits,
    ) -> Result<(Sent, RawResponse), Failure> {
        let started = Instant::now();
        let (sent, response) = self.begin(core, request, backup, attempt, limits).await?;
        let received = receive(response, request, limits).await?;
        trace(attempt, &received, started);
        Ok((sent, received))
    }

    /// Sends a request once, up to the head of its answer.
    async fn begin(
        &self,
        core: &Core,
        request: &Request,
        backup: bool,
        attempt: u32,
        limits: Limits,
    ) -> Result<(Sent, Response), Failure> {
        let backup = backup && self.site().has_backup(request.host);
        let url = self.site().url(request.host, &request.target, backup);
        let url = url.map_err(Failure::not_sent)?;
        let (sent, http) = core.sign(request, &url, attempt)?;
        tracing::debug!(attempt, server.address = url.host_str(), "sending");
        #[cfg(feature = "trace-bodies")]
        if request.trace_bodies {
            super::body_trace::request(request, &http, attempt);
        }
        let handover = Handover::default();
        let sending = self.transport().send(http, &handover);
        Ok((sent, limits.head(&handover, sending).await?))
    }

    /// The keys to check an answer with. When the deadline passes before a new certificate is here, the
    /// answer remains, unverified.
    async fn core_to_judge(
        &self,
        core: &Core,
        request: &Request,
        received: &RawResponse,
        limits: Limits,
    ) -> Core {
        let is_signed = match received.status.is_success() {
            true => request.route.trust.is_by_known_key(),
            false => request.route.trust != Trust::Enclosed,
        };
        if !is_signed {
            return core.clone();
        }
        let check = self.core_to_check(core, &received.headers);
        match limits.response.limit(check).await {
            // Secrets in the answer were sealed for the merchant who asked, whoever was configured meanwhile.
            Ok(newer) if !newer.is(core) => {
                core.with_keys(newer.keys().clone()).unwrap_or_else(|_| core.clone())
            }
            _ => core.clone(),
        }
    }
}

impl ReadResponse for Exchange {
    async fn read(
        client: &Client,
        core: &Core,
        request: &Request,
        sent: Sent,
        response: Response,
        limits: Limits,
    ) -> Result<Self, Failure> {
        let received = receive(response, request, limits).await?;
        let core = client.core_to_judge(core, request, &received, limits).await;
        core.judge(request, sent, received)
    }

    fn received(&self) -> &RawResponse {
        &self.received
    }
}

impl ReadResponse for Opened {
    async fn read(
        client: &Client,
        core: &Core,
        request: &Request,
        sent: Sent,
        mut response: Response,
        limits: Limits,
    ) -> Result<Self, Failure> {
        if !response.status().is_success() {
            let received = receive(response, request, limits).await?;
            let core = client.core_to_judge(core, request, &received, limits).await;
            return Err(core.error(request, &sent, received));
        }
        let head = head(&mut response);
        let core = client.core_to_judge(core, request, &head, limits).await;
        let digest = core.judge_head(request, &head)?;
        trace_untyped(request, &head);
        let (route, attempts) = (request.route.clone(), sent.attempts);
        Ok(Self { route, attempts, head, digest, content: response })
    }

    fn received(&self) -> &RawResponse {
        &self.head
    }
}

fn trace(attempt: u32, received: &RawResponse, started: Instant) {
    tracing::debug!(
        attempt,
        http.response.status_code = received.status.as_u16(),
        wechatpay.request_id = received.request_id(),
        duration_ms = started.elapsed().as_millis() as u64,
        "received"
    );
}

/// Shows a response without a type, where bodies are traced.
fn trace_untyped(request: &Request, received: &RawResponse) {
    #[cfg(feature = "trace-bodies")]
    if request.trace_bodies {
        super::body_trace::untyped(received);
    }
    #[cfg(not(feature = "trace-bodies"))]
    let _ = (request.trace_bodies, received);
}

/// An answer without its body.
fn head(response: &mut Response) -> RawResponse {
    let headers = std::mem::take(response.headers_mut());
    RawResponse { status: response.status(), headers, body: Bytes::new() }
}

/// Reads a response up to its limits. What came before a broken connection is kept.
async fn receive(
    mut response: Response,
    request: &Request,
    limits: Limits,
) -> Result<RawResponse, Failure> {
    let limit = request.limit;
    let mut received = head(&mut response);
    let mut body = BytesMut::new();
    let failure = loop {
        // A large file may take as long as the call, as long as more of it comes.
        let wait = if request.route.trust.is_file() { limits.wait() } else { limits.response };
        match wait.limit(response.chunk()).await {
            Ok(Ok(Some(chunk))) if body.len() + chunk.len() > limit => {
                break Some(ErrorKind::TooLarge { limit });
            }
            Ok(Ok(Some(chunk))) => body.extend_from_slice(&chunk),
            Ok(Ok(None)) => break None,
            Ok(Err(error)) => break Some(ErrorKind::Transport(TransportError::new(error))),
            Err(passed) => break Some(passed),
        }
    };
    received.body = body.freeze();
    match failure {
        // An error response is one even if its text is cut short.
        Some(kind) if received.status.is_success() => {
            Err(Failure::unknown(kind).received(received))
        }
        _ => Ok(received),
    }
}

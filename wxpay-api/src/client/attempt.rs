//! One attempt: sign, send, receive, check.

use std::time::Instant;

use bytes::{Bytes, BytesMut};
use reqwest::Response;

use super::core::Core;
use super::deadline::Deadline;
use super::error::Failure;
use super::reply::Exchange;
use super::request::Request;
use super::route::Route;
use super::verdict::refusal;
use super::{Client, ErrorKind, Received, Sent, TransportError};
use crate::protocol::StatementDigest;

/// As much of an answer as a call waits for.
pub(super) trait Answered: Sized + Send {
    /// Reads that much, and decides what it means.
    fn read(
        client: &Client,
        core: &Core,
        request: &Request,
        sent: Sent,
        response: Response,
        deadline: Deadline,
    ) -> impl Future<Output = Result<Self, Failure>> + Send;

    /// What was read.
    fn received(&self) -> &Received;
}

/// A file whose content is still to flow.
pub(super) struct Opened {
    pub(super) route: Route,
    pub(super) attempts: u32,
    /// Without its body.
    pub(super) head: Received,
    /// A digest of the content that the signature covers.
    pub(super) digest: Option<StatementDigest>,
    pub(super) content: Response,
}

impl Client {
    /// Sends a request once, to the first host or to the backup, and decides what the answer means.
    pub(super) async fn attempt<A: Answered>(
        &self,
        core: &Core,
        request: &Request,
        backup: bool,
        attempt: u32,
        deadline: Deadline,
    ) -> Result<A, Failure> {
        let started = Instant::now();
        let begun = deadline.limit(self.begin(core, request, backup, attempt)).await;
        let (sent, response) = begun.map_err(Failure::unknown)??;
        let answered = A::read(self, core, request, sent, response, deadline).await;
        match &answered {
            Ok(answered) => trace(attempt, answered.received(), started),
            Err(Failure { received: Some(received), .. }) => trace(attempt, received, started),
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
    ) -> Result<(Sent, Received), Failure> {
        let started = Instant::now();
        let (sent, response) = self.begin(core, request, backup, attempt).await?;
        let received = receive(response, request.limit).await?;
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
    ) -> Result<(Sent, Response), Failure> {
        let backup = backup && self.site().has_backup(request.host);
        let url = self.site().url(request.host, &request.target, backup);
        let url = url.map_err(Failure::not_sent)?;
        let (sent, http) = core.sign(request, &url, attempt)?;
        tracing::debug!(attempt, server.address = url.host_str(), "sending");
        Ok((sent, self.transport().send(http).await?))
    }

    /// The keys to check an answer with. When the deadline passes before a new certificate is here, the
    /// answer remains, unverified.
    async fn core_to_judge(
        &self,
        core: &Core,
        request: &Request,
        received: &Received,
        deadline: Deadline,
    ) -> Core {
        if !(received.status.is_success() && request.route.trust.is_by_known_key()) {
            return core.clone();
        }
        let check = self.core_to_check(core, &received.headers);
        match deadline.limit(check).await {
            // Secrets in the answer were sealed for the merchant who asked, whoever was configured meanwhile.
            Ok(newer) if !newer.is(core) => {
                core.with_keys(newer.keys().clone()).unwrap_or_else(|_| core.clone())
            }
            _ => core.clone(),
        }
    }
}

impl Answered for Exchange {
    async fn read(
        client: &Client,
        core: &Core,
        request: &Request,
        sent: Sent,
        response: Response,
        deadline: Deadline,
    ) -> Result<Self, Failure> {
        let received = deadline.limit(receive(response, request.limit)).await;
        let received = received.map_err(Failure::unknown)??;
        let core = client.core_to_judge(core, request, &received, deadline).await;
        core.judge(request, sent, received)
    }

    fn received(&self) -> &Received {
        &self.received
    }
}

impl Answered for Opened {
    async fn read(
        client: &Client,
        core: &Core,
        request: &Request,
        sent: Sent,
        mut response: Response,
        deadline: Deadline,
    ) -> Result<Self, Failure> {
        if !response.status().is_success() {
            let received = deadline.limit(receive(response, request.limit)).await;
            return Err(refusal(&sent, received.map_err(Failure::unknown)??));
        }
        let head = head(&mut response);
        let core = client.core_to_judge(core, request, &head, deadline).await;
        let digest = core.judge_head(request, &head)?;
        let (route, attempts) = (request.route.clone(), sent.attempts);
        Ok(Self { route, attempts, head, digest, content: response })
    }

    fn received(&self) -> &Received {
        &self.head
    }
}

fn trace(attempt: u32, received: &Received, started: Instant) {
    tracing::debug!(
        attempt,
        http.response.status_code = received.status.as_u16(),
        wechatpay.request_id = received.request_id(),
        duration_ms = started.elapsed().as_millis() as u64,
        "received"
    );
}

/// An answer without its body.
fn head(response: &mut Response) -> Received {
    let headers = std::mem::take(response.headers_mut());
    Received { status: response.status(), headers, body: Bytes::new() }
}

/// Reads an answer up to the limit. What came before a broken connection is kept.
async fn receive(mut response: Response, limit: usize) -> Result<Received, Failure> {
    let mut received = head(&mut response);
    let mut body = BytesMut::new();
    let failure = loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > limit => {
                break Some(ErrorKind::TooLarge { limit });
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break None,
            Err(error) => break Some(ErrorKind::Transport(TransportError::new(error))),
        }
    };
    received.body = body.freeze();
    match failure {
        // An error answer is one even if its text is cut short.
        Some(kind) if received.status.is_success() => {
            Err(Failure::unknown(kind).received(received))
        }
        _ => Ok(received),
    }
}

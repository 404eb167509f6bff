//! One attempt: sends, receives, and decides what the response means.

use std::time::Instant;

use reqwest::Response;

use crate::client::call::deadline::Limits;
use crate::client::call::reply::CheckedResponse;
use crate::client::call::request::EncodedRequest;
use crate::client::call::send::{begin, head, receive, trace};
use crate::client::core::Core;
use crate::client::error::failure::AttemptFailure;
use crate::client::keys::renewal::core_to_check;
use crate::client::operation::facts::{OperationFacts, Trust};
use crate::client::{Client, RawResponse, Sent};
use crate::protocol::StatementDigest;

/// The part of a response that a call waits for.
pub(crate) trait ReadResponse: Sized + Send {
    /// Reads that part, and decides what it means.
    fn read(
        client: &Client,
        core: &Core,
        request: &EncodedRequest,
        sent: Sent,
        response: Response,
        limits: Limits,
    ) -> impl Future<Output = Result<Self, AttemptFailure>> + Send;

    /// Returns the received response.
    fn received(&self) -> &RawResponse;
}

/// A download whose head was received, and whose content was not.
pub(crate) struct StartedDownload {
    pub(crate) facts: OperationFacts,
    pub(crate) attempts: u32,
    /// Status and headers, with an empty body.
    pub(crate) head: RawResponse,
    /// The digest of the content, if the signature covers one.
    pub(crate) digest: Option<StatementDigest>,
    pub(crate) content: Response,
}

/// Sends a request once, to the first host or to the backup, and decides what the response means.
pub(crate) async fn attempt<A: ReadResponse>(
    client: &Client,
    core: &Core,
    request: &EncodedRequest,
    backup: bool,
    attempt: u32,
    limits: Limits,
) -> Result<A, AttemptFailure> {
    let started = Instant::now();
    let (sent, response) = begin(client, core, request, backup, attempt, limits).await?;
    let result = A::read(client, core, request, sent, response, limits).await;
    match &result {
        Ok(read) => trace(attempt, read.received(), started),
        Err(AttemptFailure { received: Some(received), .. }) => {
            trace(attempt, received, started);
            trace_untyped(request, received);
        }
        Err(_) => {}
    }
    result
}

/// Returns the keys to check a response with. If the deadline passes before a new certificate
/// arrives, the response stays unverified.
async fn core_to_judge(
    client: &Client,
    core: &Core,
    request: &EncodedRequest,
    received: &RawResponse,
    limits: Limits,
) -> Core {
    let is_signed = match received.status.is_success() {
        true => request.facts.trust.is_by_known_key(),
        false => request.facts.trust != Trust::Enclosed,
    };
    if !is_signed {
        return core.clone();
    }
    let check = core_to_check(client, core, &received.headers);
    match limits.response.limit(check).await {
        // WeChat Pay encrypted the response's secrets for the merchant who called. A reload in
        // between must not change that key.
        Ok(newer) if !newer.is(core) => {
            core.with_keys(newer.keys().clone()).unwrap_or_else(|_| core.clone())
        }
        _ => core.clone(),
    }
}

impl ReadResponse for CheckedResponse {
    async fn read(
        client: &Client,
        core: &Core,
        request: &EncodedRequest,
        sent: Sent,
        response: Response,
        limits: Limits,
    ) -> Result<Self, AttemptFailure> {
        let received = receive(response, request, limits).await?;
        let core = core_to_judge(client, core, request, &received, limits).await;
        core.verifier().judge(request, sent, received)
    }

    fn received(&self) -> &RawResponse {
        &self.received
    }
}

impl ReadResponse for StartedDownload {
    async fn read(
        client: &Client,
        core: &Core,
        request: &EncodedRequest,
        sent: Sent,
        mut response: Response,
        limits: Limits,
    ) -> Result<Self, AttemptFailure> {
        if !response.status().is_success() {
            let received = receive(response, request, limits).await?;
            let core = core_to_judge(client, core, request, &received, limits).await;
            return Err(core.verifier().error(request, &sent, received));
        }
        let head = head(&mut response);
        let core = core_to_judge(client, core, request, &head, limits).await;
        let digest = core.verifier().judge_head(request, &head)?;
        trace_untyped(request, &head);
        let (facts, attempts) = (request.facts.clone(), sent.attempts);
        Ok(Self { facts, attempts, head, digest, content: response })
    }

    fn received(&self) -> &RawResponse {
        &self.head
    }
}

/// Shows a response without a type, where bodies are traced.
fn trace_untyped(request: &EncodedRequest, received: &RawResponse) {
    #[cfg(feature = "trace-bodies")]
    if request.trace_bodies {
        crate::client::body_trace::untyped(received);
    }
    #[cfg(not(feature = "trace-bodies"))]
    let _ = (request.trace_bodies, received);
}

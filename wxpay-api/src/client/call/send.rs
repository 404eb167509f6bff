//! Sends a request once and receives the response.

use std::time::Instant;

use bytes::{Bytes, BytesMut};
use reqwest::Response;

use crate::client::call::deadline::Limits;
use crate::client::call::request::EncodedRequest;
use crate::client::core::Core;
use crate::client::error::failure::AttemptFailure;
use crate::client::transport::body::Handover;
use crate::client::{Client, ErrorKind, RawResponse, Sent, TransportError};

/// Sends a request once and returns the response, not yet verified.
pub(crate) async fn exchange(
    client: &Client,
    core: &Core,
    request: &EncodedRequest,
    backup: bool,
    attempt: u32,
    limits: Limits,
) -> Result<(Sent, RawResponse), AttemptFailure> {
    let started = Instant::now();
    let (sent, response) = begin(client, core, request, backup, attempt, limits).await?;
    let received = receive(response, request, limits).await?;
    trace(attempt, &received, started);
    Ok((sent, received))
}

/// Sends a request once and waits for the head of the response.
pub(crate) async fn begin(
    client: &Client,
    core: &Core,
    request: &EncodedRequest,
    backup: bool,
    attempt: u32,
    limits: Limits,
) -> Result<(Sent, Response), AttemptFailure> {
    let backup = backup && client.base_urls().has_backup(request.host);
    let url = match backup {
        true => client.base_urls().url(request.host, &request.target, true),
        false => Ok(request.url.clone()),
    };
    let url = url.map_err(AttemptFailure::not_sent)?;
    let authorization = client.transport().signers().sign(core, request, limits).await?;
    let handover = Handover::default();
    let http = request.to_reqwest(&url, &authorization, &handover);
    let http = http.map_err(AttemptFailure::not_sent)?;
    let sent = request.to_sent(&url, authorization, attempt);
    tracing::debug!(attempt, server.address = url.host_str(), "sending");
    #[cfg(feature = "trace-bodies")]
    if request.trace_bodies {
        crate::client::body_trace::request(request, http.headers(), attempt);
    }
    let sending = client.transport().send(http, &handover);
    Ok((sent, limits.head(&handover, sending).await?))
}

pub(crate) fn trace(attempt: u32, received: &RawResponse, started: Instant) {
    tracing::debug!(
        attempt,
        http.response.status_code = received.status.as_u16(),
        wechatpay.request_id = received.request_id(),
        duration_ms = started.elapsed().as_millis() as u64,
        "received"
    );
}

/// Returns status and headers, with an empty body.
pub(crate) fn head(response: &mut Response) -> RawResponse {
    let headers = std::mem::take(response.headers_mut());
    RawResponse { status: response.status(), headers, body: Bytes::new() }
}

/// Reads a response up to its limits. After a broken connection, the part that arrived is kept.
pub(crate) async fn receive(
    mut response: Response,
    request: &EncodedRequest,
    limits: Limits,
) -> Result<RawResponse, AttemptFailure> {
    let limit = request.limit;
    let mut received = head(&mut response);
    // Most bodies come in one piece, which is not copied.
    let (mut first, mut body) = (Bytes::new(), BytesMut::new());
    let failure = loop {
        // A large file may take as long as the call, as long as more of it comes.
        let wait = if request.facts.trust.is_file() { limits.wait() } else { limits.response };
        match wait.limit(response.chunk()).await {
            Ok(Ok(Some(chunk))) if first.len() + body.len() + chunk.len() > limit => {
                break Some(ErrorKind::TooLarge { limit });
            }
            Ok(Ok(Some(chunk))) if first.is_empty() && body.is_empty() => first = chunk,
            Ok(Ok(Some(chunk))) => {
                body.extend_from_slice(&std::mem::take(&mut first));
                body.extend_from_slice(&chunk);
            }
            Ok(Ok(None)) => break None,
            Ok(Err(error)) => break Some(ErrorKind::Transport(TransportError::new(error))),
            Err(passed) => break Some(passed),
        }
    };
    received.body = if body.is_empty() { first } else { body.freeze() };
    match failure {
        // A truncated error response is still an error response.
        Some(kind) if received.status.is_success() => {
            Err(AttemptFailure::unknown(kind).received(received))
        }
        _ => Ok(received),
    }
}

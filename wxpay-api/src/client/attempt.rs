//! One attempt: sign, send, receive, check.

use std::time::Instant;

use bytes::{Bytes, BytesMut};
use reqwest::Response;

use super::core::Core;
use super::error::Failure;
use super::reply::Exchange;
use super::request::Request;
use super::{Client, ErrorKind, Received, Sent, TransportError};

impl Client {
    /// Sends a request once, to the first host or to the backup, and decides what the answer means.
    pub(super) async fn attempt(
        &self,
        core: &Core,
        request: &Request,
        backup: bool,
        attempt: u32,
    ) -> Result<Exchange, Failure> {
        let (sent, received) = self.exchange(core, request, backup, attempt).await?;
        let checked = received.status.is_success() && request.route.trust.is_by_known_key();
        let core = match checked {
            true => self.core_to_check(&received.headers).await,
            false => core.clone(),
        };
        core.judge(request, sent, received)
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
        let backup = backup && self.site().has_backup(request.host);
        let url = self.site().url(request.host, &request.target, backup);
        let url = url.map_err(Failure::not_sent)?;
        let (sent, http) = core.sign(request, &url, attempt)?;
        tracing::debug!(attempt, server.address = url.host_str(), "sending");
        let response = self.transport().send(http).await?;
        let received = receive(response, request.limit).await?;
        tracing::debug!(
            attempt,
            http.response.status_code = received.status.as_u16(),
            wechatpay.request_id = received.request_id(),
            duration_ms = started.elapsed().as_millis() as u64,
            "received"
        );
        Ok((sent, received))
    }
}

/// Reads an answer up to the limit. What came before a broken connection is kept.
async fn receive(mut response: Response, limit: usize) -> Result<Received, Failure> {
    let mut received = Received {
        status: response.status(),
        headers: std::mem::take(response.headers_mut()),
        body: Bytes::new(),
    };
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

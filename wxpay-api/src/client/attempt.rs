//! One attempt: sign, send, receive.

use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, header};
use reqwest::{Method, Response, Url};

use super::error::Failure;
use super::reply::Exchange;
use super::send::{Trust, target};
use super::{Client, ErrorKind, InputError, Received, Sent, TransportError};
use crate::protocol::{Authorization, CryptoError, Nonce, message};

/// A request that only lacks its signature, which every attempt makes anew.
pub(super) struct Request {
    pub(super) operation: String,
    pub(super) trust: Trust,
    pub(super) may_be_pending: bool,
    /// The longest answer that is read, in bytes.
    pub(super) limit: usize,
    pub(super) method: &'static str,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) content_type: Option<String>,
    pub(super) body: Bytes,
    pub(super) signed_body: Bytes,
    pub(super) wechatpay_serial: String,
}

impl Client {
    pub(super) async fn attempt(
        &self,
        request: &Request,
        attempt: u32,
    ) -> Result<Exchange, Failure> {
        let sent = self.sign(request, attempt).map_err(Failure::not_sent)?;
        let http = self.http(request, &sent).map_err(Failure::not_sent)?;
        tracing::debug!(operation = %request.operation, attempt, "sending");
        let response = self.0.transport.http().execute(http).await.map_err(sending_failed)?;
        let received = receive(response, request.limit).await?;
        tracing::debug!(
            operation = %request.operation, attempt, status = received.status.as_u16(),
            request_id = received.request_id(), "received"
        );
        self.judge(request, sent, received)
    }

    /// Signs the target as the URL parser left it, which is what goes on the wire (PROTOCOL §1.2).
    fn sign(&self, request: &Request, attempts: u32) -> Result<Sent, CryptoError> {
        let target = target(&request.url);
        let authorization = self.authorize(request, &target)?;
        let signed_message = message::request(
            request.method,
            &target,
            authorization.timestamp(),
            authorization.nonce(),
            &request.signed_body,
        );
        Ok(Sent {
            method: request.method,
            origin: request.url.origin().ascii_serialization(),
            target,
            body: request.body.clone(),
            authorization,
            signed_message,
            wechatpay_serial: request.wechatpay_serial.clone(),
            attempts,
        })
    }

    fn authorize(&self, request: &Request, target: &str) -> Result<Authorization, CryptoError> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let nonce = Nonce::random()?;
        let body = &request.signed_body;
        self.merchant().authorization(request.method, target, now.as_secs(), nonce, body)
    }

    fn http(&self, request: &Request, sent: &Sent) -> Result<reqwest::Request, InputError> {
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| InputError::HeaderValue { name: "method".to_owned() })?;
        let mut http = reqwest::Request::new(method, request.url.clone());
        let headers = http.headers_mut();
        headers.insert(header::ACCEPT, HeaderValue::from_static(request.trust.accept()));
        headers.insert(header::USER_AGENT, text("User-Agent", &self.0.settings.user_agent)?);
        headers.extend(request.headers.clone());
        let mut authorization = text("Authorization", &sent.authorization.to_header())?;
        authorization.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, authorization);
        headers.insert("Wechatpay-Serial", text("Wechatpay-Serial", &sent.wechatpay_serial)?);
        if let Some(content_type) = &request.content_type {
            headers.insert(header::CONTENT_TYPE, text("Content-Type", content_type)?);
        }
        if !request.body.is_empty() {
            *http.body_mut() = Some(request.body.clone().into());
        }
        Ok(http)
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

impl Trust {
    /// PROTOCOL §1.8.
    fn accept(self) -> &'static str {
        match self {
            Self::Signature => "application/json",
            Self::Raw | Self::SignedDigest => "*/*",
        }
    }
}

fn sending_failed(error: reqwest::Error) -> Failure {
    if error.is_connect() {
        return Failure::not_sent(ErrorKind::Connect(TransportError::new(error)));
    }
    Failure::unknown(ErrorKind::Transport(TransportError::new(error)))
}

fn text(name: &str, value: &str) -> Result<HeaderValue, InputError> {
    HeaderValue::from_str(value).map_err(|_| InputError::HeaderValue { name: name.to_owned() })
}

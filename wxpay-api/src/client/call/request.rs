//! A request in bytes that only lacks its signature.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Uri, header};
use reqwest::Url;

use crate::client::call::options::Options;
use crate::client::operation::facts::OperationFacts;
use crate::client::operation::prepare::header_value;
use crate::client::transport::base_urls::BaseUrls;
use crate::client::transport::body::{Handover, PayloadBody};
use crate::client::{InputError, Payload, Prepared, Sent};
use crate::protocol::{Authorization, EncryptionKey, message};

/// The longest response that is read, in bytes, unless a client or a call sets another limit.
pub(crate) const BODY_LIMIT: usize = 10 << 20;

/// A request that only lacks its signature, which every attempt makes anew.
#[derive(Clone)]
pub(crate) struct EncodedRequest {
    pub(crate) facts: OperationFacts,
    pub(crate) host: Option<&'static str>,
    /// The URL, unless the backup host takes the request.
    pub(crate) url: Url,
    /// Path and query, which every URL parser leaves as they are.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Payload,
    pub(crate) signed_body: Bytes,
    /// `None` while no WeChat Pay key is held.
    pub(crate) wechatpay_serial: Option<String>,
    pub(crate) limit: usize,
    /// Whether a refusal counts only with a signature.
    pub(crate) signed_refusals: bool,
    /// Whether bodies are traced.
    pub(crate) trace_bodies: bool,
}

impl EncodedRequest {
    /// The request names the key that encrypted it, else `default_key`. WeChat Pay signs the
    /// response with the named key (docs/protocol/keys.md §3.4).
    pub(crate) fn new(
        facts: OperationFacts,
        prepared: Prepared,
        base_urls: &BaseUrls,
        default_key: Option<&str>,
        options: &Options,
    ) -> Result<Self, InputError> {
        let url = base_urls.url(prepared.host, &prepared.target, false)?;
        to_uri(&url)?;
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(facts.trust.accept()));
        headers.insert(header::USER_AGENT, base_urls.user_agent.clone());
        headers.extend(options.headers()?.clone());
        headers.extend(prepared.headers);
        let wechatpay_serial = prepared.encrypted_with.or_else(|| default_key.map(str::to_owned));
        if let Some(id) = &wechatpay_serial {
            headers.insert("Wechatpay-Serial", text("Wechatpay-Serial", id)?);
        }
        if let Some(content_type) = &prepared.content_type {
            headers.insert(header::CONTENT_TYPE, text("Content-Type", content_type)?);
        }
        Ok(Self {
            facts,
            host: prepared.host,
            url,
            target: prepared.target,
            headers,
            body: prepared.body,
            signed_body: prepared.signed_body,
            wechatpay_serial,
            limit: options.limit.unwrap_or(BODY_LIMIT),
            signed_refusals: options.signed_refusals,
            trace_bodies: options.trace_bodies,
        })
    }

    /// Returns the HTTP request.
    pub(crate) fn to_http(
        &self,
        authorization: &Authorization,
    ) -> Result<http::Request<Payload>, InputError> {
        let mut request = http::Request::new(self.body.clone());
        *request.method_mut() = self.method()?;
        *request.uri_mut() = to_uri(&self.url)?;
        *request.headers_mut() = self.headers(authorization)?;
        Ok(request)
    }

    /// Returns the request for the HTTP client, with `url` in place of the usual one.
    pub(crate) fn to_reqwest(
        &self,
        url: &Url,
        authorization: &Authorization,
        handover: &Handover,
    ) -> Result<reqwest::Request, InputError> {
        let mut request = reqwest::Request::new(self.method()?, url.clone());
        *request.headers_mut() = self.headers(authorization)?;
        *request.body_mut() = Some(reqwest::Body::wrap(PayloadBody::new(&self.body, handover)));
        Ok(request)
    }

    fn method(&self) -> Result<Method, InputError> {
        Method::from_bytes(self.facts.method.as_bytes()).map_err(|_| unusable(&self.url))
    }

    /// Returns the headers with the signature.
    fn headers(&self, authorization: &Authorization) -> Result<HeaderMap, InputError> {
        let mut authorization = text("Authorization", &authorization.to_header())?;
        authorization.set_sensitive(true);
        let mut headers = self.headers.clone();
        headers.insert(header::AUTHORIZATION, authorization);
        Ok(headers)
    }

    /// Returns the request as it goes to `url`, for inspection.
    pub(crate) fn to_sent(&self, url: &Url, authorization: Authorization, attempts: u32) -> Sent {
        let (method, target) = (self.facts.method, self.target.as_str());
        let (timestamp, nonce) = (authorization.timestamp(), authorization.nonce());
        let signed_message = message::request(method, target, timestamp, nonce, &self.signed_body);
        Sent {
            method,
            // No URL has a user: the client's builder refuses one.
            origin: format!("{}://{}", url.scheme(), url.authority()),
            target: target.to_owned(),
            body: self.body.clone(),
            authorization,
            signed_message,
            wechatpay_serial: self.wechatpay_serial.clone().unwrap_or_default(),
            attempts,
        }
    }
}

/// HTTP libraries need the URL as another type, which forbids a few more letters.
fn to_uri(url: &Url) -> Result<Uri, InputError> {
    url.as_str().parse().map_err(|_| unusable(url))
}

fn unusable(url: &Url) -> InputError {
    let why = "HTTP libraries do not take it as a URL";
    InputError::Target { target: url.path().to_owned(), why }
}

pub(crate) fn text(name: &str, value: &str) -> Result<HeaderValue, InputError> {
    header_value(value).ok_or_else(|| InputError::HeaderValue { name: name.to_owned() })
}

/// Encodes an operation with the encryption key. Everything that differs between operations is in
/// here, so that calls stay small.
pub(crate) type Prepare =
    Box<dyn FnOnce(Option<&EncryptionKey<'_>>) -> Result<Prepared, InputError> + Send>;

//! A request in bytes that only lacks its signature.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use reqwest::Url;

use crate::client::call::options::Options;
use crate::client::operation::facts::OperationFacts;
use crate::client::operation::prepare::header_value;
use crate::client::transport::base_urls::BaseUrls;
use crate::client::{InputError, Payload, Prepared};
use crate::protocol::{Authorization, EncryptionKey};

/// The longest response that is read, in bytes, unless a client or a call sets another limit.
pub(crate) const BODY_LIMIT: usize = 10 << 20;

/// A request that only lacks its signature, which every attempt makes anew.
#[derive(Clone)]
pub(crate) struct EncodedRequest {
    pub(crate) facts: OperationFacts,
    pub(crate) host: Option<&'static str>,
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
        base_urls.url(prepared.host, &prepared.target, false)?;
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

    /// Returns the HTTP request to `url`. Path and query of `url` are those of this request.
    pub(crate) fn to_http(
        &self,
        url: &Url,
        authorization: &Authorization,
    ) -> Result<http::Request<Payload>, InputError> {
        let mut request = http::Request::new(self.body.clone());
        let why = "HTTP libraries do not take it as a URL";
        let wrong = || InputError::Target { target: url.path().to_owned(), why };
        *request.method_mut() =
            Method::from_bytes(self.facts.method.as_bytes()).map_err(|_| wrong())?;
        *request.uri_mut() = url.as_str().parse().map_err(|_| wrong())?;
        let headers = request.headers_mut();
        *headers = self.headers.clone();
        let mut authorization = text("Authorization", &authorization.to_header())?;
        authorization.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, authorization);
        Ok(request)
    }
}

pub(crate) fn text(name: &str, value: &str) -> Result<HeaderValue, InputError> {
    header_value(value).ok_or_else(|| InputError::HeaderValue { name: name.to_owned() })
}

/// Encodes an operation with the encryption key. Everything that differs between operations is in
/// here, so that calls stay small.
pub(crate) type Prepare =
    Box<dyn FnOnce(Option<&EncryptionKey<'_>>) -> Result<Prepared, InputError> + Send>;

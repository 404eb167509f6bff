use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use reqwest::Url;

use super::header_value::header_value;
use super::options::Options;
use super::route::Route;
use super::site::Site;
use super::{InputError, Payload, Prepared};
use crate::protocol::Authorization;

/// The longest answer that is read, in bytes, unless a client or a call says otherwise.
pub(super) const BODY_LIMIT: usize = 10 << 20;

/// A request that only lacks its signature, which every attempt makes anew.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) route: Route,
    pub(super) host: Option<&'static str>,
    /// Path and query, which every URL parser leaves as they are.
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Payload,
    pub(super) signed_body: Bytes,
    /// None while no WeChat Pay key is held yet.
    pub(super) wechatpay_serial: Option<String>,
    pub(super) limit: usize,
    /// Whether a refusal counts only with a signature.
    pub(super) signed_refusals: bool,
    /// Whether bodies are traced.
    pub(super) trace_bodies: bool,
}

impl Request {
    /// `default_key` is the id of the key that the answer is wanted from, unless another sealed the
    /// request (docs/protocol/keys.md §3.4).
    pub(super) fn new(
        route: Route,
        prepared: Prepared,
        site: &Site,
        default_key: Option<&str>,
        options: &Options,
    ) -> Result<Self, InputError> {
        site.url(prepared.host, &prepared.target, false)?;
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(route.trust.accept()));
        headers.insert(header::USER_AGENT, site.user_agent.clone());
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
            route,
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

    /// The request as it is sent to `url`, whose target is this request's own.
    pub(super) fn to_http(
        &self,
        url: &Url,
        authorization: &Authorization,
    ) -> Result<http::Request<Payload>, InputError> {
        let mut request = http::Request::new(self.body.clone());
        let why = "HTTP libraries do not take it as a URL";
        let wrong = || InputError::Target { target: url.path().to_owned(), why };
        *request.method_mut() =
            Method::from_bytes(self.route.method.as_bytes()).map_err(|_| wrong())?;
        *request.uri_mut() = url.as_str().parse().map_err(|_| wrong())?;
        let headers = request.headers_mut();
        *headers = self.headers.clone();
        let mut authorization = text("Authorization", &authorization.to_header())?;
        authorization.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, authorization);
        Ok(request)
    }
}

pub(super) fn text(name: &str, value: &str) -> Result<HeaderValue, InputError> {
    header_value(value).ok_or_else(|| InputError::HeaderValue { name: name.to_owned() })
}

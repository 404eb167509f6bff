//! From an operation to a request that only lacks its signature.

use std::pin::Pin;
use std::time::SystemTime;

use reqwest::Url;

use super::attempt::Request;
use super::error::Failure;
use super::options::Options;
use super::reply::Exchange;
use super::{Client, Endpoint, Error, InputError, Integrity, Prepared, Repeat};
use crate::protocol::SealingKey;

/// Where WeChat Pay is, unless an operation says otherwise (PROTOCOL §10.6).
const DEFAULT_HOST: &str = "api.mch.weixin.qq.com";

/// What is known of an operation before it is sent.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// The method and the path as documented, for errors and traces.
    pub(super) operation: String,
    pub(super) repeat: Repeat,
    pub(super) trust: Trust,
    /// Whether 202 is the answer of success.
    pub(super) may_be_pending: bool,
}

/// What a 2xx answer must prove before it is believed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Trust {
    /// A signature over the body (PROTOCOL §2).
    Signature,
    /// Nothing: a raw file (PROTOCOL §2.7).
    Raw,
    /// A signature over the file's digest (PROTOCOL §2.8).
    SignedDigest,
}

impl Route {
    /// The route of a call, whose answer is signed.
    pub(super) fn call(endpoint: &Endpoint) -> Self {
        Self::new(endpoint, Trust::Signature)
    }

    /// The route of a download, whose answer is signed over a digest at the most.
    pub(super) fn download(endpoint: &Endpoint) -> Self {
        let trust = match endpoint.download {
            Some(Integrity::SignedDigest) => Trust::SignedDigest,
            _ => Trust::Raw,
        };
        Self::new(endpoint, trust)
    }

    fn new(endpoint: &Endpoint, trust: Trust) -> Self {
        let operation = endpoint.to_string();
        let may_be_pending = endpoint.status == 202;
        Self { operation, repeat: endpoint.repeat, trust, may_be_pending }
    }
}

impl Client {
    /// Prepares a request with the keys of this moment, then sends it.
    ///
    /// Only the preparation differs between operations; the rest is boxed, so that calls stay small.
    pub(super) fn send(
        &self,
        route: Route,
        prepare: impl FnOnce(Option<&SealingKey<'_>>) -> Result<Prepared, InputError>,
        options: Options,
    ) -> Pin<Box<dyn Future<Output = Result<Exchange, Error>> + Send + '_>> {
        let request = self.prepare(&route, prepare, &options);
        Box::pin(self.repeat(route, request, options))
    }

    fn prepare(
        &self,
        route: &Route,
        prepare: impl FnOnce(Option<&SealingKey<'_>>) -> Result<Prepared, InputError>,
        options: &Options,
    ) -> Result<Request, Failure> {
        let key = self.keys().sealing_key(SystemTime::now()).map_err(Failure::not_sent)?;
        let prepared = prepare(Some(&key)).map_err(Failure::not_sent)?;
        let url = self.url(&prepared).map_err(Failure::not_sent)?;
        let mut headers = options.headers().map_err(Failure::not_sent)?.clone();
        headers.extend(prepared.headers);
        Ok(Request {
            operation: route.operation.clone(),
            trust: route.trust,
            may_be_pending: route.may_be_pending,
            limit: options.limit.unwrap_or(self.0.settings.body_limit),
            method: prepared.method,
            url,
            headers,
            content_type: prepared.content_type,
            body: prepared.body,
            signed_body: prepared.signed_body,
            wechatpay_serial: prepared.sealed_with.unwrap_or_else(|| key.id().to_owned()),
        })
    }

    fn url(&self, prepared: &Prepared) -> Result<Url, InputError> {
        // A query may hold personal data, which errors must not show.
        let path = prepared.target.split('?').next().unwrap_or_default();
        let wrong = |why| InputError::Target { target: path.to_owned(), why };
        let base = match &self.0.settings.base_url {
            Some(base) => base.clone(),
            None => {
                let host = prepared.host.unwrap_or(DEFAULT_HOST);
                Url::parse(&format!("https://{host}")).map_err(|_| wrong("its host is no host"))?
            }
        };
        if !prepared.target.starts_with('/') || prepared.target.starts_with("//") {
            return Err(wrong("it must start with one slash"));
        }
        let url = base.join(&prepared.target).map_err(|_| wrong("it is not a URL path"))?;
        if url.origin() != base.origin() || url.fragment().is_some() {
            return Err(wrong("it must be a path and a query, nothing else"));
        }
        if target(&url) != prepared.target {
            return Err(wrong("URL parsers read it differently; percent-encode its values"));
        }
        Ok(url)
    }
}

/// Path and query as the URL parser left them, which is what goes on the wire (PROTOCOL §1.2).
pub(super) fn target(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

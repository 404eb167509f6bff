use std::pin::Pin;
use std::time::{Duration, SystemTime};

use reqwest::Url;
use tokio::time::{Instant, sleep, timeout_at};

use super::attempt::Request;
use super::error::Failure;
use super::options::Options;
use super::reply::Exchange;
use super::{Client, Endpoint, Error, ErrorKind, InputError, Integrity, Outcome, Prepared, Repeat};
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

impl From<&'static Endpoint> for Route {
    fn from(endpoint: &'static Endpoint) -> Self {
        let trust = match endpoint.download {
            None => Trust::Signature,
            Some(Integrity::SignedDigest) => Trust::SignedDigest,
            Some(_) => Trust::Raw,
        };
        Self { operation: endpoint.to_string(), repeat: endpoint.repeat, trust }
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
        let wrong = |why| InputError::Target { target: prepared.target.clone(), why };
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
        Ok(url)
    }

    /// Sends a request until it has an answer, as often as repeating is harmless and in time.
    async fn repeat(
        &self,
        route: Route,
        request: Result<Request, Failure>,
        options: Options,
    ) -> Result<Exchange, Error> {
        let settings = &self.0.settings;
        let patience = options.deadline.unwrap_or(settings.deadline);
        let deadline = Instant::now() + patience;
        let allowed = options.repeat.unwrap_or_else(|| route.repeat.is_allowed());
        let mut unsure = false;
        let mut attempts = 1;
        let fail = |failure, attempts| Error::new(route.operation.clone(), failure, attempts);
        let request = request.map_err(|failure| fail(failure, 0))?;
        loop {
            let failure = match timeout_at(deadline, self.attempt(&request, attempts)).await {
                Ok(Ok(exchange)) => return Ok(exchange),
                Ok(Err(failure)) => failure,
                Err(_) => Failure::unknown(ErrorKind::Deadline(patience)),
            };
            tracing::debug!(
                operation = %route.operation, attempt = attempts, outcome = ?failure.outcome,
                error = %failure.kind, "attempt failed"
            );
            unsure |= failure.outcome == Outcome::Unknown && route.repeat != Repeat::Safe;
            let pause = failure.pause(attempts);
            if attempts >= settings.attempts
                || !failure.may_repeat(allowed)
                || Instant::now() + pause >= deadline
            {
                return Err(fail(failure.after(unsure), attempts));
            }
            sleep(pause).await;
            attempts += 1;
        }
    }
}

impl Failure {
    /// Whether another attempt may be made: always when nothing was sent for want of a connection;
    /// otherwise where a repeat is harmless and may change anything (PROTOCOL §10.2, §10.3).
    fn may_repeat(&self, allowed: bool) -> bool {
        match &self.kind {
            ErrorKind::Connect(_) => true,
            ErrorKind::Transport(_) | ErrorKind::Verification(_) => allowed,
            ErrorKind::Api(error) => allowed && matches!(error.status, 408 | 429 | 500..),
            _ => false,
        }
    }

    /// Exponential back-off with jitter, at least what `Retry-After` asks for.
    fn pause(&self, attempts: u32) -> Duration {
        let longest = 300_u64 << attempts.saturating_sub(1).min(6);
        let mut random = [0_u8; 1];
        // Without randomness the pause is the shortest one, which is no harm.
        let _ = aws_lc_rs::rand::fill(&mut random);
        let jitter = longest * u64::from(random[0]) / 510;
        let pause = Duration::from_millis(longest / 2 + jitter);
        pause.max(self.retry_after().unwrap_or_default())
    }

    fn retry_after(&self) -> Option<Duration> {
        let value = self.received.as_ref()?.headers.get(http::header::RETRY_AFTER)?;
        value.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
    }

    /// The outcome of all attempts together: a refusal of the second does not undo the first.
    fn after(mut self, unsure: bool) -> Self {
        if unsure {
            self.outcome = Outcome::Unknown;
        }
        self
    }
}

//! Sends a request until a response is there, and retries where that is harmless (docs/protocol/errors.md §10.2, §10.3).

use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

use http::header::{DATE, RETRY_AFTER};
use tokio::time::sleep;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use crate::client::call::attempt::{ReadResponse, attempt};
use crate::client::call::deadline::{Deadline, Limits};
use crate::client::call::options::Options;
use crate::client::call::reply::CheckedResponse;
use crate::client::call::request::{EncodedRequest, Prepare};
use crate::client::core::Core;
use crate::client::error::failure::AttemptFailure;
use crate::client::keys::renewal::core_to_sign;
use crate::client::operation::facts::OperationFacts;
use crate::client::{Client, Error, ErrorKind, Outcome, Retries};
use crate::protocol::excerpt::excerpt;

/// A request that is being sent, retries included.
type Sending<'a, A> = Pin<Box<dyn Future<Output = Result<A, Error>> + Send + 'a>>;

/// Sends a request until a whole response is there.
pub(crate) fn send(
    client: &Client,
    facts: OperationFacts,
    prepare: Prepare,
    options: Options,
) -> Sending<'_, CheckedResponse> {
    send_and_read(client, facts, prepare, options)
}

/// Sends a request until the wanted part of a response is there, inside a span that records the
/// result.
///
/// The span has the URL template. It has the path's values only where the client allows that.
pub(crate) fn send_and_read<'a, A: ReadResponse + 'a>(
    client: &'a Client,
    facts: OperationFacts,
    prepare: Prepare,
    options: Options,
) -> Sending<'a, A> {
    let span = tracing::info_span!(
        "wechatpay",
        otel.name = format!("{} {}", facts.method, facts.template()),
        otel.kind = "client",
        http.request.method = facts.method,
        url.template = facts.template(),
        url.path = Empty,
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        wechatpay.merchant = client.id(),
        wechatpay.request_id = Empty,
        wechatpay.outcome = Empty,
        duration_ms = Empty,
    );
    Box::pin(run(client, facts, prepare, options, span.clone()).instrument(span))
}

/// Applies the client's settings, sends the request, and completes the span.
async fn run<A: ReadResponse>(
    client: &Client,
    facts: OperationFacts,
    prepare: Prepare,
    mut options: Options,
    span: Span,
) -> Result<A, Error> {
    let started = Instant::now();
    options.limit.get_or_insert(client.settings().body_limit);
    options.signed_refusals = client.settings().signed_refusals;
    options.trace_bodies = client.settings().trace_bodies;
    let mut attempts = 0;
    let result =
        try_until_done(client, facts.clone(), prepare, &options, &mut attempts, &span).await;
    let result = result.map_err(|failure| Error::new(&facts, failure, attempts));
    trace(&span, &result, attempts, started.elapsed());
    result
}

async fn try_until_done<A: ReadResponse>(
    client: &Client,
    facts: OperationFacts,
    prepare: Prepare,
    options: &Options,
    attempts: &mut u32,
    span: &Span,
) -> Result<A, AttemptFailure> {
    let settings = client.settings();
    let deadline = Deadline::after(options.deadline.unwrap_or(settings.deadline));
    let retries = options.retries.unwrap_or(settings.retries);
    let idempotency = facts.idempotency;
    let harmless = options.allow_retries.unwrap_or_else(|| idempotency.allows_retries());
    let patience = options.attempt_timeout.or(settings.attempt_timeout);
    let request = deadline.limit(encode(client, facts, prepare, options, deadline)).await;
    let (core, request) = request.map_err(AttemptFailure::not_sent)??;
    if settings.trace_paths {
        span.record("url.path", request.target.split('?').next());
    }
    let mut unsure = false;
    let mut backup = false;
    loop {
        let limits = Limits::next(deadline, retries, *attempts, harmless, patience);
        *attempts += 1;
        let sending = attempt(client, &core, &request, backup, *attempts, limits);
        let failure = match sending.await {
            Ok(response) => return Ok(response),
            Err(failure) => failure,
        };
        tracing::debug!(
            attempt = *attempts, outcome = ?failure.outcome, why = failure.summary(),
            "attempt failed"
        );
        unsure |= failure.outcome == Outcome::Unknown;
        let pause = failure.pause(retries, *attempts);
        if *attempts >= retries.attempts || !failure.may_retry(harmless) || pause >= deadline.left()
        {
            return Err(match unsure {
                true => failure.after_an_unknown_attempt(idempotency),
                false => failure,
            });
        }
        backup ^= retries.fail_over && failure.is_of_connection();
        sleep(pause).await;
    }
}

/// Encodes the request once with the current keys. Each attempt sends the same bytes.
async fn encode(
    client: &Client,
    facts: OperationFacts,
    prepare: Prepare,
    options: &Options,
    deadline: Deadline,
) -> Result<(Core, EncodedRequest), AttemptFailure> {
    let core = core_to_sign(client, deadline.left() / 2).await?;
    let request = core.encode(facts, prepare, client.base_urls(), options)?;
    Ok((core, request))
}

/// Records in the span how the call ended.
fn trace(
    span: &Span,
    result: &Result<impl ReadResponse, Error>,
    attempts: u32,
    duration: Duration,
) {
    let received = match result {
        Ok(response) => Some(response.received()),
        Err(error) => error.received(),
    };
    if let Some(received) = received {
        span.record("http.response.status_code", received.status.as_u16());
        span.record("wechatpay.request_id", received.request_id());
    }
    span.record("http.request.resend_count", attempts.saturating_sub(1));
    span.record("duration_ms", duration.as_millis() as u64);
    match result {
        Ok(_) => span.record("wechatpay.outcome", "Accepted"),
        Err(error) => span.record("wechatpay.outcome", tracing::field::debug(error.outcome())),
    };
}

impl AttemptFailure {
    /// Names what went wrong, for traces. The error's message is left out, because it may show what
    /// was sent.
    fn summary(&self) -> String {
        match &self.kind {
            ErrorKind::Api(error) => format!("{} {}", error.status, excerpt(&error.code)),
            ErrorKind::Connect(cause) | ErrorKind::Transport(cause) => {
                format!("{}: {cause}", self.kind)
            }
            kind => kind.to_string(),
        }
    }

    /// Returns the back-off, or a longer `Retry-After`.
    fn pause(&self, retries: Retries, attempts: u32) -> Duration {
        retries.pause(attempts).max(self.retry_after().unwrap_or_default())
    }

    /// Reads seconds, or a date. A date counts from the response's own `Date`, because clocks
    /// differ.
    fn retry_after(&self) -> Option<Duration> {
        let headers = &self.received.as_ref()?.headers;
        let date = |text: &str| httpdate::parse_http_date(text).ok();
        let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(value.parse().map_or(Duration::MAX, Duration::from_secs));
        }
        let sent_at = headers.get(DATE).and_then(|value| date(value.to_str().ok()?));
        date(value)?.duration_since(sent_at.unwrap_or_else(SystemTime::now)).ok()
    }
}

//! Sending again: where it is harmless, signed anew, within the deadline (PROTOCOL §10.2, §10.3).

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::attempt::Request;
use super::error::Failure;
use super::options::Options;
use super::reply::Exchange;
use super::send::Route;
use super::{Client, Error, ErrorKind, Outcome, Repeat};
use crate::protocol::VerificationError;
use crate::protocol::excerpt::excerpt;

impl Client {
    /// Sends a request until it has an answer, as often as repeating is harmless and in time.
    pub(super) async fn repeat(
        &self,
        route: Route,
        request: Result<Request, Failure>,
        options: Options,
    ) -> Result<Exchange, Error> {
        let settings = &self.0.settings;
        let patience = options.deadline.unwrap_or(settings.deadline);
        let deadline = after(patience);
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
                why = failure.summary(), "attempt failed"
            );
            unsure |= failure.outcome == Outcome::Unknown;
            let pause = failure.pause(attempts);
            if attempts >= settings.attempts
                || !failure.may_repeat(allowed)
                || pause >= deadline.saturating_duration_since(Instant::now())
            {
                return Err(fail(failure.after(unsure, route.repeat), attempts));
            }
            sleep(pause).await;
            attempts += 1;
        }
    }
}

/// The moment when patience ends; decades from now where a clock cannot say when.
fn after(patience: Duration) -> Instant {
    const DECADES: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    let now = Instant::now();
    now.checked_add(patience).unwrap_or_else(|| now + DECADES)
}

impl Failure {
    /// Why, for traces: without an error's message, which may repeat what was sent.
    fn summary(&self) -> String {
        match &self.kind {
            ErrorKind::Api(error) => format!("answered {} {}", error.status, excerpt(&error.code)),
            kind => kind.to_string(),
        }
    }

    /// Whether another attempt may be made: always when nothing was sent for want of a connection;
    /// otherwise where a repeat is harmless and may change anything (PROTOCOL §10.2, §10.3).
    fn may_repeat(&self, allowed: bool) -> bool {
        match &self.kind {
            ErrorKind::Connect(_) => true,
            ErrorKind::Transport(_) => allowed,
            // Another answer may carry a right signature; a key or a clock stays as it is.
            ErrorKind::Verification(VerificationError::Probe { .. })
            | ErrorKind::Verification(VerificationError::Signature { .. }) => allowed,
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

    /// The outcome of all attempts together: a refusal of the second does not undo the first, unless
    /// neither changes anything.
    fn after(mut self, unsure: bool, repeat: Repeat) -> Self {
        let refused_for_good = self.outcome == Outcome::Refused && repeat == Repeat::Safe;
        if unsure && !refused_for_good {
            self.outcome = Outcome::Unknown;
        }
        self
    }
}

//! How long a call, one of its attempts and the connecting may take.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::client::error::failure::AttemptFailure;
use crate::client::transport::body::Handover;
use crate::client::{ErrorKind, Retries};

/// A point in time, and the error of passing it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    patience: Duration,
    at: Instant,
    passed: fn(Duration) -> ErrorKind,
}

impl Deadline {
    /// Returns the end of a call, `patience` from now. If the clock overflows, it is decades from
    /// now.
    pub(crate) fn after(patience: Duration) -> Self {
        const DECADES: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
        let now = Instant::now();
        let at = now.checked_add(patience).unwrap_or_else(|| now + DECADES);
        Self { patience, at, passed: ErrorKind::Deadline }
    }

    /// Returns the time left.
    pub(crate) fn left(self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    /// Waits for the work until the deadline.
    pub(crate) async fn limit<T>(self, work: impl Future<Output = T>) -> Result<T, ErrorKind> {
        timeout_at(self.at, work).await.map_err(|_| self.passed())
    }

    fn passed(self) -> ErrorKind {
        (self.passed)(self.patience)
    }

    /// Returns `patience` from now, or this deadline if it comes first.
    fn part(self, patience: Duration, passed: fn(Duration) -> ErrorKind) -> Self {
        let part = Self { passed, ..Self::after(patience) };
        if part.at < self.at { part } else { self }
    }
}

/// The limits of one attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The limit until a connection takes the request.
    pub(crate) connect: Deadline,
    /// The limit until the response is complete.
    pub(crate) response: Deadline,
    /// The end of the whole call.
    pub(crate) call: Deadline,
}

impl Limits {
    /// The limits of the next attempt, after `made` ones.
    ///
    /// A failed connection always allows another attempt, so connecting gets only its share of the
    /// time left. The response gets its share where another attempt is `harmless`, else all the
    /// time left, unless the caller sets a limit.
    pub(crate) fn next(
        call: Deadline,
        retries: Retries,
        made: u32,
        harmless: bool,
        attempt: Option<Duration>,
    ) -> Self {
        let share = retries.share(call.left(), made);
        let response = match attempt {
            Some(patience) => call.part(patience, ErrorKind::AttemptTimeout),
            None if harmless => call.part(share, ErrorKind::AttemptTimeout),
            None => call,
        };
        let connect =
            call.part(attempt.map_or(share, |limit| limit.min(share)), ErrorKind::ConnectTimeout);
        Self { connect, response, call }
    }

    /// Returns the limit of one wait for more of a file. Each wait may take as long as an attempt.
    pub(crate) fn wait(self) -> Deadline {
        self.call.part(self.response.patience, self.response.passed)
    }

    /// Waits for the head of a response. A request that no connection took before a limit was not
    /// sent.
    pub(crate) async fn head<T>(
        self,
        handover: &Handover,
        sending: impl Future<Output = Result<T, AttemptFailure>>,
    ) -> Result<T, AttemptFailure> {
        let mut sending = std::pin::pin!(sending);
        if let Ok(done) = timeout_at(self.connect.at, &mut sending).await {
            return done;
        }
        if handover.withdraw() {
            return Err(AttemptFailure::not_sent(self.connect.passed()));
        }
        self.response.limit(sending).await.map_err(AttemptFailure::unknown)?
    }
}

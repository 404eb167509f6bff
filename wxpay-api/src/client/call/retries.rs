//! How often and how soon a request is retried.

use std::time::Duration;

/// How often and how soon the client retries a request ([protocol §10.2], [§10.3]).
///
/// The operation's descriptor and [`Call::allow_retries`](crate::Call::allow_retries) decide
/// whether a request may be retried at all.
///
/// [protocol §10.2]: crate::docs::protocol::errors#102-status-codes
/// [§10.3]: crate::docs::protocol::errors#103-idempotency-and-retries
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub struct Retries {
    pub(crate) attempts: u32,
    pub(crate) first_pause: Duration,
    pub(crate) longest_pause: Duration,
    pub(crate) fail_over: bool,
}

impl Retries {
    /// Makes three attempts in all, pauses for 0.3 up to 20 seconds, and uses the backup host after
    /// a failed connection.
    pub const fn new() -> Self {
        Self {
            attempts: 3,
            first_pause: Duration::from_millis(300),
            longest_pause: Duration::from_secs(20),
            fail_over: true,
        }
    }

    /// Makes one attempt.
    pub const fn none() -> Self {
        Self { attempts: 1, ..Self::new() }
    }

    /// Sets how often a request may be sent in all; at least once.
    pub const fn attempts(self, attempts: u32) -> Self {
        Self { attempts: if attempts == 0 { 1 } else { attempts }, ..self }
    }

    /// Sets the longest first pause. Each further pause doubles. A random part, up to half, is left
    /// out, so that many clients do not come back at once. A longer `Retry-After` counts instead.
    pub const fn first_pause(self, pause: Duration) -> Self {
        Self { first_pause: pause, ..self }
    }

    /// Sets the longest pause.
    pub const fn longest_pause(self, pause: Duration) -> Self {
        Self { longest_pause: pause, ..self }
    }

    /// Whether the client tries the backup host after a failed connection ([protocol §10.6]).
    ///
    /// [protocol §10.6]: crate::docs::protocol::errors#106-hosts
    pub const fn fail_over(self, allowed: bool) -> Self {
        Self { fail_over: allowed, ..self }
    }

    /// Returns the next attempt's share of the time left, after `made` attempts. It leaves time for
    /// all attempts and the pauses between them.
    pub(crate) fn share(self, left: Duration, made: u32) -> Duration {
        let attempts = self.attempts.saturating_sub(made).max(1);
        let last = self.attempts.max(made + 1);
        // The pause stops growing after 16 doublings, so that 64 pauses suffice.
        let pauses = (made + 1..last).take(64).fold(Duration::ZERO, |sum, attempt| {
            sum.saturating_add(self.longest_pause_after(attempt))
        });
        // Ignore pauses that would leave too little time for an attempt.
        let left = left.checked_sub(pauses).filter(|rest| *rest >= left / 2).unwrap_or(left);
        left / attempts
    }

    fn longest_pause_after(self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(16);
        self.first_pause.saturating_mul(1 << doublings).min(self.longest_pause)
    }

    /// The pause after this many attempts: exponential back-off with jitter.
    pub(crate) fn pause(self, attempts: u32) -> Duration {
        let longest = self.longest_pause_after(attempts);
        let mut random = [0_u8; 1];
        // If this fails, the pause is the shortest one, which is harmless.
        let _ = aws_lc_rs::rand::fill(&mut random);
        let half = longest / 2;
        half + half / 255 * u32::from(random[0])
    }
}

impl Default for Retries {
    fn default() -> Self {
        Self::new()
    }
}

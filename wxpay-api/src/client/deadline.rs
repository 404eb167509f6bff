use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::ErrorKind;

/// When a call's patience ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    patience: Duration,
    at: Instant,
}

impl Deadline {
    /// That long from now; decades from now where a clock cannot say when.
    pub(super) fn after(patience: Duration) -> Self {
        const DECADES: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
        let now = Instant::now();
        Self { patience, at: now.checked_add(patience).unwrap_or_else(|| now + DECADES) }
    }

    /// How long it is until then.
    pub(super) fn left(self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }

    /// Waits for the work until then.
    pub(super) async fn limit<T>(self, work: impl Future<Output = T>) -> Result<T, ErrorKind> {
        timeout_at(self.at, work).await.map_err(|_| ErrorKind::Deadline(self.patience))
    }
}

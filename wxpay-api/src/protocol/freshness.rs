//! Whether a message is recent: an old one may be played again by whoever captured it
//! (docs/protocol/verification.md §2.3).

use std::time::{SystemTime, UNIX_EPOCH};

use super::VerificationError;
use super::excerpt::excerpt;

/// A message this many seconds old, or this many ahead, is refused.
const TOLERANCE: u64 = 300;

/// Refuses a timestamp that is stale, too early, or no number of seconds.
pub(crate) fn check(timestamp: &str, now: SystemTime) -> Result<(), VerificationError> {
    let theirs: i64 = timestamp
        .parse()
        .map_err(|_| VerificationError::Timestamp { found: excerpt(timestamp) })?;
    let seconds = unix_seconds(now).saturating_sub(theirs);
    if seconds.unsigned_abs() < TOLERANCE {
        return Ok(());
    }
    Err(VerificationError::Clock { seconds })
}

fn unix_seconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(before) => {
            i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds)
        }
    }
}

/// Says how far off a timestamp is, in words for the error.
pub(crate) fn describe(seconds: i64) -> String {
    let direction = if seconds < 0 { "ahead of" } else { "behind" };
    format!(
        "its timestamp is {} s {direction} this machine's clock, and 300 s is the limit; check the clock, or it is an old \
         message played again",
        seconds.unsigned_abs()
    )
}

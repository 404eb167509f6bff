//! This machine's clock beside WeChat Pay's.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;

use super::report::Checks;

/// A skew of the clock, in seconds, that deserves a word.
const NOTEWORTHY_SKEW: u64 = 30;

/// The skew, in seconds, from which on everything is refused on either side (docs/protocol/signing.md §1.4,
/// docs/protocol/verification.md §2.3).
pub(super) const REFUSED_SKEW: u64 = 300;

/// Compares the clocks by the headers of an answer, if there was one.
pub(super) fn check(checks: &mut Checks, headers: Option<&HeaderMap>) {
    let Some(seconds) = headers.and_then(|headers| skew(headers, SystemTime::now())) else {
        checks.skipped("clock", "no answer tells the time");
        return;
    };
    let off = seconds.unsigned_abs();
    let direction = if seconds > 0 { "ahead of" } else { "behind" };
    let advice = format!(
        "this machine's clock is {off} s {direction} WeChat Pay's, and from {REFUSED_SKEW} s on every request is refused: \
         synchronise it (NTP)"
    );
    match off {
        REFUSED_SKEW.. => checks.failed("clock", advice),
        off if off > NOTEWORTHY_SKEW => checks.warned("clock", advice),
        _ => checks.passed("clock", format!("{seconds} s from WeChat Pay's")),
    };
}

/// How many seconds this machine's clock is ahead of the other side's.
pub(super) fn skew(headers: &HeaderMap, now: SystemTime) -> Option<i64> {
    let timestamp = headers.get("Wechatpay-Timestamp").and_then(|value| value.to_str().ok());
    let theirs = match timestamp.and_then(|text| text.parse().ok()) {
        Some(seconds) => UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?,
        None => {
            let date = headers.get(http::header::DATE)?.to_str().ok()?;
            httpdate::parse_http_date(date).ok()?
        }
    };
    match now.duration_since(theirs) {
        Ok(ahead) => i64::try_from(ahead.as_secs()).ok(),
        Err(behind) => i64::try_from(behind.duration().as_secs()).ok().map(|seconds| -seconds),
    }
}

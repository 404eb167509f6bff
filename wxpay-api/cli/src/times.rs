//! Times as people and programs read them.

use std::time::SystemTime;

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// Returns a time in RFC 3339, in Beijing time, as WeChat Pay writes it.
pub(crate) fn rfc3339(time: SystemTime) -> String {
    const BEIJING: i8 = 8;
    let time = OffsetDateTime::from(time);
    let time = time.replace_nanosecond(0).unwrap_or(time);
    let offset = UtcOffset::from_hms(BEIJING, 0, 0).unwrap_or(UtcOffset::UTC);
    time.to_offset(offset).format(&Rfc3339).unwrap_or_else(|_| time.to_string())
}

/// Returns the seconds since 1970.
pub(crate) fn unix_seconds(time: SystemTime) -> i64 {
    OffsetDateTime::from(time).unix_timestamp()
}

/// Returns an age or a remaining time in the largest fitting unit.
pub(crate) fn rough(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} minutes", seconds / 60),
        7_200..172_800 => format!("{} hours", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

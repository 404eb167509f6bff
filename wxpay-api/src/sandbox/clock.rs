//! Times as WeChat Pay writes them.

use std::time::{SystemTime, UNIX_EPOCH};

use x509_cert::der::DateTime;

/// RFC 3339 in UTC; empty for times that X.509 cannot say.
pub(super) fn rfc3339(time: SystemTime) -> String {
    DateTime::from_system_time(time).map(|time| time.to_string()).unwrap_or_default()
}

pub(super) fn unix_seconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

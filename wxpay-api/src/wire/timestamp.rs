use std::fmt;

/// A point in time as WeChat Pay writes it.
///
/// The documentation says RFC 3339, but many values are not (`yyyyMMddHHmmss` is common), so the
/// text is kept exactly; it is empty when the member was absent. The features `time`, `jiff` and
/// `chrono` convert from and to the types of those crates (PROTOCOL §0).
#[derive(Clone, Default, Eq, Hash, PartialEq)]
pub struct Timestamp(String);

impl Timestamp {
    /// The text as sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl PartialEq<str> for Timestamp {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Timestamp {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

/// A timestamp's text is not RFC 3339.
#[cfg(any(feature = "time", feature = "jiff", feature = "chrono"))]
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not an RFC 3339 timestamp")]
pub struct TimestampError(String);

#[cfg(feature = "time")]
mod with_time {
    use super::{Timestamp, TimestampError};
    use time::{OffsetDateTime, format_description::well_known::Rfc3339};

    impl TryFrom<&Timestamp> for OffsetDateTime {
        type Error = TimestampError;

        fn try_from(timestamp: &Timestamp) -> Result<Self, TimestampError> {
            Self::parse(&timestamp.0, &Rfc3339).map_err(|_| TimestampError(timestamp.0.clone()))
        }
    }

    /// RFC 3339 ends at the year 9999.
    impl TryFrom<OffsetDateTime> for Timestamp {
        type Error = TimestampError;

        fn try_from(time: OffsetDateTime) -> Result<Self, TimestampError> {
            let seconds = time.replace_nanosecond(0).unwrap_or(time);
            seconds.format(&Rfc3339).map(Self).map_err(|_| TimestampError(time.to_string()))
        }
    }
}

#[cfg(feature = "jiff")]
mod with_jiff {
    use super::{Timestamp, TimestampError};

    impl TryFrom<&Timestamp> for jiff::Timestamp {
        type Error = TimestampError;

        fn try_from(timestamp: &Timestamp) -> Result<Self, TimestampError> {
            timestamp.0.parse().map_err(|_| TimestampError(timestamp.0.clone()))
        }
    }

    impl From<jiff::Timestamp> for Timestamp {
        fn from(time: jiff::Timestamp) -> Self {
            Self(format!("{time:.0}"))
        }
    }
}

#[cfg(feature = "chrono")]
mod with_chrono {
    use super::{Timestamp, TimestampError};
    use chrono::{DateTime, FixedOffset, SecondsFormat, TimeZone};

    impl TryFrom<&Timestamp> for DateTime<FixedOffset> {
        type Error = TimestampError;

        fn try_from(timestamp: &Timestamp) -> Result<Self, TimestampError> {
            Self::parse_from_rfc3339(&timestamp.0).map_err(|_| TimestampError(timestamp.0.clone()))
        }
    }

    impl<Zone: TimeZone> From<DateTime<Zone>> for Timestamp {
        fn from(time: DateTime<Zone>) -> Self {
            Self(time.fixed_offset().to_rfc3339_opts(SecondsFormat::Secs, true))
        }
    }
}

//! Times, as text and as the types of other crates.

use std::fmt;

/// A point in time as WeChat Pay writes it.
///
/// The text is kept exactly, because many values are not RFC 3339 as documented (`yyyyMMddHHmmss`
/// is common). It is empty when the member was absent. The features `time`, `jiff` and `chrono`
/// convert from and to the types of those crates ([base conventions]).
///
/// The conversions read RFC 3339, `20091225091010`, `2009-12-25 09:10:10` and their mixtures, with
/// or without milliseconds. A time without an offset is Beijing time, `+08:00`. A day without a
/// time is an error: it may mean any moment. Digits that may be a date or a number of seconds are
/// an error too.
///
/// [base conventions]: crate::docs::protocol#base-conventions
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

/// The text of a timestamp is no point in time, or is one that RFC 3339 cannot write.
#[cfg(any(feature = "time", feature = "jiff", feature = "chrono"))]
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{}` {problem}", crate::protocol::excerpt::excerpt(text))]
pub struct TimestampError {
    text: String,
    problem: &'static str,
}

#[cfg(any(feature = "time", feature = "jiff", feature = "chrono"))]
impl TimestampError {
    fn of(timestamp: &Timestamp) -> Self {
        let problem = if super::moment::is_day(&timestamp.0) {
            "is a day without a time, which is no point in time: take its text (`as_str`)"
        } else {
            "is no point in time: expected RFC 3339, or `yyyyMMddHHmmss` or `yyyy-MM-dd HH:mm:ss` of Beijing"
        };
        Self { text: timestamp.0.clone(), problem }
    }
}

#[cfg(any(feature = "time", feature = "jiff", feature = "chrono"))]
impl Timestamp {
    /// Reads RFC 3339 in any form that WeChat Pay writes, or the text as it is.
    fn read<T, E>(&self, read: impl Fn(&str) -> Result<T, E>) -> Result<T, TimestampError> {
        let text = super::moment::rfc3339(&self.0);
        read(text.as_deref().unwrap_or(&self.0)).map_err(|_| TimestampError::of(self))
    }
}

#[cfg(feature = "time")]
mod with_time {
    use super::{Timestamp, TimestampError};
    use time::{OffsetDateTime, format_description::well_known::Rfc3339};

    impl TryFrom<&Timestamp> for OffsetDateTime {
        type Error = TimestampError;

        fn try_from(timestamp: &Timestamp) -> Result<Self, TimestampError> {
            timestamp.read(|text| Self::parse(text, &Rfc3339))
        }
    }

    /// RFC 3339 ends at the year 9999.
    impl TryFrom<OffsetDateTime> for Timestamp {
        type Error = TimestampError;

        fn try_from(time: OffsetDateTime) -> Result<Self, TimestampError> {
            let seconds = time.replace_nanosecond(0).unwrap_or(time);
            seconds.format(&Rfc3339).map(Self).map_err(|_| TimestampError {
                text: time.to_string(),
                problem: "is beyond the years that RFC 3339 writes",
            })
        }
    }
}

#[cfg(feature = "jiff")]
mod with_jiff {
    use super::{Timestamp, TimestampError};

    impl TryFrom<&Timestamp> for jiff::Timestamp {
        type Error = TimestampError;

        fn try_from(timestamp: &Timestamp) -> Result<Self, TimestampError> {
            timestamp.read(str::parse)
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
            timestamp.read(Self::parse_from_rfc3339)
        }
    }

    impl<Zone: TimeZone> From<DateTime<Zone>> for Timestamp {
        fn from(time: DateTime<Zone>) -> Self {
            Self(time.fixed_offset().to_rfc3339_opts(SecondsFormat::Secs, true))
        }
    }
}

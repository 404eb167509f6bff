//! The business clock, which tests can move, and the forms in which times are written.
//!
//! Signatures, certificates, links and deliveries keep real time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use x509_cert::der::DateTime;

use crate::sandbox::lifecycle::describe::model::TimeForm;
use crate::wire::moment_rfc3339;

const SECOND: i64 = 1000;
const DAY_SECONDS: i64 = 86_400;
/// Beijing is eight hours ahead of UTC, without summer time.
const BEIJING_SECONDS: i64 = 8 * 3600;
// How many characters `yyyy-MM-dd` and `yyyyMMdd` have.
const DATE_LENGTH: usize = 10;
const COMPACT_DATE_LENGTH: usize = 8;

/// A moment of the business clock: milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub(in crate::sandbox) struct Moment(i64);

/// Real time, moved forward by tests.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(in crate::sandbox) struct BusinessClock {
    ahead: Duration,
}

impl BusinessClock {
    pub(in crate::sandbox) fn now(&self) -> Moment {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Moment(milliseconds(real.saturating_add(self.ahead)))
    }

    /// Moves the clock forward.
    pub(in crate::sandbox) fn advance(&mut self, by: Duration) {
        self.ahead = self.ahead.saturating_add(by);
    }
}

fn milliseconds(duration: Duration) -> i64 {
    // Far enough from the end of the type that sums of two stay inside.
    const LATEST: i64 = i64::MAX / 4;
    i64::try_from(duration.as_millis()).unwrap_or(LATEST).min(LATEST)
}

impl Moment {
    /// Returns the moment of a time by the real clock.
    pub(in crate::sandbox) fn of(time: SystemTime) -> Self {
        Self(milliseconds(time.duration_since(UNIX_EPOCH).unwrap_or_default()))
    }

    pub(in crate::sandbox) fn plus_seconds(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(milliseconds(Duration::from_secs(seconds))))
    }

    /// Returns how long after the clock's time the moment is; zero if it is past.
    pub(in crate::sandbox) fn after(self, now: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(now.0)).unwrap_or_default())
    }

    pub(in crate::sandbox) fn seconds(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    pub(in crate::sandbox) fn system_time(self) -> SystemTime {
        let since = Duration::from_millis(u64::try_from(self.0).unwrap_or_default());
        UNIX_EPOCH.checked_add(since).unwrap_or(UNIX_EPOCH)
    }

    /// Writes the moment.
    pub(in crate::sandbox) fn write(self, form: TimeForm) -> Json {
        let text = self.beijing().to_string();
        let digits = || text.chars().filter(char::is_ascii_digit);
        match form {
            TimeForm::DateTime => self.rfc3339().into(),
            TimeForm::CompactTime => digits().collect::<String>().into(),
            TimeForm::Date => text.chars().take(DATE_LENGTH).collect::<String>().into(),
            TimeForm::CompactDate => digits().take(COMPACT_DATE_LENGTH).collect::<String>().into(),
            TimeForm::Seconds => self.seconds().into(),
        }
    }

    /// Writes the moment with the offset of Beijing.
    pub(in crate::sandbox) fn rfc3339(self) -> String {
        self.beijing().to_string().replace('Z', "+08:00")
    }

    /// Reads a time in any of WeChat Pay's forms: RFC 3339, compact, a day, or seconds since 1970.
    pub(in crate::sandbox) fn read(value: &Json) -> Option<Self> {
        match value {
            Json::Number(number) => Some(Self::from_seconds(number.as_i64()?)),
            Json::String(text) => Self::read_text(text.trim()),
            _ => None,
        }
    }

    /// Reads a text that is a time and nothing else: not digits that may be a number.
    pub(in crate::sandbox) fn read_text(text: &str) -> Option<Self> {
        if let Some(rfc3339) = moment_rfc3339(text) {
            return Self::read_rfc3339(&rfc3339);
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let is_day = match text.len() {
            8 => digits.len() == 8,
            10 => digits.len() == 8 && text.split('-').count() == 3,
            _ => false,
        };
        if is_day {
            let (year, rest) = digits.split_at_checked(4)?;
            let (month, day) = rest.split_at_checked(2)?;
            let days = days(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
            return Some(Self::from_seconds(days * DAY_SECONDS - BEIJING_SECONDS));
        }
        None
    }

    fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(SECOND))
    }

    /// Reads `yyyy-MM-ddTHH:mm:ss`, perhaps a fraction, and an offset.
    fn read_rfc3339(text: &str) -> Option<Self> {
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        let days = days(number(0, 4)?, number(5, 7)?, number(8, 10)?)?;
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let rest = text.get(19..)?.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
        let offset = match rest.split_at_checked(1)? {
            ("Z" | "z", _) => 0,
            (sign, offset) => {
                let (hours, minutes) = offset.split_once(':')?;
                let seconds = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
                if sign == "-" { -seconds } else { seconds }
            }
        };
        let seconds = days * DAY_SECONDS + hour * 3600 + minute * 60 + second - offset;
        Some(Self::from_seconds(seconds))
    }

    /// Returns what a clock in Beijing shows. Its text has the form of UTC.
    ///
    /// A moment before 1970 is the beginning of that year, and one after the year 9999 its end.
    fn beijing(self) -> DateTime {
        let seconds = self.seconds().saturating_add(BEIJING_SECONDS);
        let since = Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
        DateTime::from_unix_duration(since).unwrap_or(DateTime::INFINITY)
    }
}

/// Returns the days since 1970 of a day; `None` if no calendar has it.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let (year, month) = (u16::try_from(year).ok()?, u8::try_from(month).ok()?);
    let midnight = DateTime::new(year, month, u8::try_from(day).ok()?, 0, 0, 0).ok()?;
    Some(i64::try_from(midnight.unix_duration().as_secs()).ok()? / DAY_SECONDS)
}

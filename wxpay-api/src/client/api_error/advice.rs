use std::fmt;
use std::time::Duration;

use super::code::{
    ALREADY_EXISTS, FREQUENCY_LIMITED, NO_STATEMENT_EXIST, ORDER_NOT_EXIST, RATELIMIT_EXCEED,
    RATELIMIT_EXCEEDED, STATEMENT_CREATING, SYSTEM_ERROR,
};

/// How long a bill takes that is being made (PROTOCOL §7.1).
const BILL: Duration = Duration::from_secs(30 * 60);

/// What to do about an error of WeChat Pay's: whether the same request may be sent again (PROTOCOL §10.2).
///
/// A client repeats by itself only where [`Repeat`](crate::Repeat) allows it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Advice {
    /// No: the request, the keys, the clock or a permission must be put right first.
    Fix,
    /// No: the merchant's business has to decide, for want of money or for a rule.
    Decide,
    /// Not before a query says what the state is.
    Query,
    /// No: it is not there. If it was made just now, query once more later.
    Absent,
    /// No: there is nothing, and there will be nothing.
    Stop,
    /// Yes, more and more slowly: this request was not accepted.
    BackOff,
    /// Yes, or query: the outcome is unknown. The parameters must stay the same; never take a new number.
    SameParameters,
    /// Yes, after this time.
    Later(Duration),
}

impl Advice {
    /// The advice on a code; one that is not known counts by its status.
    pub(super) fn on(status: u16, code: &str) -> Self {
        match code {
            FREQUENCY_LIMITED | ALREADY_EXISTS => Self::Query,
            RATELIMIT_EXCEED | RATELIMIT_EXCEEDED => Self::BackOff,
            ORDER_NOT_EXIST => Self::Absent,
            NO_STATEMENT_EXIST => Self::Stop,
            STATEMENT_CREATING => Self::Later(BILL),
            SYSTEM_ERROR => Self::SameParameters,
            _ => Self::on_status(status),
        }
    }

    fn on_status(status: u16) -> Self {
        match status {
            429 => Self::BackOff,
            408 | 500.. => Self::SameParameters,
            403 => Self::Decide,
            404 => Self::Absent,
            _ => Self::Fix,
        }
    }

    /// Whether the same request may be sent again without a query and without a change.
    #[must_use]
    pub fn may_repeat(self) -> bool {
        matches!(self, Self::BackOff | Self::SameParameters | Self::Later(_))
    }
}

/// What to do, in words.
impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fix => "do not repeat it; put it right first",
            Self::Decide => "do not repeat it; this is for the business to decide",
            Self::Query => "query before anything else",
            Self::Absent => "it is not there; query later if it was made just now",
            Self::Stop => "there is nothing, and there will be nothing",
            Self::BackOff => "it was not accepted; repeat it more slowly",
            Self::SameParameters => {
                "the outcome is unknown; query, or repeat it with the same parameters"
            }
            Self::Later(pause) => {
                return write!(f, "repeat it in {} minutes", pause.as_secs() / 60);
            }
        })
    }
}

//! What to do about an error of WeChat Pay's.

use std::fmt;
use std::time::Duration;

/// What to do about an error of WeChat Pay's: whether the same request may be sent again
/// ([protocol §10.2]).
///
/// The advice fits [`Error::outcome`](crate::Error::outcome), because both come from one table, which
/// the guide shows. With [`Outcome::Unknown`](crate::Outcome::Unknown) it is [`Query`](Advice::Query) or
/// [`SameParameters`](Advice::SameParameters); with [`Outcome::Refused`](crate::Outcome::Refused) it is
/// any of the others. A client retries by itself only where [`Idempotency`](crate::Idempotency) allows it.
///
/// [protocol §10.2]: crate::docs::protocol::errors#102-status-codes
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Advice {
    /// No: the request, the keys, the clock or a permission must be put right first.
    Fix,
    /// No: the merchant's business has to decide, because money is missing or a rule forbids it.
    Decide,
    /// Not before a query says what the state is: the outcome is unknown.
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
    /// Whether the same request may be sent again without a query and without a change.
    #[must_use]
    pub fn may_retry(self) -> bool {
        matches!(self, Self::BackOff | Self::SameParameters | Self::Later(_))
    }

    /// Whether it presupposes that WeChat Pay refused the request.
    pub(in crate::client) fn is_on_a_refusal(self) -> bool {
        !matches!(self, Self::Query | Self::SameParameters)
    }
}

/// What to do, in words.
impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fix => "do not retry it; put it right first",
            Self::Decide => "do not retry it; this is for the business to decide",
            Self::Query => "query before anything else",
            Self::Absent => "it is not there; query later if it was made just now",
            Self::Stop => "there is nothing, and there will be nothing",
            Self::BackOff => "it was not accepted; retry it more slowly",
            Self::SameParameters => "query, or retry it with the same parameters",
            Self::Later(pause) => {
                return write!(f, "retry it in {} minutes", pause.as_secs() / 60);
            }
        })
    }
}

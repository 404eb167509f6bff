use std::fmt;

/// WeChat Pay's internal code, which ends some of the `Request-ID`s ([protocol §2.10]).
///
/// The ids are opaque, so nothing may depend on it; it helps people to see what was meant.
///
/// [protocol §2.10]: crate::docs::protocol::verification#210-the-request-id
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct InternalCode(u64);

impl InternalCode {
    /// Reads long hexadecimal text, `-`, and the code; a UUID, which ends in digits too, has more parts.
    pub(crate) fn of_request_id(id: &str) -> Option<Self> {
        const LONG: usize = 16;
        let (head, code) = id.split_once('-')?;
        let is_long_hex = head.len() >= LONG && head.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_number = code.bytes().all(|byte| byte.is_ascii_digit());
        if is_long_hex && is_number { code.parse().ok().map(Self) } else { None }
    }

    /// The code; 0 is success.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }

    /// What it stands for, where that is known.
    #[must_use]
    pub fn meaning(self) -> Option<&'static str> {
        Some(match self.0 {
            268_435_461 => "a bad parameter",
            268_435_472 => "too frequent",
            268_449_538 | 268_498_689 => "already paid",
            268_443_699 => "a signature error",
            268_447_840 => "rate limited",
            268_498_688 => "the same number again with different parameters",
            268_512_771 => "no such order",
            270_924_332 => "a bad Authorization header",
            270_924_358 => "an unknown parameter",
            _ => return None,
        })
    }
}

/// The number, and its meaning where that is known.
impl fmt::Display for InternalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.meaning() {
            Some(meaning) => write!(f, "{} ({meaning})", self.0),
            None => write!(f, "{}", self.0),
        }
    }
}

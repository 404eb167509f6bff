//! The forms in which WeChat Pay writes a point in time, as RFC 3339.

/// The offset of a time that names none: WeChat Pay's clock is in Beijing.
const BEIJING: &str = "+08:00";

/// Converts a time to RFC 3339. `None` if the moment is ambiguous.
///
/// Accepts RFC 3339, `yyyyMMddHHmmss`, `yyyy-MM-dd HH:mm:ss` and their mixtures, with or without
/// fractions and an offset. Refuses a day without a time, and 10, 12 or 13 digits, which may be a
/// date or a number of seconds.
pub(crate) fn rfc3339(text: &str) -> Option<String> {
    let mut rest = TimeScanner(text.trim());
    let (year, month, day, is_compact) = rest.date()?;
    if rest.one_of(&['T', 't', ' ']).is_none() && !is_compact {
        return None;
    }
    let hour = rest.digits(2)?;
    let colon = rest.one_of(&[':']);
    let minute = rest.digits(2)?;
    if colon.is_some() {
        rest.one_of(&[':'])?;
    }
    let second = rest.digits(2)?;
    let fraction = match rest.one_of(&['.', ',']) {
        Some(_) => rest.all_digits()?,
        None if is_compact && colon.is_none() => rest.digits(3).unwrap_or_default(),
        None => "",
    };
    let point = if fraction.is_empty() { "" } else { "." };
    let offset = rest.offset()?;
    Some(format!("{year}-{month}-{day}T{hour}:{minute}:{second}{point}{fraction}{offset}"))
}

/// Whether a text is a day without a time.
#[cfg(any(feature = "time", feature = "jiff", feature = "chrono"))]
pub(super) fn is_day(text: &str) -> bool {
    let mut rest = TimeScanner(text.trim());
    rest.date().is_some() && rest.0.is_empty()
}

/// The text that is not read yet.
struct TimeScanner<'a>(&'a str);

impl<'a> TimeScanner<'a> {
    /// Reads year, month and day. Also returns whether nothing separates them.
    fn date(&mut self) -> Option<(&'a str, &'a str, &'a str, bool)> {
        let year = self.digits(4)?;
        let separator = self.one_of(&['-', '/']);
        let month = self.digits(2)?;
        if let Some(separator) = separator {
            self.one_of(&[separator])?;
        }
        Some((year, month, self.digits(2)?, separator.is_none()))
    }

    /// Reads the offset at the end, and returns it as RFC 3339 writes it.
    fn offset(mut self) -> Option<String> {
        if self.0.is_empty() {
            return Some(BEIJING.to_owned());
        }
        // A space before the offset, as in `10:34:56 +0800`.
        self.one_of(&[' ']);
        let offset = match self.one_of(&['Z', 'z', '+', '-'])? {
            'Z' | 'z' => "Z".to_owned(),
            sign => {
                let hours = self.digits(2)?;
                let colon = self.one_of(&[':']);
                let minutes = match self.digits(2) {
                    Some(minutes) => minutes,
                    None if colon.is_none() => "00",
                    None => return None,
                };
                format!("{sign}{hours}:{minutes}")
            }
        };
        self.0.is_empty().then_some(offset)
    }

    /// Reads exactly this many digits.
    fn digits(&mut self, count: usize) -> Option<&'a str> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.0 = rest;
        Some(digits)
    }

    /// Reads at least one digit.
    fn all_digits(&mut self) -> Option<&'a str> {
        let count = self.0.bytes().take_while(u8::is_ascii_digit).count();
        if count == 0 { None } else { self.digits(count) }
    }

    fn one_of(&mut self, characters: &[char]) -> Option<char> {
        let first = self.0.chars().next().filter(|first| characters.contains(first))?;
        self.0 = self.0.strip_prefix(first)?;
        Some(first)
    }
}

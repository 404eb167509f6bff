//! The types of cells: text, a time, an amount, a count.

use std::fmt;

use rust_decimal::Decimal;

use super::columns::fold;
use super::yuan;
use crate::Timestamp;

/// A type that the text of a cell is read as.
pub trait Cell: Sized {
    /// Reads the text of a cell.
    ///
    /// # Errors
    /// A description of the expected text, such as “an amount in yuan”.
    fn read(text: &str) -> Result<Self, &'static str>;

    /// Returns the value of a column that the bill lacks.
    fn absent() -> Self;

    /// Whether the type is a number. Callers add numbers up, and so must know which columns the bill lacks
    /// ([`FromRow::missing_columns`](crate::bills::FromRow::missing_columns)).
    const NUMBER: bool = false;
}

/// Keeps the text as sent.
impl Cell for String {
    fn read(text: &str) -> Result<Self, &'static str> {
        Ok(text.to_owned())
    }

    fn absent() -> Self {
        Self::new()
    }
}

/// Keeps the text as sent.
impl Cell for BillTime {
    fn read(text: &str) -> Result<Self, &'static str> {
        Ok(text.to_owned().into())
    }

    fn absent() -> Self {
        Self::default()
    }
}

/// Reads an exact amount in yuan. An empty cell is `None`.
///
/// `1,234.50`, `¥1.00`, `1.00元` and full-width digits are accepted. Any other text is an error.
impl Cell for Option<Decimal> {
    fn read(text: &str) -> Result<Self, &'static str> {
        if is_empty(text) {
            return Ok(None);
        }
        yuan::parse(text).map(Some).ok_or("an amount in yuan")
    }

    const NUMBER: bool = true;

    fn absent() -> Self {
        None
    }
}

/// Reads a count, which may be written as `45.0`. An empty cell is `None`.
impl Cell for Option<u64> {
    fn read(text: &str) -> Result<Self, &'static str> {
        if is_empty(text) {
            return Ok(None);
        }
        yuan::parse_count(text).map(Some).ok_or("a count")
    }

    const NUMBER: bool = true;

    fn absent() -> Self {
        None
    }
}

fn is_empty(text: &str) -> bool {
    let is_visible = |byte: &u8| byte.is_ascii_graphic();
    !text.as_bytes().first().is_some_and(is_visible) && fold(text).trim().is_empty()
}

/// A time as bills write it, such as `2025-01-01 12:00:00`. It is empty where the bill has none.
#[derive(Clone, Default, Eq, Hash, PartialEq)]
pub struct BillTime(String);

impl BillTime {
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

    /// Converts the time to RFC 3339. Bills name no time zone; the time is read as Beijing time.
    ///
    /// The result is `None` unless the text has the form `yyyy-MM-dd HH:mm:ss`, in ASCII or full-width characters. With
    /// the features `time`, `jiff` and `chrono`, a [`Timestamp`] converts to the types of these crates.
    #[must_use]
    pub fn to_timestamp(&self) -> Option<Timestamp> {
        let text = fold(&self.0);
        let (date, time) = text.trim().split_once(' ')?;
        let fits = has_form(date, "0000-00-00") && has_form(time, "00:00:00");
        fits.then(|| format!("{date}T{time}+08:00").into())
    }
}

/// Whether `text` has digits where `form` has zeros, and is equal elsewhere.
fn has_form(text: &str, form: &str) -> bool {
    let fits = |(byte, form): (u8, u8)| match form {
        b'0' => byte.is_ascii_digit(),
        _ => byte == form,
    };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(fits)
}

impl From<String> for BillTime {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for BillTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for BillTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

use rust_decimal::Decimal;

use super::columns::fold;
use super::{BillTime, yuan};

/// What the text of a cell is read as.
pub trait Cell: Sized {
    /// Reads the text of a cell.
    ///
    /// # Errors
    /// What the text should be, such as “an amount in yuan”, and the text.
    fn read(text: String) -> Result<Self, (&'static str, String)>;

    /// The value of a column that the bill does not have.
    fn absent() -> Self;

    /// Whether it is a number, which callers add up, so that its absence must be known
    /// ([`FromRow::missing_columns`](super::FromRow::missing_columns)).
    const NUMBER: bool = false;
}

/// The text as sent.
impl Cell for String {
    fn read(text: String) -> Result<Self, (&'static str, String)> {
        Ok(text)
    }

    fn absent() -> Self {
        Self::new()
    }
}

/// The text as sent.
impl Cell for BillTime {
    fn read(text: String) -> Result<Self, (&'static str, String)> {
        Ok(text.into())
    }

    fn absent() -> Self {
        Self::default()
    }
}

/// An amount in yuan, exact; none if the cell is empty.
///
/// `1,234.50`, `¥1.00`, `1.00元` and full-width digits are understood. Any other text is an error.
impl Cell for Option<Decimal> {
    fn read(text: String) -> Result<Self, (&'static str, String)> {
        if is_empty(&text) {
            return Ok(None);
        }
        yuan::parse(&text).map(Some).ok_or(("an amount in yuan", text))
    }

    const NUMBER: bool = true;

    fn absent() -> Self {
        None
    }
}

/// A count, which may be written as `45.0`; none if the cell is empty.
impl Cell for Option<u64> {
    fn read(text: String) -> Result<Self, (&'static str, String)> {
        if is_empty(&text) {
            return Ok(None);
        }
        yuan::parse_count(&text).map(Some).ok_or(("a count", text))
    }

    const NUMBER: bool = true;

    fn absent() -> Self {
        None
    }
}

fn is_empty(text: &str) -> bool {
    fold(text).trim().is_empty()
}

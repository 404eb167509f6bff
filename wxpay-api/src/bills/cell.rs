use rust_decimal::Decimal;

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
impl Cell for Option<Decimal> {
    fn read(text: String) -> Result<Self, (&'static str, String)> {
        match text.trim() {
            "" => Ok(None),
            digits => yuan::parse(digits).map(Some).ok_or(("an amount in yuan", text)),
        }
    }

    fn absent() -> Self {
        None
    }
}

/// A count; none if the cell is empty.
impl Cell for Option<u64> {
    fn read(text: String) -> Result<Self, (&'static str, String)> {
        match text.trim() {
            "" => Ok(None),
            digits => digits.parse().map(Some).map_err(|_| ("a count", text)),
        }
    }

    fn absent() -> Self {
        None
    }
}

//! What a kind of bill is: its rows, its summary, and the columns they need.

use super::{BillError, Row};

/// A kind of bill: what its rows and its summary are read as.
pub trait Bill {
    /// One line.
    type Row: FromRow;
    /// The last line, below names of its own.
    type Summary: FromRow;

    /// The number of rows that a summary states, if it does.
    fn stated_rows(_summary: &Self::Summary) -> Option<u64> {
        None
    }
}

/// What the cells of a line are read as.
pub trait FromRow: Sized {
    /// The names of its columns. A file that has none of them is refused, because it is of another
    /// kind or no bill at all; an empty list takes any file.
    ///
    /// Those of a summary also tell its line of names from the text of a cell that has line breaks.
    const COLUMNS: &'static [&'static str];

    /// The columns without which a bill is refused.
    const REQUIRED: &'static [RequiredColumn] = &[];

    /// Reads the cells.
    ///
    /// # Errors
    /// When a cell is not what its column should hold.
    fn from_row(row: Row) -> Result<Self, BillError>;

    /// The columns of amounts and counts that the bill does not have: in these fields, `None` means
    /// that there is no column, and not that there is no money.
    fn missing_columns(_row: &Row) -> Vec<&'static str> {
        Vec::new()
    }
}

/// A column that a bill must have, because amounts would be missing without it.
#[derive(Clone, Copy, Debug)]
pub struct RequiredColumn {
    /// The names that it may have.
    pub names: &'static [&'static str],
    /// Only a bill that has one of these columns must have it; any bill, if there are none.
    pub beside: &'static [&'static str],
}

/// Any bill: cells by the names of their columns.
#[derive(Clone, Copy, Debug)]
pub struct OtherBill;

impl Bill for OtherBill {
    type Row = Row;
    type Summary = Row;
}

impl FromRow for Row {
    const COLUMNS: &'static [&'static str] = &[];

    fn from_row(row: Row) -> Result<Self, BillError> {
        Ok(row)
    }
}

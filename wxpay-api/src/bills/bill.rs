use super::{BillError, Row};

/// A kind of bill: what its rows and its summary are read as.
pub trait Bill {
    /// One line.
    type Row: FromRow;
    /// The last line, below names of its own.
    type Summary: FromRow;
}

/// What the cells of a line are read as.
pub trait FromRow: Sized {
    /// The names of its columns. A file that has none of them is refused, because it is of another
    /// kind or no bill at all; an empty list takes any file.
    const COLUMNS: &'static [&'static str];

    /// Reads the cells.
    ///
    /// # Errors
    /// When a cell is not what its column should hold.
    fn from_row(row: Row) -> Result<Self, BillError>;
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

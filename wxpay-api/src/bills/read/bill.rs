//! A kind of bill: its rows, its summary, the columns they need, and the macro that declares a row by its columns.

use super::row::Row;
use crate::bills::BillError;

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

/// A struct with a field for each column: its type, and the names that the column goes by.
macro_rules! record {
    (
        $(#[$of_struct:meta])*
        pub struct $name:ident {
            $($(#[$of_field:meta])* $field:ident: $kind:ty = $($column:literal)|+,)*
        }
        $(required $($($required:literal)|+ $(beside $($beside:literal)|+)?),+;)?
        $(then $complete:ident;)?
    ) => {
        $(#[$of_struct])*
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$of_field])* pub $field: $kind,)*
            /// The cells of all other columns.
            pub other: $crate::bills::Row,
        }

        impl $name {
            /// The columns of amounts and counts that the bill does not have. `None` in these fields
            /// is no empty cell, and adding it up as zero gives a wrong sum.
            #[must_use]
            pub fn missing_columns(&self) -> Vec<&'static str> {
                <Self as $crate::bills::FromRow>::missing_columns(&self.other)
            }
        }

        impl $crate::bills::FromRow for $name {
            const COLUMNS: &'static [&'static str] = &[$($($column),+),*];

            $(const REQUIRED: &'static [$crate::bills::RequiredColumn] = &[$(
                $crate::bills::RequiredColumn {
                    names: &[$($required),+],
                    beside: &[$($($beside),+)?],
                },
            )+];)?

            fn from_row(mut row: $crate::bills::Row) -> Result<Self, $crate::bills::BillError> {
                let record = Self { $($field: row.take(&[$($column),+])?,)* other: row };
                $(let record = record.$complete();)?
                Ok(record)
            }

            fn missing_columns(row: &$crate::bills::Row) -> Vec<&'static str> {
                let numbers = [$((<$kind as $crate::bills::Cell>::NUMBER, &[$($column),+] as &[&'static str]),)*];
                let missing = numbers.iter().filter(|(number, names)| *number && !row.has_any(names));
                missing.filter_map(|(_, names)| names.first().copied()).collect()
            }
        }
    };
}

pub(super) use record;

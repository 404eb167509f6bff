//! A kind of bill: its rows, its summary, the columns they need, and the macro that declares a row by its columns.

use super::row::Row;
use crate::bills::BillError;

/// A kind of bill: the types of its rows and its summary.
pub trait Bill {
    /// The type of a row.
    type Row: FromRow;
    /// The type of the summary, the last line. It has its own line of names.
    type Summary: FromRow;

    /// Returns the number of rows that a summary states, if it states one.
    fn stated_rows(_summary: &Self::Summary) -> Option<u64> {
        None
    }
}

/// A type that the cells of a line are read as.
pub trait FromRow: Sized {
    /// The names of the columns.
    ///
    /// A file that has none of them is refused: it is another kind of bill, or not a bill. An empty list accepts any
    /// file. The names of a summary also tell its line of names from the text of a cell with line breaks.
    const COLUMNS: &'static [&'static str];

    /// The columns that a bill must have.
    const REQUIRED: &'static [RequiredColumn] = &[];

    /// Reads the cells.
    ///
    /// # Errors
    /// [`BillError`] when a cell does not have the type of its column.
    fn from_row(row: Row) -> Result<Self, BillError>;

    /// Returns the columns of amounts and counts that the bill lacks. In these fields `None` means that there is no
    /// column, not that there is no money.
    fn missing_columns(_row: &Row) -> Vec<&'static str> {
        Vec::new()
    }
}

/// A column that a bill must have, because amounts would be missing without it.
#[derive(Clone, Copy, Debug)]
pub struct RequiredColumn {
    /// The names that the column may have.
    pub names: &'static [&'static str],
    /// The column is required only beside one of these columns. If the list is empty, every bill must have the column.
    pub beside: &'static [&'static str],
}

/// Any bill, with its cells by the names of their columns.
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

/// Declares a struct with a field for each column: its type, and the names that the column may have.
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
            /// Returns the columns of amounts and counts that the bill lacks. In these fields `None` is not an empty
            /// cell; adding it up as zero makes a wrong sum.
            #[must_use]
            pub fn missing_columns(&self) -> Vec<&'static str> {
                <Self as $crate::bills::FromRow>::missing_columns(&self.other)
            }

            /// Takes all fields out of `other`.
            fn take_fields(&mut self) -> Result<(), Box<$crate::bills::BillError>> {
                let names: &'static [&'static [&'static str]] = &[$(&[$($column),+]),*];
                let mut numbers = 0..names.len();
                $(
                    let number = numbers.next().unwrap_or_default();
                    self.other.take_field(names, number, &mut self.$field)?;
                )*
                Ok(())
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

            fn from_row(row: $crate::bills::Row) -> Result<Self, $crate::bills::BillError> {
                let mut record = Self {
                    $($field: <$kind as $crate::bills::Cell>::absent(),)*
                    other: row,
                };
                record.take_fields().map_err(|error| *error)?;
                $(record.$complete();)?
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

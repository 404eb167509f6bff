//! Why a row, or the rest of a bill, cannot be read.

use std::fmt;

use crate::protocol::excerpt::excerpt;

/// A bill or one of its rows cannot be read: the line, the column, and the reason.
///
/// After an error of one row, the rows below it follow. Nothing follows a [fatal](BillError::is_fatal) error.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BillError {
    line: u64,
    column: Option<String>,
    kind: BillErrorKind,
    fatal: bool,
}

/// Why a bill or a row cannot be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BillErrorKind {
    /// The file ends before its summary, or in the middle of a row.
    #[error("the bill ends here without its summary: download it again")]
    Truncated,
    /// A line or a row is longer than the limit of the reader.
    #[error("longer than {limit} bytes: this is no bill, or `row_limit` must be raised")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// A quotation mark of ordinary CSV is closed neither in its line nor below it at the end of a
    /// cell. The lines below are read as separate rows.
    #[error("a cell begins with a quotation mark that is not closed at the end of a cell")]
    OpenQuote,
    /// A line has more cells than any bill.
    #[error("more than {limit} cells: this is no bill")]
    TooManyCells {
        /// The limit.
        limit: usize,
    },
    /// The text is not UTF-8.
    #[error("not UTF-8: was the file converted, for example to GBK?")]
    NotUtf8,
    /// The file has another format.
    #[error("this is {found}, and no CSV file")]
    OtherFormat {
        /// The format.
        found: &'static str,
    },
    /// The gzip file is damaged or was cut short.
    #[error("the gzip file is damaged or incomplete ({reason}): download it again")]
    Gzip {
        /// The damage, in words.
        reason: String,
    },
    /// The gzip file has more plain text than any bill.
    #[error("the gzip file has more than {limit} bytes of plain text, too much for its size")]
    Unpacked {
        /// The limit in bytes.
        limit: u64,
    },
    /// A row has more or fewer cells than the line of names above it.
    #[error("{found} cells, but line {header} names {expected} columns")]
    CellCount {
        /// The number of cells.
        found: usize,
        /// The number of columns.
        expected: usize,
        /// The line that names the columns.
        header: u64,
    },
    /// This kind of bill has none of the columns.
    #[error("`{found}` names no column of such a bill: is it a bill, and of this kind?")]
    UnknownColumns {
        /// The beginning of the line.
        found: String,
    },
    /// The bill lacks a column without which amounts would be missing.
    #[error(
        "no column is named {expected}, so that its amounts cannot be read; the columns are {found}"
    )]
    MissingColumn {
        /// The names that the column may have.
        expected: String,
        /// The names of the header.
        found: String,
    },
    /// A cell does not have its column's type.
    #[error("`{text}` is not {expected}")]
    Unreadable {
        /// The expected content of the cell.
        expected: &'static str,
        /// The beginning of the cell.
        text: String,
    },
    /// There is a line below the summary.
    #[error("there is text below the summary, which ends a bill")]
    AfterSummary,
    /// The caller finished the parser before it took the last row.
    #[error(
        "the last row was not taken: call `end`, take the remaining rows, and then call `finish`"
    )]
    RowsLeft,
    /// Rows are missing: some could not be read, or the summary states another number.
    #[error("{read} rows were read and {failed} could not be{}", stated_text(*stated))]
    Incomplete {
        /// The number of rows that were read.
        read: u64,
        /// The number of rows that could not be read.
        failed: u64,
        /// The number of rows that the summary states, if it does.
        stated: Option<u64>,
    },
}

fn stated_text(stated: Option<u64>) -> String {
    stated.map_or_else(String::new, |stated| format!("; the summary states {stated}"))
}

/// Reading a bill failed: its source failed, or its content cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError<E> {
    /// The source of its bytes failed.
    #[error(transparent)]
    Source(E),
    /// The content cannot be read.
    #[error("bill, {0}")]
    Bill(BillError),
}

impl<E> ReadError<E> {
    /// Whether nothing follows: the source failed, or [`BillError::is_fatal`] says so.
    pub fn is_fatal(&self) -> bool {
        match self {
            Self::Source(_) => true,
            Self::Bill(error) => error.is_fatal(),
        }
    }
}

impl BillError {
    /// Makes an error of one row. The rows below it can be read.
    pub(super) fn row(line: u64, column: Option<&str>, kind: BillErrorKind) -> Self {
        Self { line, column: column.map(str::to_owned), kind, fatal: false }
    }

    /// Makes an error that ends the bill.
    pub(super) fn fatal(line: u64, column: Option<&str>, kind: BillErrorKind) -> Self {
        Self { fatal: true, ..Self::row(line, column, kind) }
    }

    pub(super) fn into_fatal(self) -> Self {
        Self { fatal: true, ..self }
    }

    /// Whether the rest of the bill cannot be read. After any other error, the rows below follow.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        self.fatal
    }

    /// The line in the file, counted from 1. If cells have line breaks, it is the first line of the row.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The name of the column, where one cell caused the error.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }

    /// The reason.
    #[must_use]
    pub fn kind(&self) -> &BillErrorKind {
        &self.kind
    }
}

impl fmt::Display for BillError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", column {}", excerpt(column))?;
        }
        write!(f, ": {}", self.kind)
    }
}

impl std::error::Error for BillError {}

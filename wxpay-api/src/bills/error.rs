use std::fmt;

/// A bill cannot be read on: where, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BillError {
    line: u64,
    column: Option<String>,
    kind: BillErrorKind,
}

/// Why a bill cannot be read on.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BillErrorKind {
    /// The file ends before its summary, or in the middle of a row.
    #[error("the bill ends here without its summary: download it again")]
    Truncated,
    /// A line is longer than the limit of its reader.
    #[error("longer than {limit} bytes: this is no bill, or `row_limit` must be raised")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// A line has more cells than any bill.
    #[error("more than {limit} cells: this is no bill")]
    TooManyCells {
        /// The limit.
        limit: usize,
    },
    /// Text is not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// A line has more or fewer cells than the line of names above it.
    #[error("{found} cells, but line {header} names {expected} columns")]
    CellCount {
        /// The number of cells.
        found: usize,
        /// The number of columns.
        expected: usize,
        /// The line that names the columns.
        header: u64,
    },
    /// None of the names is one that this kind of bill has.
    #[error("`{found}` names no column of such a bill: is it a bill, and of this kind?")]
    UnknownColumns {
        /// The beginning of the line.
        found: String,
    },
    /// A cell is not of its column's type.
    #[error("`{text}` is not {expected}")]
    Unreadable {
        /// What it should be.
        expected: &'static str,
        /// The beginning of the cell.
        text: String,
    },
    /// There is a line below the summary.
    #[error("there is text below the summary, which ends a bill")]
    AfterSummary,
}

/// Reading a bill failed: at its source, or for what it says.
#[derive(Debug, thiserror::Error)]
pub enum ReadError<E> {
    /// The source of its bytes failed.
    #[error(transparent)]
    Source(E),
    /// What it says cannot be read.
    #[error("bill, {0}")]
    Bill(#[source] BillError),
}

impl BillError {
    pub(super) fn new(line: u64, column: Option<&str>, kind: BillErrorKind) -> Self {
        Self { line, column: column.map(str::to_owned), kind }
    }

    /// The line, counted from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The name of the column, where one cell is to blame.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }

    /// Why.
    #[must_use]
    pub fn kind(&self) -> &BillErrorKind {
        &self.kind
    }
}

impl fmt::Display for BillError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.kind)
    }
}

impl std::error::Error for BillError {}

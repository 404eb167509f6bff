//! What the readers of a bill share, wherever its bytes come from.

use super::{Bill, BillError, RowParser};

/// A parser whose source has an end; it remembers `F`, why its source failed.
pub(super) struct WholeBill<B: Bill, F> {
    pub(super) parser: RowParser<B>,
    pub(super) failure: Option<F>,
}

/// What a reader does next.
pub(super) enum ReadStep<R> {
    /// It gives this row.
    Give(Result<R, BillError>),
    /// It feeds the parser with more bytes.
    Feed,
    /// Nothing: no row follows.
    Over,
}

impl<B: Bill, F> WholeBill<B, F> {
    pub(super) fn new() -> Self {
        Self { parser: RowParser::new(), failure: None }
    }

    pub(super) fn step(&mut self) -> ReadStep<B::Row> {
        if self.is_over() {
            return ReadStep::Over;
        }
        match self.parser.next() {
            Some(row) => ReadStep::Give(row),
            None if self.is_over() => ReadStep::Over,
            None => ReadStep::Feed,
        }
    }

    /// Takes the next bytes; none are the end, which may turn out to be too early.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        match bytes {
            [] => self.parser.end(),
            bytes => self.parser.push(bytes),
        }
    }

    /// Whether no row follows.
    pub(super) fn is_over(&self) -> bool {
        self.parser.is_over() || self.failure.is_some()
    }
}

/// The methods that a reader, whose `bill` is a [`WholeBill`], has in common with its parser.
macro_rules! methods_of_the_parser {
    () => {
        /// The longest row that is read, in bytes; 64 KiB unless changed.
        #[must_use]
        pub fn row_limit(mut self, bytes: usize) -> Self {
            self.bill.parser = self.bill.parser.row_limit(bytes);
            self
        }

        /// The number of rows that were read so far.
        #[must_use]
        pub fn rows_read(&self) -> u64 {
            self.bill.parser.rows_read()
        }

        /// The number of errors of rows so far. Each is of one row that could not be read; of lines
        /// whose quotation mark was not closed, each that is no row by itself is an error.
        #[must_use]
        pub fn rows_failed(&self) -> u64 {
            self.bill.parser.rows_failed()
        }

        /// The columns of amounts and counts that the bill does not have
        /// ([`FromRow::missing_columns`](super::FromRow::missing_columns)); none before its header was
        /// read, which the first row shows.
        #[must_use]
        pub fn missing_columns(&self) -> Vec<&'static str> {
            self.bill.parser.missing_columns()
        }
    };
}

pub(super) use methods_of_the_parser;

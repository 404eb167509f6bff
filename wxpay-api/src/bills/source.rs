//! The part that [`RowReader`](super::RowReader) and [`RowStream`](super::RowStream) share.

use super::{Bill, BillError, RowParser};

/// A parser whose source has an end. `F` is the error of the source.
pub(super) struct WholeBill<B: Bill, F> {
    pub(super) parser: RowParser<B>,
    pub(super) failure: Option<F>,
}

/// The next step of a reader.
pub(super) enum ReadStep<R> {
    /// Return this row.
    Give(Result<R, BillError>),
    /// Feed the parser with more bytes.
    Feed,
    /// Stop: no row follows.
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

    /// Takes the next bytes. Empty bytes are the end of the file, which may come too early.
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

/// The methods of the parser that a reader repeats. The reader has a field `bill`, a [`WholeBill`].
macro_rules! methods_of_the_parser {
    () => {
        /// Sets the limit of a row in bytes. The default is 64 KiB.
        #[must_use]
        pub fn row_limit(mut self, bytes: usize) -> Self {
            self.bill.parser = self.bill.parser.row_limit(bytes);
            self
        }

        /// The number of rows read so far.
        #[must_use]
        pub fn rows_read(&self) -> u64 {
            self.bill.parser.rows_read()
        }

        /// The number of row errors so far. Each unreadable row is one error. If a quotation mark is not closed, each
        /// line below it that is not a row itself is one error.
        #[must_use]
        pub fn rows_failed(&self) -> u64 {
            self.bill.parser.rows_failed()
        }

        /// The columns of amounts and counts that the bill lacks
        /// ([`FromRow::missing_columns`](super::FromRow::missing_columns)).
        ///
        /// The list is empty until the header is read, which it is once there is a row.
        #[must_use]
        pub fn missing_columns(&self) -> Vec<&'static str> {
            self.bill.parser.missing_columns()
        }
    };
}

pub(super) use methods_of_the_parser;

//! Reads a bill from a file or another [`Read`].

use std::fmt;
use std::io::{self, Read};

use super::source::{ReadStep, WholeBill, methods_of_the_parser};
use super::{Bill, ReadError, RowParser};

/// Reads a bill from a [`Read`], for example a file: an iterator over its rows.
///
/// The reader takes 8 KiB at a time, so that the source needs no buffer. It unpacks a gzip file.
///
/// The last item is an error if reading failed or the file was cut short, so that no loop takes half a bill for a whole
/// one. After an error of a row, the rows below it follow. Nothing follows a [fatal](ReadError::is_fatal) error.
pub struct RowReader<B: Bill, R> {
    source: R,
    buffer: Vec<u8>,
    bill: WholeBill<B, SourceFailure>,
}

/// An error of the source, kept so that later calls can return it again.
struct SourceFailure {
    kind: io::ErrorKind,
    text: String,
}

impl<B: Bill, R: Read> RowReader<B, R> {
    /// Reads the bill that begins at the position of `source`.
    pub fn new(source: R) -> Self {
        Self { source, buffer: vec![0; 8 << 10], bill: WholeBill::new() }
    }

    methods_of_the_parser!();

    /// Reads to the end, and returns the summary. Rows and row errors that the caller did not take are skipped.
    ///
    /// # Errors
    /// Reading failed, or the bill cannot be read or is incomplete, also if an earlier call returned this error. Errors
    /// of rows do not count.
    pub fn finish(self) -> Result<B::Summary, ReadError<io::Error>> {
        self.read_to_end()?.finish().map_err(ReadError::Bill)
    }

    /// Returns the summary, as [`finish`](RowReader::finish) does, if no row is missing.
    ///
    /// # Errors
    /// As [`finish`](RowReader::finish), and [`BillErrorKind::Incomplete`](super::BillErrorKind::Incomplete) if a row
    /// could not be read, or if the summary states another number of rows.
    pub fn finish_complete(self) -> Result<B::Summary, ReadError<io::Error>> {
        self.read_to_end()?.finish_complete().map_err(ReadError::Bill)
    }

    fn read_to_end(mut self) -> Result<RowParser<B>, ReadError<io::Error>> {
        loop {
            if let Some(SourceFailure { kind, text }) = self.bill.failure {
                return Err(ReadError::Source(io::Error::new(kind, text)));
            }
            if self.bill.is_over() {
                return Ok(self.bill.parser);
            }
            if let Some(Err(ReadError::Source(error))) = self.next() {
                return Err(ReadError::Source(error));
            }
        }
    }

    fn advance(&mut self) -> Result<(), ReadError<io::Error>> {
        let length = match self.source.read(&mut self.buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            length => length.map_err(|error| self.fail(error))?,
        };
        self.bill.feed(self.buffer.get(..length).unwrap_or_default());
        Ok(())
    }

    fn fail(&mut self, error: io::Error) -> ReadError<io::Error> {
        self.bill.failure = Some(SourceFailure { kind: error.kind(), text: error.to_string() });
        ReadError::Source(error)
    }
}

impl<B: Bill, R: Read> Iterator for RowReader<B, R> {
    type Item = Result<B::Row, ReadError<io::Error>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.bill.step() {
                ReadStep::Give(row) => return Some(row.map_err(ReadError::Bill)),
                ReadStep::Over => return None,
                ReadStep::Feed => {}
            }
            if let Err(error) = self.advance() {
                return Some(Err(error));
            }
        }
    }
}

impl<B: Bill, R> fmt::Debug for RowReader<B, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowReader").field("parser", &self.bill.parser).finish_non_exhaustive()
    }
}

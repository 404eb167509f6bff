use std::fmt;
use std::io::{self, Read};

use super::whole::Whole;
use super::{Bill, ReadError};

/// Reads a bill from a [`Read`], for example a file: an iterator of its rows.
///
/// It reads 8 KiB at a time, so that the source needs no buffer of its own. The last item is an
/// error if reading failed or the file was cut short, so that no loop takes half a bill for a whole
/// one. Nothing follows an error.
pub struct RowReader<B: Bill, R> {
    source: R,
    buffer: Vec<u8>,
    bill: Whole<B, Failure>,
}

/// What is kept of an error of the source, to be said again.
struct Failure {
    kind: io::ErrorKind,
    text: String,
}

impl<B: Bill, R: Read> RowReader<B, R> {
    /// Reads the bill that begins here.
    pub fn new(source: R) -> Self {
        Self { source, buffer: vec![0; 8 << 10], bill: Whole::new() }
    }

    /// The longest line that is read, in bytes; 64 KiB unless changed.
    #[must_use]
    pub fn row_limit(mut self, bytes: usize) -> Self {
        self.bill.parser = self.bill.parser.row_limit(bytes);
        self
    }

    /// Reads to the end, past rows that were not taken, and gives the summary.
    ///
    /// # Errors
    /// When reading fails or the bill is unreadable or incomplete, whether that was said before or
    /// not.
    pub fn finish(mut self) -> Result<B::Summary, ReadError<io::Error>> {
        loop {
            if let Some(Failure { kind, text }) = self.bill.failure {
                return Err(ReadError::Source(io::Error::new(kind, text)));
            }
            if let Some(end) = self.bill.take_end() {
                return end.map_err(ReadError::Bill);
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
        self.bill.feed(self.buffer.get(..length).unwrap_or_default()).map_err(ReadError::Bill)
    }

    fn fail(&mut self, error: io::Error) -> ReadError<io::Error> {
        self.bill.failure = Some(Failure { kind: error.kind(), text: error.to_string() });
        ReadError::Source(error)
    }
}

impl<B: Bill, R: Read> Iterator for RowReader<B, R> {
    type Item = Result<B::Row, ReadError<io::Error>>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.bill.is_over() {
            if let Some(row) = self.bill.next() {
                return Some(row.map_err(ReadError::Bill));
            }
            if let Err(error) = self.advance() {
                return Some(Err(error));
            }
        }
        None
    }
}

impl<B: Bill, R> fmt::Debug for RowReader<B, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowReader").field("parser", &self.bill.parser).finish_non_exhaustive()
    }
}

//! Puts together a row of ordinary CSV that has line breaks within quotation marks.
//!
//! One stray quotation mark makes all lines below it look like text of a cell. Such a row is therefore accepted only if
//! its quotation mark is closed at the end of a cell, within the limit of a row. Otherwise the first line is an error,
//! and the lines below it are read again.

use memchr::memchr;

use super::lines::{Again, BillLine};
use crate::bills::{BillError, BillErrorKind};

/// The lines of a row so far. The last one ends within quotation marks.
pub(super) struct QuotedRow {
    line: u64,
    /// All lines so far, with their line breaks.
    text: Vec<u8>,
    quotes: Quotes,
}

/// The effect of a line on a row.
pub(super) enum Added {
    /// The row continues below.
    Open,
    /// The row ends here, and this is its text.
    Closed(Vec<u8>),
}

impl QuotedRow {
    /// Begins a row, if the line ends within quotation marks.
    pub(super) fn begin(line: &BillLine) -> Option<Self> {
        memchr(b'"', &line.text)?;
        let mut quotes = Quotes { open: false };
        quotes.scan(&line.text);
        let text = || [line.text.as_slice(), line.ending.bytes()].concat();
        quotes.open.then(|| Self { line: line.number, text: text(), quotes })
    }

    /// The number of the first line.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Adds the next line. The error says why the line cannot belong to the row; the line is not added then.
    pub(super) fn add(
        &mut self,
        line: &BillLine,
        row_limit: usize,
    ) -> Result<Added, BillErrorKind> {
        if line.too_long || self.text.len() + line.text.len() > row_limit {
            return Err(BillErrorKind::TooLong { limit: row_limit });
        }
        if !self.quotes.scan(&line.text) || !line.is_terminated() {
            return Err(BillErrorKind::OpenQuote);
        }
        if !self.quotes.open {
            return Ok(Added::Closed([self.text.as_slice(), &line.text].concat()));
        }
        self.text.extend_from_slice(&line.text);
        self.text.extend_from_slice(line.ending.bytes());
        Ok(Added::Open)
    }

    /// Returns the lines below the first to be read again, followed by the line that was not added.
    pub(super) fn into_again(self, last: Option<BillLine>) -> Again {
        Again::new(self.line, self.text, last).without_first()
    }
}

/// A scan for quotation marks over several lines.
struct Quotes {
    open: bool,
}

impl Quotes {
    /// Scans the next line. The result is false if a quotation mark from a line above is closed elsewhere than at the
    /// end of a cell.
    fn scan(&mut self, line: &[u8]) -> bool {
        let (mut from_above, mut at_start) = (self.open, !self.open);
        let mut bytes = line.iter().peekable();
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' if self.open && bytes.peek() == Some(&&b'"') => drop(bytes.next()),
                b'"' if self.open => {
                    if from_above && !matches!(bytes.peek(), None | Some(b',')) {
                        return false;
                    }
                    (self.open, from_above) = (false, false);
                }
                b'"' if at_start => self.open = true,
                _ => {}
            }
            at_start = *byte == b',' && !self.open;
        }
        true
    }
}

/// The error of a row whose quotation mark is not closed.
pub(super) fn open_quote(line: u64) -> BillError {
    BillError::row(line, None, BillErrorKind::OpenQuote)
}

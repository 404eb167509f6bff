//! Parses a bill from pieces of any length, without I/O.

use std::fmt;
use std::marker::PhantomData;

use super::split::lines::{BillLine, Lines};
use super::split::rows::Ready;
use super::split::table::{KnownColumns, Table};
use super::split::unpack::BillUnpacker;
use super::{Bill, BillError, BillErrorKind, FromRow, Row};

/// The default limit of a row in bytes. A row of a trade bill takes about 600 bytes.
const ROW_LIMIT: usize = 64 << 10;

/// Parses a bill from pieces of any length, without I/O.
///
/// * [`push`](RowParser::push) takes the next bytes.
/// * The parser is an iterator over the rows that these bytes complete. It continues after more bytes.
/// * [`end`](RowParser::end) says that there are no more bytes.
/// * [`finish`](RowParser::finish) returns the summary.
///
/// The parser holds one row, the line below it, and the bytes that were pushed since the caller last took rows. Of a
/// gzip file it holds at most 1 MiB of plain text.
///
/// ```
/// use wxpay_api::bills::{FundFlowBill, RowParser};
///
/// # fn main() -> Result<(), wxpay_api::bills::BillError> {
/// let mut bill = RowParser::<FundFlowBill>::new();
/// for chunk in ["记账时间,收支金额(元)\n`2025-01-01 12:0", "0:00,`0.50\n资金流水总笔数\n`1\n"] {
///     bill.push(chunk.as_bytes());
///     for row in &mut bill {
///         println!("{:?}", row?.amount);
///     }
/// }
/// bill.end();
/// for row in &mut bill {
///     println!("{:?}", row?.amount);
/// }
/// assert_eq!(bill.finish()?.flow_count, Some(1));
/// # Ok(())
/// # }
/// ```
pub struct RowParser<B: Bill> {
    rows: ParsedRows,
    read: u64,
    failed: u64,
    /// The summary or the fatal error, once the bill has ended.
    end: Option<Result<B::Summary, BillError>>,
    bill: PhantomData<fn() -> B>,
}

/// The part of a parser that does not depend on the kind of bill.
struct ParsedRows {
    unpack: BillUnpacker,
    lines: Lines,
    table: Table,
    ready: Ready,
    state: ParserState,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum ParserState {
    Open,
    /// The caller called `end`, but not all bytes are parsed.
    Ending,
    /// All bytes are parsed, or a fatal error stopped the parser.
    Over,
}

impl<B: Bill> RowParser<B> {
    /// Makes a parser for the beginning of a file.
    #[must_use]
    pub fn new() -> Self {
        let known = KnownColumns {
            header: B::Row::COLUMNS,
            required: B::Row::REQUIRED,
            summary: B::Summary::COLUMNS,
        };
        Self { rows: ParsedRows::new(known), read: 0, failed: 0, end: None, bill: PhantomData }
    }

    /// Sets the limit of a row in bytes. The default is 64 KiB.
    #[must_use]
    pub fn row_limit(mut self, bytes: usize) -> Self {
        self.rows.lines.set_row_limit(bytes);
        self
    }

    /// Takes the next bytes of the file, which may be a gzip file.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.rows.state == ParserState::Open {
            self.rows.unpack.push(bytes);
        }
    }

    /// Says that the file has ended. Take the rows once more afterwards: the last rows may be known only now, and the
    /// iterator ends with an error if the bill is incomplete.
    pub fn end(&mut self) {
        if self.rows.state == ParserState::Open {
            self.rows.state = ParserState::Ending;
        }
    }

    /// The number of rows read so far.
    #[must_use]
    pub fn rows_read(&self) -> u64 {
        self.read
    }

    /// The number of row errors so far. Each unreadable row is one error. If a quotation mark is not closed, each line
    /// below it that is not a row itself is one error.
    #[must_use]
    pub fn rows_failed(&self) -> u64 {
        self.failed
    }

    /// The columns of amounts and counts that the bill lacks ([`FromRow::missing_columns`]).
    ///
    /// The list is empty until the parser has read the header, which it has once there is a row.
    #[must_use]
    pub fn missing_columns(&self) -> Vec<&'static str> {
        self.rows.table.header().map_or_else(Vec::new, |header| B::Row::missing_columns(&header))
    }

    /// Returns the summary. It skips rows that were not taken, and their errors.
    ///
    /// # Errors
    /// * The file ended before its summary, or cannot be read. After a fatal error it is the same error.
    /// * [`BillErrorKind::RowsLeft`] if the last row is known only at the end, and the caller did not call
    ///   [`end`](RowParser::end).
    pub fn finish(mut self) -> Result<B::Summary, BillError> {
        self.drain();
        let was_open = self.rows.state == ParserState::Open;
        self.end();
        let left = self.drain();
        match self.end.take() {
            Some(Ok(_)) if was_open && left => {
                Err(BillError::fatal(self.rows.lines.number(), None, BillErrorKind::RowsLeft))
            }
            Some(end) => end,
            None => Err(BillError::fatal(self.rows.lines.number(), None, BillErrorKind::Truncated)),
        }
    }

    /// Returns the summary, as [`finish`](RowParser::finish) does, if no row is missing.
    ///
    /// # Errors
    /// As [`finish`](RowParser::finish), and [`BillErrorKind::Incomplete`] if a row could not be read, or if the
    /// summary states another number of rows.
    pub fn finish_complete(mut self) -> Result<B::Summary, BillError> {
        self.drain();
        self.end();
        self.drain();
        let (read, failed, line) = (self.read, self.failed, self.rows.lines.number());
        let summary = self.finish()?;
        let stated = B::stated_rows(&summary);
        if failed == 0 && stated.is_none_or(|stated| stated == read) {
            return Ok(summary);
        }
        Err(BillError::fatal(line, None, BillErrorKind::Incomplete { read, failed, stated }))
    }

    /// Skips all rows, and returns whether there was one.
    fn drain(&mut self) -> bool {
        self.by_ref().fold(false, |any, row| any | row.is_ok())
    }

    /// Whether the bill has ended.
    pub(super) fn is_over(&self) -> bool {
        self.end.is_some()
    }

    fn read_row(&mut self, row: Result<Row, BillError>) -> Result<B::Row, BillError> {
        let row = row.and_then(B::Row::from_row);
        match &row {
            Ok(_) => self.read += 1,
            Err(error) if error.is_fatal() => {
                self.rows.stop();
                self.end = Some(Err(error.clone()));
            }
            Err(_) => self.failed += 1,
        }
        row
    }

    /// Reads the summary after the last row.
    fn read_end(&mut self) -> Result<(), BillError> {
        let summary = self.rows.table.summary(self.rows.lines.number());
        let end = summary.and_then(|row| B::Summary::from_row(row).map_err(BillError::into_fatal));
        let result = end.as_ref().map(|_| ()).map_err(Clone::clone);
        self.end = Some(end);
        result
    }
}

impl<B: Bill> Default for RowParser<B> {
    fn default() -> Self {
        Self::new()
    }
}

impl<B: Bill> Iterator for RowParser<B> {
    type Item = Result<B::Row, BillError>;

    /// Returns the next row, or `None` if the parser needs more bytes. Rows follow an error of a row, and nothing
    /// follows a fatal error.
    fn next(&mut self) -> Option<Self::Item> {
        if self.end.is_some() {
            return None;
        }
        if let Some(row) = self.rows.next() {
            return Some(self.read_row(row));
        }
        if self.rows.state == ParserState::Over {
            return self.read_end().err().map(Err);
        }
        None
    }
}

impl<B: Bill> fmt::Debug for RowParser<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RowParser(line {})", self.rows.lines.number())
    }
}

impl ParsedRows {
    fn new(known: KnownColumns) -> Self {
        Self {
            unpack: BillUnpacker::new(),
            lines: Lines::new(ROW_LIMIT),
            table: Table::new(known),
            ready: Ready::new(),
            state: ParserState::Open,
        }
    }

    fn next(&mut self) -> Option<Result<Row, BillError>> {
        loop {
            if let Some(row) = self.ready.pop_front() {
                return Some(row);
            }
            match self.step() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.state = ParserState::Over;
                    self.ready.push_back(Err(error));
                }
            }
        }
    }

    fn stop(&mut self) {
        self.ready.clear();
        self.state = ParserState::Over;
    }

    /// Reads one line or unpacks one piece, and returns whether there was anything to do.
    fn step(&mut self) -> Result<bool, BillError> {
        if self.state == ParserState::Over {
            return Ok(false);
        }
        if let Some(line) = self.lines.next_again() {
            return self.add(line).map(|()| true);
        }
        let plain = self.unpack.plain();
        if !plain.is_empty() {
            let (read, line) = self.lines.read(plain);
            self.unpack.read(read);
            return line.map_or(Ok(()), |line| self.add(line)).map(|()| true);
        }
        let number = self.lines.number();
        let packed = |kind| BillError::fatal(number, None, kind);
        if self.unpack.advance().map_err(packed)? {
            return Ok(true);
        }
        if self.state == ParserState::Open {
            return Ok(false);
        }
        self.unpack.end().map_err(packed)?;
        if self.unpack.plain().is_empty() {
            self.read_last()?;
        }
        Ok(true)
    }

    /// Reads the last line, or ends the rows after it.
    fn read_last(&mut self) -> Result<(), BillError> {
        // A last line without line break is never a row, but may be the summary's.
        if let Some(line) = self.lines.end() {
            return self.add(line);
        }
        match self.table.end(&mut self.ready)? {
            Some(again) => self.lines.read_again(again),
            None => self.state = ParserState::Over,
        }
        Ok(())
    }

    fn add(&mut self, line: BillLine) -> Result<(), BillError> {
        let again = self.table.add(line, self.lines.row_limit(), &mut self.ready)?;
        if let Some(again) = again {
            self.lines.read_again(again);
        }
        Ok(())
    }
}

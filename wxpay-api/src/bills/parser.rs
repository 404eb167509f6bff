//! A bill from pieces of any length.

use std::fmt;
use std::marker::PhantomData;

use super::split::lines::{BillLine, Lines};
use super::split::rows::Ready;
use super::split::table::{KnownColumns, Table};
use super::split::unpack::BillUnpacker;
use super::{Bill, BillError, BillErrorKind, FromRow, Row};

/// The longest row unless a reader is told another; a row of a trade bill takes about 600 bytes.
const ROW_LIMIT: usize = 64 << 10;

/// Reads a bill from pieces of any length, without doing any I/O.
///
/// [`push`](RowParser::push) gives it bytes; it is an iterator of the rows that these complete, and
/// goes on after it ended when there are more. [`end`](RowParser::end) says that there are no more
/// bytes, and [`finish`](RowParser::finish) gives the summary. It holds one row, the line below it,
/// and what was pushed since rows were last taken; of a gzip file, at most 1 MiB of plain text.
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
    /// How the bill ended, once that is known.
    end: Option<Result<B::Summary, BillError>>,
    bill: PhantomData<fn() -> B>,
}

/// The part of a parser that is the same for every kind of bill.
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
    /// There are no more bytes, but they are not read yet.
    Ending,
    /// Everything was read, or nothing more can be.
    Over,
}

impl<B: Bill> RowParser<B> {
    /// A parser at the beginning of a file.
    #[must_use]
    pub fn new() -> Self {
        let known = KnownColumns {
            header: B::Row::COLUMNS,
            required: B::Row::REQUIRED,
            summary: B::Summary::COLUMNS,
        };
        Self { rows: ParsedRows::new(known), read: 0, failed: 0, end: None, bill: PhantomData }
    }

    /// The longest row that is read, in bytes; 64 KiB unless changed.
    #[must_use]
    pub fn row_limit(mut self, bytes: usize) -> Self {
        self.rows.lines.set_row_limit(bytes);
        self
    }

    /// Gives the next bytes of the file, which may be a gzip file.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.rows.state == ParserState::Open {
            self.rows.unpack.push(bytes);
        }
    }

    /// Says that the file ended. The last rows may only then be known; taken to its end, the
    /// iterator gives an error if the bill is incomplete.
    pub fn end(&mut self) {
        if self.rows.state == ParserState::Open {
            self.rows.state = ParserState::Ending;
        }
    }

    /// The number of rows that were read so far.
    #[must_use]
    pub fn rows_read(&self) -> u64 {
        self.read
    }

    /// The number of errors of rows so far. Each is of one row that could not be read; of lines
    /// whose quotation mark was not closed, each that is no row by itself is an error.
    #[must_use]
    pub fn rows_failed(&self) -> u64 {
        self.failed
    }

    /// The columns of amounts and counts that the bill does not have
    /// ([`FromRow::missing_columns`]); none before its header was read, which the first row shows.
    #[must_use]
    pub fn missing_columns(&self) -> Vec<&'static str> {
        self.rows.table.header().map_or_else(Vec::new, |header| B::Row::missing_columns(&header))
    }

    /// Gives the summary. ParsedRows that were not taken are passed over, and so are their errors.
    ///
    /// # Errors
    /// When the file ended before its summary, or is unreadable; after a fatal error, with the same
    /// one. [`BillErrorKind::RowsLeft`] if the last row could only be known at the end, and
    /// [`end`](RowParser::end) was not called for it.
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

    /// As [`finish`](RowParser::finish), for a bill of which every row counts.
    ///
    /// # Errors
    /// As [`finish`](RowParser::finish), and [`BillErrorKind::Incomplete`] if a row could not be
    /// read, or if the summary states another number of rows than were read.
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

    /// Passes over all rows, and says whether there was one.
    fn drain(&mut self) -> bool {
        self.by_ref().fold(false, |any, row| any | row.is_ok())
    }

    /// Whether it is known how the bill ends.
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

    /// Reads the summary, once everything was read.
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

    /// The next row; none where more bytes must be pushed. ParsedRows follow an error of a row, and
    /// nothing follows a fatal one.
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

    /// Reads one line, or all that is left; whether there was something to do.
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

    /// Reads the last line, or ends the rows once that was read.
    fn read_last(&mut self) -> Result<(), BillError> {
        // The last line may lack its line break. It is no row then, but may be the summary's.
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

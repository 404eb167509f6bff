use std::fmt;
use std::marker::PhantomData;

use super::lines::{Fault, Lines};
use super::table::{Known, Table};
use super::{Bill, BillError, FromRow, Row};

/// The longest line unless a reader is told another; a row of a trade bill takes about 600 bytes.
const ROW_LIMIT: usize = 64 << 10;

/// Reads a bill from pieces of any length, without doing any I/O.
///
/// [`push`](RowParser::push) gives it bytes; it is an iterator of the rows that these complete, and
/// goes on after it ended when there are more; [`finish`](RowParser::finish) gives the summary. It
/// holds one row and what was pushed since rows were last taken.
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
/// assert_eq!(bill.finish()?.flow_count, Some(1));
/// # Ok(())
/// # }
/// ```
pub struct RowParser<B: Bill> {
    rows: Rows,
    bill: PhantomData<fn() -> B>,
}

/// The part of a parser that is the same for every kind of bill.
struct Rows {
    input: Vec<u8>,
    /// How much of the input was read.
    used: usize,
    lines: Lines,
    table: Table,
    failed: Option<BillError>,
}

impl<B: Bill> RowParser<B> {
    /// A parser at the beginning of a file.
    #[must_use]
    pub fn new() -> Self {
        let known = Known { header: B::Row::COLUMNS, summary: B::Summary::COLUMNS };
        Self { rows: Rows::new(known), bill: PhantomData }
    }

    /// The longest line that is read, in bytes; 64 KiB unless changed.
    #[must_use]
    pub fn row_limit(mut self, bytes: usize) -> Self {
        self.rows.lines.set_row_limit(bytes);
        self
    }

    /// Gives the next bytes of the file.
    pub fn push(&mut self, bytes: &[u8]) {
        self.rows.push(bytes);
    }

    /// Says that the file ended, and gives its summary. Rows that were not taken are passed over.
    ///
    /// # Errors
    /// When the file ended before its summary, or for what was pushed and not yet read; after an
    /// error, with the same one.
    pub fn finish(mut self) -> Result<B::Summary, BillError> {
        for row in self.by_ref() {
            row?;
        }
        B::Summary::from_row(self.rows.end()?)
    }
}

impl<B: Bill> Default for RowParser<B> {
    fn default() -> Self {
        Self::new()
    }
}

impl<B: Bill> Iterator for RowParser<B> {
    type Item = Result<B::Row, BillError>;

    /// The next row; none where more bytes must be pushed. Nothing follows an error.
    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next()?.and_then(B::Row::from_row);
        Some(row.inspect_err(|error| self.rows.failed = Some(error.clone())))
    }
}

impl<B: Bill> fmt::Debug for RowParser<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RowParser(line {})", self.rows.lines.number())
    }
}

impl Rows {
    fn new(known: Known) -> Self {
        let (lines, table) = (Lines::new(ROW_LIMIT), Table::new(known));
        Self { input: Vec::new(), used: 0, lines, table, failed: None }
    }

    fn push(&mut self, bytes: &[u8]) {
        if self.failed.is_none() {
            self.input.drain(..self.used.min(self.input.len()));
            self.used = 0;
            self.input.extend_from_slice(bytes);
        }
    }

    fn next(&mut self) -> Option<Result<Row, BillError>> {
        while self.failed.is_none() && self.used < self.input.len() {
            match self.step() {
                Ok(Some(row)) => return Some(Ok(row)),
                Ok(None) => {}
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }

    /// Reads one line, or all that is left.
    fn step(&mut self) -> Result<Option<Row>, BillError> {
        let input = self.input.get(self.used..).unwrap_or_default();
        let (read, line) = self.lines.read(input).map_err(|fault| fault.at(&self.table))?;
        self.used += read;
        line.map_or(Ok(None), |line| self.table.add(line))
    }

    fn end(mut self) -> Result<Row, BillError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        // The last line may lack its line break. It is no row then, but may be the summary's.
        let (_, line) = self.lines.read(&[]).map_err(|fault| fault.at(&self.table))?;
        if let Some(line) = line {
            self.table.add(line)?;
        }
        self.table.end(self.lines.number())
    }
}

impl Fault {
    fn at(self, table: &Table) -> BillError {
        let column = self.cell.and_then(|place| table.column(place));
        BillError::new(self.line, column, self.kind)
    }
}

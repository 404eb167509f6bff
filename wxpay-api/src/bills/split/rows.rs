//! Finds the lines of each row: a cell may have line breaks, and the summary follows the last row.

use std::collections::VecDeque;
use std::sync::Arc;

use super::cells;
use super::lines::{Again, BillLine, Ending};
use super::quoted::{Added, QuotedRow, open_quote};
use super::summary::{HeldLine, SummaryNames, has_as_many};
use super::ticked::{Style, TickedRow};
use crate::bills::read::columns::Columns;
use crate::bills::read::row::{CellFault, Row, is_miscounted, miscounted};
use crate::bills::read::row_cells::RowCells;
use crate::bills::{BillError, BillErrorKind};

/// Rows and row errors that the caller has not taken yet.
pub(in crate::bills) type Ready = VecDeque<Result<Row, BillError>>;

/// The part of a bill between the names of its columns and those of its summary.
///
/// A row with back-ticks is held until the line below shows that it is complete. That line starts the next row, or has
/// the names of the summary.
pub(in crate::bills) struct RowLines {
    columns: Arc<Columns>,
    /// The names that the summary may have.
    names: SummaryNames,
    row_limit: usize,
    style: Style,
    row: Option<TickedRow>,
    /// A line that may be the names of the summary, or text of the row above.
    pending: Option<HeldLine>,
    /// The line below `pending`, if it may be the values of the summary.
    values: Option<HeldLine>,
    quoted: Option<QuotedRow>,
    /// Whether a row of ordinary CSV was lost that may continue below, and no good row came since.
    astray: bool,
}

/// What follows after a line.
pub(in crate::bills) enum RowStep {
    Rows,
    /// The line has the names of the summary. Its values follow.
    Names(BillLine),
    /// The lines have the names and the values of the summary.
    Summary(BillLine, BillLine),
    /// These lines must be read again before the next one.
    Again(Again),
}

impl RowLines {
    pub(in crate::bills) fn new(
        columns: Arc<Columns>,
        known: &'static [&'static str],
        row_limit: usize,
    ) -> Self {
        Self {
            columns,
            names: SummaryNames::new(known),
            row_limit,
            style: Style::Unknown,
            row: None,
            pending: None,
            values: None,
            quoted: None,
            astray: false,
        }
    }

    /// Takes a line, and adds the rows that it completes to `ready`.
    pub(in crate::bills) fn add(&mut self, line: BillLine, ready: &mut Ready) -> RowStep {
        if let Some(quoted) = self.quoted.take() {
            return self.add_quoted(quoted, line, ready);
        }
        if line.text.is_empty() {
            self.add_empty(line.ending);
            return RowStep::Rows;
        }
        if self.row.is_none() && !self.starts_ticked_row(&line) {
            return self.add_csv(line, ready);
        }
        if self.style != Style::Ticked {
            if self.is_ticked(&line) {
                self.style = Style::Ticked;
            } else if self.is_no_ticked_row(&line) {
                return self.read_again_as_csv(Some(line));
            }
        }
        self.release_values(ready);
        if line.too_long {
            self.add_too_long(line, ready);
        } else if !line.is_terminated() {
            return self.add_last(line, ready);
        } else if line.is_ticked() {
            return self.add_ticked(line, ready);
        } else {
            return self.add_plain(line, ready);
        }
        RowStep::Rows
    }

    /// Ends the lines, and adds the held row to `ready` if the row or the summary is complete. If lines must be read
    /// again, call it again after them.
    pub(in crate::bills) fn end(&mut self, ready: &mut Ready) -> RowStep {
        if let Some(quoted) = self.quoted.take() {
            let error = open_quote(quoted.line());
            return self.read_again(quoted, None, error, ready);
        }
        match (self.pending.take(), self.values.take()) {
            (Some(names), Some(values)) => {
                self.close(ready);
                return RowStep::Summary(names.line, values.line);
            }
            (pending, _) => self.pending = pending,
        }
        if self.row.is_some() && self.style == Style::Unknown {
            return self.read_again_as_csv(None);
        }
        if self.row.as_ref().is_some_and(|row| row.cells() == self.columns.count()) {
            self.close(ready);
        }
        RowStep::Rows
    }

    /// Whether a line shows that the bill has back-ticks.
    fn is_ticked(&self, line: &BillLine) -> bool {
        self.style != Style::Csv && (self.columns.count() == 1 || cells::has_separator(&line.text))
    }

    /// Whether a line starts a row with back-ticks, if none is held.
    fn starts_ticked_row(&self, line: &BillLine) -> bool {
        let may = match self.style {
            Style::Unknown => !line.too_long && !line.again,
            Style::Ticked => true,
            Style::Csv => false,
        };
        line.is_ticked() && (may || self.is_ticked(line))
    }

    /// Whether the held lines are ordinary CSV, and only the back-tick at their beginning looked like a row. That is so
    /// if the row grows too long, ends the file, or is followed by a line of the same kind.
    fn is_no_ticked_row(&self, line: &BillLine) -> bool {
        let Some(row) = self.row.as_ref().filter(|_| self.style == Style::Unknown) else {
            return false;
        };
        let held = [&self.pending, &self.values].into_iter().flatten();
        let length = row.len() + held.map(HeldLine::len).sum::<usize>() + line.text.len();
        line.too_long
            || length > self.row_limit
            || (!line.is_terminated() && !line.is_ticked())
            || self.takes_lines_with_it(row, line)
    }

    /// Whether the next line, or the one that is held, would end a row although it has the cells of
    /// ordinary CSV, or lines that may be rows.
    fn takes_lines_with_it(&self, row: &TickedRow, line: &BillLine) -> bool {
        let expected = self.columns.count();
        if let Some(values) = &self.values {
            return !row.goes_on_with(&values.line, expected);
        }
        if !line.is_ticked() || row.goes_on_with(line, expected) {
            return false;
        }
        match &self.pending {
            Some(pending) => !has_as_many(&pending.line, line),
            None => {
                let cells = cells::plain_cells(row.text());
                row.text().contains(&b'\n') || cells.is_ok_and(|cells| cells.count() == expected)
            }
        }
    }

    fn read_again_as_csv(&mut self, last: Option<BillLine>) -> RowStep {
        self.style = Style::Csv;
        self.astray = true;
        let Some(row) = self.row.take() else { return RowStep::Rows };
        let (number, mut text) = (row.line(), row.into_lines());
        for held in [self.pending.take(), self.values.take()].into_iter().flatten() {
            text.extend(held.into_lines());
        }
        RowStep::Again(Again::new(number, text, last))
    }

    /// Ignores an empty line, unless the row or the line above continues below.
    fn add_empty(&mut self, ending: Ending) {
        match (&mut self.values, &mut self.pending, &mut self.row) {
            (Some(held), ..) | (None, Some(held), _) if held.gap.len() <= self.row_limit => {
                held.gap.extend_from_slice(ending.bytes());
            }
            (None, None, Some(row)) => row.append_gap(ending.bytes(), self.row_limit),
            _ => {}
        }
    }

    fn add_too_long(&mut self, line: BillLine, ready: &mut Ready) {
        self.append_pending(ready);
        if self.row.is_none() || line.is_ticked() {
            self.close(ready);
            self.row = Some(TickedRow::new(line, self.columns.count()));
        }
        self.lose(ready);
    }

    /// Adds a line of a bill without back-ticks so far. It is a row, unless one of its cells continues below.
    fn add_csv(&mut self, line: BillLine, ready: &mut Ready) -> RowStep {
        if !line.is_terminated() {
            // The file was cut here.
            return RowStep::Rows;
        }
        let ticked = line.is_ticked() && cells::count_ticked(&line.text) == self.columns.count();
        let quoted = if ticked { None } else { QuotedRow::begin(&line) };
        if line.too_long {
            self.astray |= quoted.is_some();
            ready.push_back(Err(self.too_long(line.number, None)));
            return RowStep::Rows;
        }
        if let Some(quoted) = quoted {
            match line.again {
                // The line was already tried as a part of a row, in vain.
                true => ready.push_back(Err(open_quote(line.number))),
                false => self.quoted = Some(quoted),
            }
            return RowStep::Rows;
        }
        let cells = if ticked { cells::cells(&line.text) } else { cells::plain_cells(&line.text) };
        let are_names = match (line.is_ticked(), &cells) {
            (false, Ok(cells)) => self.names.are_among(cells),
            _ => self.are_names(&line),
        };
        let row = self.row(line.number, cells);
        let may_be_names = self.names.are_unknown() && !self.astray && !line.is_ticked();
        if are_names || (may_be_names && is_miscounted(&row)) {
            return RowStep::Names(line);
        }
        self.add_csv_row(row, ready);
        RowStep::Rows
    }

    fn add_csv_row(&mut self, row: Result<Row, BillError>, ready: &mut Ready) {
        if row.is_ok() {
            self.style = Style::Csv;
            self.astray = false;
        }
        ready.push_back(row);
    }

    /// Adds a line to a row of ordinary CSV whose line above ends within quotation marks.
    fn add_quoted(&mut self, mut quoted: QuotedRow, line: BillLine, ready: &mut Ready) -> RowStep {
        let row = match quoted.add(&line, self.row_limit) {
            Ok(Added::Open) => {
                self.quoted = Some(quoted);
                return RowStep::Rows;
            }
            Ok(Added::Closed(text)) => self.row(quoted.line(), cells::plain_cells(&text)),
            Err(kind) => Err(BillError::row(quoted.line(), None, kind)),
        };
        match row {
            Ok(row) => self.add_csv_row(Ok(row), ready),
            Err(error) => return self.read_again(quoted, Some(line), error, ready),
        }
        RowStep::Rows
    }

    /// Gives up the first line. The other lines are read again, because some may be rows.
    fn read_again(
        &mut self,
        quoted: QuotedRow,
        last: Option<BillLine>,
        error: BillError,
        ready: &mut Ready,
    ) -> RowStep {
        self.astray = true;
        ready.push_back(Err(error));
        RowStep::Again(quoted.into_again(last))
    }

    /// Adds a last line without line break. It is never a row, but may be the values of the summary.
    fn add_last(&mut self, line: BillLine, ready: &mut Ready) -> RowStep {
        match self.pending.take() {
            Some(pending) if line.is_ticked() && has_as_many(&pending.line, &line) => {
                self.close(ready);
                RowStep::Summary(pending.line, line)
            }
            _ => RowStep::Rows,
        }
    }

    /// Adds a line with a back-tick. It starts a row, or it continues a cell whose next line happens to start with a
    /// back-tick.
    fn add_ticked(&mut self, line: BillLine, ready: &mut Ready) -> RowStep {
        if self.are_names(&line) {
            self.close(ready);
            return RowStep::Names(line);
        }
        let complete = self.row.as_ref().is_none_or(|row| row.cells() >= self.columns.count());
        if self.pending.as_ref().is_some_and(|pending| has_as_many(&pending.line, &line)) {
            if !complete {
                // This is more likely text of the row above. The next line decides, if there is one.
                self.values = Some(HeldLine { line, gap: Vec::new() });
                return RowStep::Rows;
            }
            if let Some(pending) = self.pending.take() {
                self.close(ready);
                return RowStep::Summary(pending.line, line);
            }
        }
        self.append_pending(ready);
        self.add_row(line, ready);
        RowStep::Rows
    }

    fn add_row(&mut self, line: BillLine, ready: &mut Ready) {
        let expected = self.columns.count();
        if self.row.as_ref().is_some_and(|row| row.goes_on_with(&line, expected)) {
            self.append(&line, ready);
        } else {
            self.close(ready);
            self.row = Some(TickedRow::new(line, expected));
        }
    }

    /// Gives up the held values: a line below them shows that they are not the summary.
    fn release_values(&mut self, ready: &mut Ready) {
        if let Some(HeldLine { line, gap }) = self.values.take() {
            self.append_pending(ready);
            self.add_row(line, ready);
            self.append_gap(&gap);
        }
    }

    /// Adds a line without a back-tick below a row. It has the names of the summary, or it continues the row's last
    /// cell. If the names are not known or the row is incomplete, the line below decides.
    fn add_plain(&mut self, line: BillLine, ready: &mut Ready) -> RowStep {
        let incomplete = self.row.as_ref().is_some_and(|row| row.cells() < self.columns.count());
        let known = self.are_names(&line);
        if known && !incomplete {
            self.close(ready);
            return RowStep::Names(line);
        }
        self.append_pending(ready);
        if known || (self.names.are_unknown() && !line.text.contains(&b'`')) {
            self.pending = Some(HeldLine { line, gap: Vec::new() });
        } else {
            self.append(&line, ready);
        }
        RowStep::Rows
    }

    fn append_pending(&mut self, ready: &mut Ready) {
        if let Some(HeldLine { line, gap }) = self.pending.take() {
            self.append(&line, ready);
            self.append_gap(&gap);
        }
    }

    fn append(&mut self, line: &BillLine, ready: &mut Ready) {
        let Some(row) = &mut self.row else { return };
        if row.len() + line.text.len() > self.row_limit {
            self.lose(ready);
        } else {
            row.append(line);
        }
    }

    fn append_gap(&mut self, gap: &[u8]) {
        if let Some(row) = &mut self.row {
            row.append_gap(gap, self.row_limit);
        }
    }

    /// Gives up the held row, because it is too long.
    fn lose(&mut self, ready: &mut Ready) {
        let Some(row) = self.row.take_if(|row| !row.is_lost()) else { return };
        let column = self.columns.name(row.cells().saturating_sub(1));
        ready.push_back(Err(self.too_long(row.line(), column)));
        self.row = Some(TickedRow::lost());
    }

    /// Adds the held row, or its error, to `ready`.
    fn close(&mut self, ready: &mut Ready) {
        let Some(row) = self.row.take().filter(|row| !row.is_lost()) else { return };
        ready.push_back(match row.cells() == self.columns.count() {
            true => self.row(row.line(), row.into_cells()),
            false => Err(miscounted(row.line(), row.cells(), &self.columns)),
        });
    }

    fn row(&self, line: u64, cells: Result<RowCells, CellFault>) -> Result<Row, BillError> {
        Row::read(line, &self.columns, cells)
    }

    fn too_long(&self, line: u64, column: Option<&str>) -> BillError {
        BillError::row(line, column, BillErrorKind::TooLong { limit: self.row_limit })
    }

    /// Whether a line has names of the summary.
    fn are_names(&self, line: &BillLine) -> bool {
        self.names.are_in(line, self.row.is_some())
    }
}

//! Which lines are one row: the lines of a cell with line breaks are put together again.

use std::collections::VecDeque;
use std::sync::Arc;

use super::cells::{self, CellFault};
use super::columns::Columns;
use super::lines::{Again, Ending, Line};
use super::quoted::{Added, QuotedRow};
use super::row::miscounted;
use super::ticked::{Held, TickedRow};
use super::{BillError, BillErrorKind, Row};

/// Rows that were read, and errors of rows.
pub(super) type Ready = VecDeque<Result<Row, BillError>>;

/// The part of a bill between the names of its columns and those of its summary.
///
/// A row with back-ticks is held until the line below shows that it is complete: that line starts a
/// row, or has the names of the summary.
pub(super) struct RowLines {
    columns: Arc<Columns>,
    /// The names that the summary may have; any, if there are none.
    known: &'static [&'static str],
    row_limit: usize,
    style: Style,
    row: Option<TickedRow>,
    /// A line that may be the names of the summary, or text of the row above.
    pending: Option<Held>,
    /// The line below it, if it may be the values of the summary.
    values: Option<Held>,
    quoted: Option<QuotedRow>,
    /// Whether a row of ordinary CSV was lost that may go on below, and no good row came since.
    astray: bool,
}

/// What the next line belongs to.
pub(super) enum Next {
    Rows,
    /// The line has the names of the summary; its values follow.
    Names(Line),
    /// The lines have the names and the values of the summary.
    Summary(Line, Line),
    /// These lines are to be read again before the next one.
    Again(Again),
}

/// How a bill writes its rows. Only rows with back-ticks go on in lines that nothing announces.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Style {
    /// No row was seen yet, or only the beginning of a first cell, whose back-tick may be text.
    Unknown,
    Ticked,
    Csv,
}

impl RowLines {
    pub(super) fn new(
        columns: Arc<Columns>,
        known: &'static [&'static str],
        row_limit: usize,
    ) -> Self {
        Self {
            columns,
            known,
            row_limit,
            style: Style::Unknown,
            row: None,
            pending: None,
            values: None,
            quoted: None,
            astray: false,
        }
    }

    /// Takes a line, and gives what it completes.
    pub(super) fn add(&mut self, line: Line, ready: &mut Ready) -> Next {
        if let Some(quoted) = self.quoted.take() {
            return self.add_quoted(quoted, line, ready);
        }
        if line.text.is_empty() {
            self.add_empty(line.ending);
            return Next::Rows;
        }
        if self.row.is_none() && !self.starts_ticked_row(&line) {
            return self.add_csv(line, ready);
        }
        if self.is_ticked(&line) {
            self.style = Style::Ticked;
        } else if self.is_no_ticked_row(&line) {
            return self.read_again_as_csv(Some(line));
        }
        self.release_values(ready);
        if line.too_long {
            self.add_too_long(&line, ready);
        } else if !line.is_terminated() {
            return self.add_last(line, ready);
        } else if line.is_ticked() {
            return self.add_ticked(line, ready);
        } else {
            return self.add_plain(line, ready);
        }
        Next::Rows
    }

    /// Says that there are no more lines, and gives the row that was held if it is complete, or if the
    /// summary is. Lines to be read again are followed by another such end.
    pub(super) fn end(&mut self, ready: &mut Ready) -> Next {
        if let Some(quoted) = self.quoted.take() {
            let error = open_quote(quoted.line());
            return self.read_again(quoted, None, error, ready);
        }
        match (self.pending.take(), self.values.take()) {
            (Some(names), Some(values)) => {
                self.close(ready);
                return Next::Summary(names.line, values.line);
            }
            (pending, _) => self.pending = pending,
        }
        if self.row.is_some() && self.style == Style::Unknown {
            return self.read_again_as_csv(None);
        }
        if self.row.as_ref().is_some_and(|row| row.cells() == self.columns.count()) {
            self.close(ready);
        }
        Next::Rows
    }

    /// Whether a line shows that the bill has back-ticks.
    fn is_ticked(&self, line: &Line) -> bool {
        self.style != Style::Csv
            && (self.columns.count() == 1 || cells::count_separators(&line.text) > 0)
    }

    /// Whether a line starts a row with back-ticks, if none is held.
    fn starts_ticked_row(&self, line: &Line) -> bool {
        let may = match self.style {
            Style::Unknown => !line.too_long && !line.again,
            Style::Ticked => true,
            Style::Csv => false,
        };
        line.is_ticked() && (may || self.is_ticked(line))
    }

    /// Whether a row of which only a back-tick at its beginning was seen grows too long, ends the file
    /// or is followed by its like, so that it is no row but lines of ordinary CSV.
    fn is_no_ticked_row(&self, line: &Line) -> bool {
        let Some(row) = self.row.as_ref().filter(|_| self.style == Style::Unknown) else {
            return false;
        };
        let held = [&self.pending, &self.values].into_iter().flatten();
        let length = row.len() + held.map(Held::len).sum::<usize>() + line.text.len();
        line.too_long
            || length > self.row_limit
            || (!line.is_terminated() && !line.is_ticked())
            || self.takes_lines_with_it(row, line)
    }

    /// Whether the next line, or the one that is held, would end a row although it has the cells of
    /// ordinary CSV, or lines that may be rows.
    fn takes_lines_with_it(&self, row: &TickedRow, line: &Line) -> bool {
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
                row.text().contains(&b'\n') || cells.is_ok_and(|cells| cells.len() == expected)
            }
        }
    }

    fn read_again_as_csv(&mut self, last: Option<Line>) -> Next {
        self.style = Style::Csv;
        self.astray = true;
        let Some(row) = self.row.take() else { return Next::Rows };
        let (number, mut text) = (row.line(), row.into_lines());
        for held in [self.pending.take(), self.values.take()].into_iter().flatten() {
            text.extend(held.into_lines());
        }
        Next::Again(Again::new(number, text, last))
    }

    /// An empty line is nothing, unless the row or the line above goes on below.
    fn add_empty(&mut self, ending: Ending) {
        match (&mut self.values, &mut self.pending, &mut self.row) {
            (Some(held), ..) | (None, Some(held), _) if held.gap.len() <= self.row_limit => {
                held.gap.extend_from_slice(ending.bytes());
            }
            (None, None, Some(row)) => row.append_gap(ending.bytes(), self.row_limit),
            _ => {}
        }
    }

    fn add_too_long(&mut self, line: &Line, ready: &mut Ready) {
        self.append_pending(ready);
        if self.row.is_none() || line.is_ticked() {
            self.close(ready);
            self.row = Some(TickedRow::new(line));
        }
        self.lose(ready);
    }

    /// A line of a bill that has no back-ticks, so far: a row, unless one of its cells goes on below.
    fn add_csv(&mut self, line: Line, ready: &mut Ready) -> Next {
        if !line.is_terminated() {
            // Cut short.
            return Next::Rows;
        }
        let ticked = line.is_ticked() && cells::count_ticked(&line.text) == self.columns.count();
        let quoted = if ticked { None } else { QuotedRow::begin(&line) };
        if line.too_long {
            self.astray |= quoted.is_some();
            ready.push_back(Err(self.too_long(line.number, None)));
            return Next::Rows;
        }
        if let Some(quoted) = quoted {
            match line.again {
                // It was text of a row already, which proved to be none.
                true => ready.push_back(Err(open_quote(line.number))),
                false => self.quoted = Some(quoted),
            }
            return Next::Rows;
        }
        let cells = if ticked { cells::cells(&line.text) } else { cells::plain_cells(&line.text) };
        let row = self.row(line.number, cells);
        let may_be_names = self.known.is_empty() && !self.astray && !line.is_ticked();
        if self.are_names(&line) || (may_be_names && is_miscounted(&row)) {
            return Next::Names(line);
        }
        self.add_csv_row(row, ready);
        Next::Rows
    }

    fn add_csv_row(&mut self, row: Result<Row, BillError>, ready: &mut Ready) {
        if row.is_ok() {
            self.style = Style::Csv;
            self.astray = false;
        }
        ready.push_back(row);
    }

    /// Goes on with a row of ordinary CSV that the line above left within quotation marks.
    fn add_quoted(&mut self, mut quoted: QuotedRow, line: Line, ready: &mut Ready) -> Next {
        let row = match quoted.add(&line, self.row_limit) {
            Ok(Added::Open) => {
                self.quoted = Some(quoted);
                return Next::Rows;
            }
            Ok(Added::Closed(text)) => self.row(quoted.line(), cells::plain_cells(&text)),
            Err(kind) => Err(BillError::row(quoted.line(), None, kind)),
        };
        match row {
            Ok(row) => self.add_csv_row(Ok(row), ready),
            Err(error) => return self.read_again(quoted, Some(line), error, ready),
        }
        Next::Rows
    }

    /// Gives the first line up, and has the others read again, some of which may be rows.
    fn read_again(
        &mut self,
        quoted: QuotedRow,
        last: Option<Line>,
        error: BillError,
        ready: &mut Ready,
    ) -> Next {
        self.astray = true;
        ready.push_back(Err(error));
        Next::Again(quoted.into_again(last))
    }

    /// The last line lacks its line break, which no row does, but the values of the summary may.
    fn add_last(&mut self, line: Line, ready: &mut Ready) -> Next {
        match self.pending.take() {
            Some(pending) if line.is_ticked() && has_as_many(&pending.line, &line) => {
                self.close(ready);
                Next::Summary(pending.line, line)
            }
            _ => Next::Rows,
        }
    }

    /// A line with a back-tick starts a row, or it goes on with a cell whose next line happens to
    /// start so.
    fn add_ticked(&mut self, line: Line, ready: &mut Ready) -> Next {
        if self.are_names(&line) {
            self.close(ready);
            return Next::Names(line);
        }
        let complete = self.row.as_ref().is_none_or(|row| row.cells() >= self.columns.count());
        if self.pending.as_ref().is_some_and(|pending| has_as_many(&pending.line, &line)) {
            if !complete {
                // More likely text of the row above; the next line tells, if there is one.
                self.values = Some(Held { line, gap: Vec::new() });
                return Next::Rows;
            }
            if let Some(pending) = self.pending.take() {
                self.close(ready);
                return Next::Summary(pending.line, line);
            }
        }
        self.append_pending(ready);
        self.add_row(&line, ready);
        Next::Rows
    }

    fn add_row(&mut self, line: &Line, ready: &mut Ready) {
        let expected = self.columns.count();
        if self.row.as_ref().is_some_and(|row| row.goes_on_with(line, expected)) {
            self.append(line, ready);
        } else {
            self.close(ready);
            self.row = Some(TickedRow::new(line));
        }
    }

    /// There is a line below, so that no summary was held.
    fn release_values(&mut self, ready: &mut Ready) {
        if let Some(Held { line, gap }) = self.values.take() {
            self.append_pending(ready);
            self.add_row(&line, ready);
            self.append_gap(&gap);
        }
    }

    /// A line without a back-tick below a row has the names of the summary, or it goes on with the
    /// row's last cell. The line below tells, where the names are not known or the row is incomplete.
    fn add_plain(&mut self, line: Line, ready: &mut Ready) -> Next {
        let incomplete = self.row.as_ref().is_some_and(|row| row.cells() < self.columns.count());
        let known = self.are_names(&line);
        if known && !incomplete {
            self.close(ready);
            return Next::Names(line);
        }
        self.append_pending(ready);
        if known || (self.known.is_empty() && !line.text.contains(&b'`')) {
            self.pending = Some(Held { line, gap: Vec::new() });
        } else {
            self.append(&line, ready);
        }
        Next::Rows
    }

    fn append_pending(&mut self, ready: &mut Ready) {
        if let Some(Held { line, gap }) = self.pending.take() {
            self.append(&line, ready);
            self.append_gap(&gap);
        }
    }

    fn append(&mut self, line: &Line, ready: &mut Ready) {
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

    /// Gives up the row that is held, because it is too long.
    fn lose(&mut self, ready: &mut Ready) {
        let Some(row) = self.row.take_if(|row| !row.is_lost()) else { return };
        let column = self.columns.name(row.cells().saturating_sub(1));
        ready.push_back(Err(self.too_long(row.line(), column)));
        self.row = Some(TickedRow::lost());
    }

    /// Gives the row that is held, or why it is none.
    fn close(&mut self, ready: &mut Ready) {
        let Some(row) = self.row.take().filter(|row| !row.is_lost()) else { return };
        ready.push_back(match row.cells() == self.columns.count() {
            true => self.row(row.line(), cells::cells(row.text())),
            false => Err(miscounted(row.line(), row.cells(), &self.columns)),
        });
    }

    fn row(&self, line: u64, cells: Result<Vec<String>, CellFault>) -> Result<Row, BillError> {
        Row::read(line, &self.columns, cells)
    }

    fn too_long(&self, line: u64, column: Option<&str>) -> BillError {
        BillError::row(line, column, BillErrorKind::TooLong { limit: self.row_limit })
    }

    /// Whether a line has names of the summary: half of them at least, and all where a back-tick
    /// makes it look like a row.
    fn are_names(&self, line: &Line) -> bool {
        let ticks_are_text = self.row.is_some() && !line.is_ticked();
        if self.known.is_empty() || (ticks_are_text && line.text.contains(&b'`')) {
            return false;
        }
        let Ok(cells) = cells::cells(&line.text) else { return false };
        let columns = Columns::new(line.number, cells);
        let known = columns.count_known(self.known);
        match line.is_ticked() {
            true => known == columns.count(),
            false => known * 2 >= columns.count(),
        }
    }
}

fn open_quote(line: u64) -> BillError {
    BillError::row(line, None, BillErrorKind::OpenQuote)
}

fn is_miscounted(row: &Result<Row, BillError>) -> bool {
    let kind = row.as_ref().map_err(BillError::kind);
    matches!(kind, Err(BillErrorKind::CellCount { .. }))
}

/// Whether the values of a summary are as many as its names.
fn has_as_many(names: &Line, values: &Line) -> bool {
    let columns = cells::cells(&names.text).map(|cells| Columns::new(names.number, cells));
    columns.is_ok_and(|columns| columns.count() == cells::count_ticked(&values.text))
}

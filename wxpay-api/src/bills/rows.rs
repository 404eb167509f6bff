//! Which lines are one row: the lines of a cell with line breaks are put together again.

use std::collections::VecDeque;
use std::sync::Arc;

use super::cells;
use super::columns::Columns;
use super::lines::{Ending, Line};
use super::{BillError, BillErrorKind, Row};

/// Rows that were read, and errors of rows.
pub(super) type Ready = VecDeque<Result<Row, BillError>>;

/// The part of a bill between the names of its columns and those of its summary.
///
/// A row is held until the line below shows that it is complete: that line starts a row, or has the
/// names of the summary.
pub(super) struct RowLines {
    columns: Arc<Columns>,
    /// The names that the summary may have; any, if there are none.
    known: &'static [&'static str],
    row_limit: usize,
    record: Option<Record>,
    /// A line that may be the names of the summary, or text of the row above.
    pending: Option<Held>,
    /// The line below it, if it may be the values of the summary.
    values: Option<Held>,
}

/// What the next line belongs to.
pub(super) enum Next {
    Rows,
    /// The line has the names of the summary; its values follow.
    Names(Line),
    /// The lines have the names and the values of the summary.
    Summary(Line, Line),
}

/// A row so far.
struct Record {
    line: u64,
    text: Vec<u8>,
    /// What ends it, and empty lines below it, in case that the row goes on.
    ending: Vec<u8>,
    cells: usize,
    form: Form,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Form {
    Ticked,
    /// Ordinary CSV whose last cell is within quotation marks.
    Quoted,
    /// Its error was given; what else belongs to it is passed over.
    Lost,
}

/// A line that is held until it is clear what it is.
struct Held {
    line: Line,
    /// Empty lines below it.
    gap: Vec<u8>,
}

impl RowLines {
    pub(super) fn new(
        columns: Arc<Columns>,
        known: &'static [&'static str],
        row_limit: usize,
    ) -> Self {
        Self { columns, known, row_limit, record: None, pending: None, values: None }
    }

    /// Takes a line, and gives what it completes.
    pub(super) fn add(&mut self, line: Line, ready: &mut Ready) -> Next {
        if line.text.is_empty() {
            self.add_empty(line.ending);
            return Next::Rows;
        }
        self.release_values(ready);
        if line.too_long {
            self.add_too_long(&line, ready);
        } else if self.is_quoted() {
            self.add_quoted(&line, ready);
        } else if !line.is_terminated() {
            return self.add_last(line, ready);
        } else if line.is_ticked() {
            return self.add_ticked(line, ready);
        } else if self.record.is_some() {
            return self.add_plain(line, ready);
        } else {
            return self.add_csv(line, ready);
        }
        Next::Rows
    }

    /// Says that there are no more lines, and gives the row that was held if it is complete, or if the
    /// summary is.
    pub(super) fn end(&mut self, ready: &mut Ready) -> Next {
        if let (Some(names), Some(values)) = (self.pending.take(), self.values.take()) {
            self.close(ready);
            return Next::Summary(names.line, values.line);
        }
        if self.record.as_ref().is_some_and(|record| record.cells == self.columns.count()) {
            self.close(ready);
        }
        Next::Rows
    }

    fn is_quoted(&self) -> bool {
        self.record.as_ref().is_some_and(|record| record.form == Form::Quoted)
    }

    /// An empty line is nothing, unless the row or the line above goes on below.
    fn add_empty(&mut self, ending: Ending) {
        let gap = match (&mut self.values, &mut self.pending, &mut self.record) {
            (Some(held), ..) | (None, Some(held), _) => &mut held.gap,
            (None, None, Some(record)) => &mut record.ending,
            (None, None, None) => return,
        };
        // What is longer than the limit is too long with more of it, too.
        if gap.len() <= self.row_limit {
            gap.extend_from_slice(ending.bytes());
        }
    }

    fn add_too_long(&mut self, line: &Line, ready: &mut Ready) {
        self.append_pending(ready);
        if self.record.is_some() && !line.is_ticked() {
            self.append(line, ready);
        } else {
            self.close(ready);
            self.record = Some(Record::new(line, Form::Ticked));
        }
        self.lose(ready);
    }

    /// Goes on with a row of ordinary CSV that the line above left within quotation marks.
    fn add_quoted(&mut self, line: &Line, ready: &mut Ready) {
        self.append(line, ready);
        match self.record.take() {
            Some(record) if record.form == Form::Lost => {}
            Some(record) if cells::is_open(&record.text) => self.record = Some(record),
            Some(record) if line.is_terminated() => {
                ready.push_back(self.row(record.line, &record.text));
            }
            // Cut short.
            _ => {}
        }
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
        let complete =
            self.record.as_ref().is_none_or(|record| record.cells >= self.columns.count());
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
        if self.record.as_ref().is_some_and(|record| record.goes_on_with(line, expected)) {
            self.append(line, ready);
        } else {
            self.close(ready);
            self.record = Some(Record::new(line, Form::Ticked));
        }
    }

    /// There is a line below, so that no summary was held.
    fn release_values(&mut self, ready: &mut Ready) {
        if let Some(Held { line, gap }) = self.values.take() {
            self.append_pending(ready);
            self.add_row(&line, ready);
            if let Some(record) = &mut self.record {
                record.ending.extend_from_slice(&gap);
            }
        }
    }

    /// A line without a back-tick below a row has the names of the summary, or it goes on with the
    /// row's last cell. The line below tells, where the names are not known or the row is incomplete.
    fn add_plain(&mut self, line: Line, ready: &mut Ready) -> Next {
        let incomplete =
            self.record.as_ref().is_some_and(|record| record.cells < self.columns.count());
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

    /// A line of a file that has no back-ticks, so far.
    fn add_csv(&mut self, line: Line, ready: &mut Ready) -> Next {
        if cells::is_open(&line.text) {
            self.record = Some(Record::new(&line, Form::Quoted));
            return Next::Rows;
        }
        let row = self.row(line.number, &line.text);
        if self.are_names(&line) || (self.known.is_empty() && is_miscounted(&row)) {
            return Next::Names(line);
        }
        ready.push_back(row);
        Next::Rows
    }

    fn append_pending(&mut self, ready: &mut Ready) {
        if let Some(Held { line, gap }) = self.pending.take() {
            self.append(&line, ready);
            if let Some(record) = &mut self.record {
                record.ending.extend_from_slice(&gap);
            }
        }
    }

    fn append(&mut self, line: &Line, ready: &mut Ready) {
        let Some(record) = &mut self.record else { return };
        if record.text.len() + record.ending.len() + line.text.len() > self.row_limit {
            self.lose(ready);
        } else {
            record.append(line);
        }
    }

    /// Gives up the row that is held, because it is too long.
    fn lose(&mut self, ready: &mut Ready) {
        let Some(record) = &mut self.record else { return };
        if record.form != Form::Lost {
            let column = match record.form {
                Form::Ticked => self.columns.name(record.cells.saturating_sub(1)),
                Form::Quoted | Form::Lost => None,
            };
            let kind = BillErrorKind::TooLong { limit: self.row_limit };
            ready.push_back(Err(BillError::row(record.line, column, kind)));
            *record = Record::lost();
        }
    }

    /// Gives the row that is held, or why it is none.
    fn close(&mut self, ready: &mut Ready) {
        let Some(record) = self.record.take_if(|record| record.form != Form::Lost) else {
            self.record = None;
            return;
        };
        ready.push_back(match record.cells == self.columns.count() {
            true => self.row(record.line, &record.text),
            false => Err(self.miscounted(record.line, record.cells)),
        });
    }

    fn row(&self, line: u64, text: &[u8]) -> Result<Row, BillError> {
        let cells = cells::cells(text).map_err(|(place, kind)| {
            let column = place.and_then(|place| self.columns.name(place));
            BillError::row(line, column, kind)
        })?;
        match cells.len() == self.columns.count() {
            true => Ok(Row::new(line, Arc::clone(&self.columns), cells)),
            false => Err(self.miscounted(line, cells.len())),
        }
    }

    fn miscounted(&self, line: u64, found: usize) -> BillError {
        let (expected, header) = (self.columns.count(), self.columns.line());
        BillError::row(line, None, BillErrorKind::CellCount { found, expected, header })
    }

    /// Whether a line has names of the summary: half of them at least, and all where a back-tick
    /// makes it look like a row.
    fn are_names(&self, line: &Line) -> bool {
        let ticks_are_text = self.record.is_some() && !line.is_ticked();
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

fn is_miscounted(row: &Result<Row, BillError>) -> bool {
    let kind = row.as_ref().map_err(BillError::kind);
    matches!(kind, Err(BillErrorKind::CellCount { .. }))
}

/// Whether the values of a summary are as many as its names.
fn has_as_many(names: &Line, values: &Line) -> bool {
    let columns = cells::cells(&names.text).map(|cells| Columns::new(names.number, cells));
    columns.is_ok_and(|columns| columns.count() == cells::count_ticked(&values.text))
}

impl Record {
    fn new(line: &Line, form: Form) -> Self {
        Self {
            line: line.number,
            text: line.text.clone(),
            ending: line.ending.bytes().to_vec(),
            cells: cells::count_ticked(&line.text),
            form,
        }
    }

    fn lost() -> Self {
        let (text, ending) = (Vec::new(), Vec::new());
        Self { line: 0, text, ending, cells: usize::MAX, form: Form::Lost }
    }

    /// Takes a line as more text of the last cell, and the cells after it.
    fn append(&mut self, line: &Line) {
        if self.form != Form::Lost {
            self.text.append(&mut self.ending);
            self.text.extend_from_slice(&line.text);
            self.ending.extend_from_slice(line.ending.bytes());
            self.cells += cells::count_separators(&line.text);
        }
    }

    /// Whether a line that starts with a back-tick is more of the row, and not another one. Rows look
    /// alike at their beginning, usually a time.
    fn goes_on_with(&self, line: &Line, expected: usize) -> bool {
        if self.form != Form::Ticked || self.cells >= expected {
            return false;
        }
        let more = cells::count_ticked(&line.text);
        let fits = more < expected && self.cells + more - 1 <= expected;
        fits && shape(&self.text) != shape(&line.text)
    }
}

/// What the first cell looks like: `0` for digits, `a` for letters, and all else as it is.
fn shape(text: &[u8]) -> Vec<u8> {
    let class = |byte: &u8| match byte {
        b'0'..=b'9' => b'0',
        b'a'..=b'z' | b'A'..=b'Z' | 128.. => b'a',
        other => *other,
    };
    let mut shape: Vec<u8> = cells::first_cell(text).iter().map(class).collect();
    shape.dedup();
    shape
}

//! Decides what each line of a bill is: names, a part of a row, or the summary.

use std::sync::Arc;

use super::cells;
use super::lines::{Again, BillLine};
use super::rows::{Ready, RowLines, RowStep};
use crate::bills::read::bill::RequiredColumn;
use crate::bills::read::columns::Columns;
use crate::bills::read::row::Row;
use crate::bills::read::row_cells::RowCells;
use crate::bills::{BillError, BillErrorKind};
use crate::protocol::excerpt::{excerpt, excerpt_of};

/// The parts of a bill, and the current one.
pub(in crate::bills) struct Table {
    known: KnownColumns,
    part: TablePart,
    header: Option<Arc<Columns>>,
}

/// The names that columns may have, and must have.
#[derive(Clone, Copy)]
pub(in crate::bills) struct KnownColumns {
    /// The header must have at least one of these names. An empty list accepts any header.
    pub(in crate::bills) header: &'static [&'static str],
    pub(in crate::bills) required: &'static [RequiredColumn],
    /// As `header`, for the summary.
    pub(in crate::bills) summary: &'static [&'static str],
}

/// The part of the bill that the next line belongs to.
enum TablePart {
    Header,
    Rows(Box<RowLines>),
    Summary(Arc<Columns>),
    End(Row),
}

impl Table {
    pub(in crate::bills) fn new(known: KnownColumns) -> Self {
        Self { known, part: TablePart::Header, header: None }
    }

    /// Returns a row without cells, from which a kind of bill finds its missing columns.
    pub(in crate::bills) fn header(&self) -> Option<Row> {
        let columns = self.header.as_ref()?;
        Some(Row::new(columns.line(), Arc::clone(columns), RowCells::default()))
    }

    /// Takes a line, and adds the rows that it completes to `ready`. The result has the lines that must be read again
    /// before the next one.
    pub(in crate::bills) fn add(
        &mut self,
        line: BillLine,
        row_limit: usize,
        ready: &mut Ready,
    ) -> Result<Option<Again>, BillError> {
        if let TablePart::Rows(rows) = &mut self.part {
            let next = rows.add(line, ready);
            return self.go_on(next);
        }
        if line.text.is_empty() {
            return Ok(None);
        }
        if line.too_long && !matches!(self.part, TablePart::End(_)) {
            return Err(too_long(&line, row_limit));
        }
        match &self.part {
            TablePart::Header => {
                let columns = self.header_columns(&line)?;
                self.header = Some(Arc::clone(&columns));
                let rows = RowLines::new(columns, self.known.summary, row_limit);
                self.part = TablePart::Rows(Box::new(rows));
            }
            TablePart::Summary(columns) => self.part = TablePart::End(summary(&line, columns)?),
            TablePart::Rows(_) | TablePart::End(_) => {
                return Err(BillError::fatal(line.number, None, BillErrorKind::AfterSummary));
            }
        }
        Ok(None)
    }

    /// Ends the lines, and adds the last rows to `ready`, if the file was cut below them. If lines must be read again,
    /// call it again after them.
    pub(in crate::bills) fn end(&mut self, ready: &mut Ready) -> Result<Option<Again>, BillError> {
        if let TablePart::Rows(rows) = &mut self.part {
            let next = rows.end(ready);
            return self.go_on(next);
        }
        Ok(None)
    }

    fn go_on(&mut self, next: RowStep) -> Result<Option<Again>, BillError> {
        match next {
            RowStep::Rows => {}
            RowStep::Again(again) => return Ok(Some(again)),
            RowStep::Names(names) => self.part = TablePart::Summary(self.summary_columns(&names)?),
            RowStep::Summary(names, values) => {
                self.part = TablePart::End(summary(&values, &self.summary_columns(&names)?)?);
            }
        }
        Ok(None)
    }

    /// Returns the summary after the last line.
    pub(in crate::bills) fn summary(&self, line: u64) -> Result<Row, BillError> {
        match &self.part {
            TablePart::End(summary) => Ok(summary.clone()),
            _ => Err(truncated(line)),
        }
    }

    fn header_columns(&self, line: &BillLine) -> Result<Arc<Columns>, BillError> {
        if let Some(found) = cells::other_format(&line.text) {
            let kind = BillErrorKind::OtherFormat { found };
            return Err(BillError::fatal(line.number, None, kind));
        }
        let columns = columns(line, self.known.header)?;
        // A column is not missing where the line of names was cut: the end reports the incomplete bill.
        let missing = self.known.required.iter().find(|required| is_missing(required, &columns));
        match missing.filter(|_| line.is_terminated()) {
            None => Ok(columns),
            Some(required) => {
                let expected = required.names.join(" or ");
                let found = excerpt_of(&names(&columns), 400);
                let kind = BillErrorKind::MissingColumn { expected, found };
                Err(BillError::fatal(line.number, None, kind))
            }
        }
    }

    fn summary_columns(&self, line: &BillLine) -> Result<Arc<Columns>, BillError> {
        columns(line, self.known.summary)
    }
}

fn is_missing(required: &RequiredColumn, columns: &Columns) -> bool {
    let has_any = |names: &[&str]| names.iter().any(|name| columns.has(name));
    !has_any(required.names) && (required.beside.is_empty() || has_any(required.beside))
}

fn columns(line: &BillLine, known: &[&str]) -> Result<Arc<Columns>, BillError> {
    let cells = cells::cells(&line.text);
    let columns = Columns::new(line.number, &cells.map_err(|(_, kind)| fatal(line, kind))?);
    if known.is_empty() || columns.count_known(known) > 0 {
        return Ok(Arc::new(columns));
    }
    Err(fatal(line, BillErrorKind::UnknownColumns { found: excerpt(&names(&columns)) }))
}

fn names(columns: &Columns) -> String {
    columns.names().collect::<Vec<_>>().join(",")
}

/// Reads the values of the summary. Their line break may be missing.
fn summary(line: &BillLine, columns: &Arc<Columns>) -> Result<Row, BillError> {
    let cells = cells::cells(&line.text);
    let few = cells.as_ref().is_ok_and(|cells| cells.count() < columns.count());
    if few && !line.is_terminated() {
        return Err(truncated(line.number));
    }
    Row::read(line.number, columns, cells).map_err(BillError::into_fatal)
}

fn too_long(line: &BillLine, limit: usize) -> BillError {
    let kind = match cells::other_format(&line.text) {
        Some(found) => BillErrorKind::OtherFormat { found },
        None => BillErrorKind::TooLong { limit },
    };
    fatal(line, kind)
}

fn truncated(line: u64) -> BillError {
    BillError::fatal(line, None, BillErrorKind::Truncated)
}

fn fatal(line: &BillLine, kind: BillErrorKind) -> BillError {
    BillError::fatal(line.number, None, kind)
}

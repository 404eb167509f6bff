use std::sync::Arc;

use super::columns::Columns;
use super::lines::Line;
use super::{BillError, BillErrorKind, Row};
use crate::protocol::excerpt::excerpt;

/// Knows what each line of a bill is: names, a row, or the summary.
pub(super) struct Table {
    known: Known,
    part: Part,
    /// Whether a row had back-ticks, so that a line without them is no row.
    ticked: bool,
}

/// The names of which at least one must be there, unless there are none.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) header: &'static [&'static str],
    pub(super) summary: &'static [&'static str],
}

/// What the next line belongs to.
enum Part {
    Header,
    Rows(Arc<Columns>),
    Summary(Arc<Columns>),
    End(Row),
}

impl Table {
    pub(super) fn new(known: Known) -> Self {
        Self { known, part: Part::Header, ticked: false }
    }

    /// The name of the column that a cell of the next line is in.
    pub(super) fn column(&self, place: usize) -> Option<&str> {
        match &self.part {
            Part::Rows(columns) | Part::Summary(columns) => columns.name(place),
            Part::Header | Part::End(_) => None,
        }
    }

    /// Takes a line, and gives it back if it is a row.
    pub(super) fn add(&mut self, line: Line) -> Result<Option<Row>, BillError> {
        match &self.part {
            Part::Header => self.part = Part::Rows(columns(line, self.known.header)?),
            Part::Rows(columns) if self.is_row(&line, columns) => {
                self.ticked |= line.ticked;
                return row(line, columns).map(Some);
            }
            Part::Rows(_) => self.part = Part::Summary(self::columns(line, self.known.summary)?),
            // The values of the summary are the only line that may lack its line break.
            Part::Summary(columns) => {
                self.part = Part::End(row(Line { terminated: true, ..line }, columns)?);
            }
            Part::End(_) => {
                return Err(BillError::new(line.number, None, BillErrorKind::AfterSummary));
            }
        }
        Ok(None)
    }

    fn is_row(&self, line: &Line, columns: &Columns) -> bool {
        line.ticked || (!self.ticked && line.cells.len() == columns.count())
    }

    /// The summary, once there are no more lines.
    pub(super) fn end(self, line: u64) -> Result<Row, BillError> {
        match self.part {
            Part::End(summary) => Ok(summary),
            _ => Err(BillError::new(line, None, BillErrorKind::Truncated)),
        }
    }
}

fn columns(line: Line, known: &[&str]) -> Result<Arc<Columns>, BillError> {
    let columns = Columns::new(line.number, line.cells);
    if known.is_empty() || known.iter().any(|name| columns.place(name).is_some()) {
        return Ok(Arc::new(columns));
    }
    let names: Vec<&str> = columns.names().collect();
    let found = excerpt(&names.join(","));
    Err(BillError::new(line.number, None, BillErrorKind::UnknownColumns { found }))
}

fn row(line: Line, columns: &Arc<Columns>) -> Result<Row, BillError> {
    if !line.terminated {
        return Err(BillError::new(line.number, None, BillErrorKind::Truncated));
    }
    if line.cells.len() == columns.count() {
        return Ok(Row::new(line.number, Arc::clone(columns), line.cells));
    }
    let (found, expected) = (line.cells.len(), columns.count());
    let kind = BillErrorKind::CellCount { found, expected, header: columns.line() };
    Err(BillError::new(line.number, None, kind))
}

//! Recognises the summary: its line of names, and the line of values below it.

use super::cells;
use super::lines::BillLine;
use crate::bills::read::columns::Columns;

/// The names that the columns of a summary may have. Without any, every line may have them.
pub(super) struct SummaryNames(pub(super) &'static [&'static str]);

/// A line below a row. It is held until the next line shows whether it is text of the row.
pub(super) struct HeldLine {
    pub(super) line: BillLine,
    /// Empty lines below the line.
    pub(super) gap: Vec<u8>,
}

impl SummaryNames {
    /// Whether the kind of bill names no columns of its summary.
    pub(super) fn are_unknown(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a line has names of the summary: at least half of its cells are names, and all of them where a back-tick
    /// makes the line look like a row.
    pub(super) fn are_in(&self, line: &BillLine, is_below_row: bool) -> bool {
        let ticks_are_text = is_below_row && !line.is_ticked();
        if self.are_unknown() || (ticks_are_text && line.text.contains(&b'`')) {
            return false;
        }
        let Ok(cells) = cells::cells(&line.text) else { return false };
        let columns = Columns::new(line.number, cells);
        let known = columns.count_known(self.0);
        match line.is_ticked() {
            true => known == columns.count(),
            false => known * 2 >= columns.count(),
        }
    }
}

impl HeldLine {
    pub(super) fn len(&self) -> usize {
        self.line.text.len() + self.line.ending.bytes().len() + self.gap.len()
    }

    /// Returns all lines with their line breaks.
    pub(super) fn into_lines(self) -> Vec<u8> {
        [self.line.text.as_slice(), self.line.ending.bytes(), &self.gap].concat()
    }
}

/// Whether a summary has as many values as names.
pub(super) fn has_as_many(names: &BillLine, values: &BillLine) -> bool {
    let columns = cells::cells(&names.text).map(|cells| Columns::new(names.number, cells));
    columns.is_ok_and(|columns| columns.count() == cells::count_ticked(&values.text))
}

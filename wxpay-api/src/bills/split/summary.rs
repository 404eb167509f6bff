//! Recognises the summary: its line of names, and the line of values below it.

use super::cells;
use super::lines::BillLine;
use crate::bills::read::columns::{Columns, first_of_standard, standard};
use crate::bills::read::row_cells::RowCells;

/// The names that the columns of a summary may have. Without any, every line may have them.
pub(super) struct SummaryNames {
    known: &'static [&'static str],
    /// The same in the spelling that names are compared in.
    standard: Vec<String>,
    /// The characters that these names begin with. Nearly every cell begins with another one.
    initials: Vec<char>,
}

/// A line below a row. It is held until the next line shows whether it is text of the row.
pub(super) struct HeldLine {
    pub(super) line: BillLine,
    /// Empty lines below the line.
    pub(super) gap: Vec<u8>,
}

impl SummaryNames {
    pub(super) fn new(known: &'static [&'static str]) -> Self {
        let standard: Vec<String> = known.iter().map(|name| standard(name).into_owned()).collect();
        // A name of which only the unit is left has no character.
        let initial = |name: &String| name.chars().next().unwrap_or('(');
        let mut initials: Vec<char> = standard.iter().map(initial).collect();
        initials.sort_unstable();
        initials.dedup();
        Self { known, standard, initials }
    }

    /// Whether the kind of bill names no columns of its summary.
    pub(super) fn are_unknown(&self) -> bool {
        self.known.is_empty()
    }

    /// Whether a line has names of the summary: at least half of its cells are names, and all of them where a back-tick
    /// makes the line look like a row.
    pub(super) fn are_in(&self, line: &BillLine, is_below_row: bool) -> bool {
        let ticks_are_text = is_below_row && !line.is_ticked();
        if self.are_unknown() || (ticks_are_text && line.text.contains(&b'`')) {
            return false;
        }
        // Nearly every line is a row: its first cell, usually a time, decides without the others.
        if line.is_ticked() && !self.begin(&line.text) {
            return false;
        }
        let Ok(cells) = cells::cells(&line.text) else { return false };
        if !line.is_ticked() {
            return self.are_among(&cells);
        }
        let (known, all) = self.count(&cells);
        known == all
    }

    /// Whether at least half of the cells of a line without a back-tick are names of the summary.
    pub(super) fn are_among(&self, cells: &RowCells) -> bool {
        if self.are_unknown() {
            return false;
        }
        let (known, all) = self.count(cells);
        known * 2 >= all
    }

    /// Counts the names in cells: those of the summary, and all.
    fn count(&self, cells: &RowCells) -> (usize, usize) {
        let names = cells.iter().flatten().flat_map(Columns::split_names);
        names.fold((0, 0), |(known, all), name| (known + usize::from(self.has(name)), all + 1))
    }

    fn has(&self, name: &str) -> bool {
        if first_of_standard(name).is_some_and(|initial| !self.initials.contains(&initial)) {
            return false;
        }
        let name = standard(name);
        self.standard.iter().any(|known| *known == name)
    }

    /// Whether the first cell of a line with back-ticks has only names of the summary.
    fn begin(&self, text: &[u8]) -> bool {
        // Usually a digit.
        let begins = text.get(1).filter(|byte| byte.is_ascii_graphic());
        let initial = begins.map(|byte| char::from(byte.to_ascii_uppercase()));
        if initial.is_some_and(|initial| !self.initials.contains(&initial)) {
            return false;
        }
        let Ok(first) = std::str::from_utf8(cells::first_cell(text)) else { return false };
        Columns::split_names(first).all(|name| self.has(name))
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
    let columns = cells::cells(&names.text).map(|cells| Columns::new(names.number, &cells));
    columns.is_ok_and(|columns| columns.count() == cells::count_ticked(&values.text))
}

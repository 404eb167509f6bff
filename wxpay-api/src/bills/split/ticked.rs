//! Puts together a row whose cells start with back-ticks.
//!
//! Line breaks in its cells are not escaped, so that only the lines below show where the row ends.

use super::cells::{self, TickedCells};
use super::lines::{BillLine, Ending};
use crate::bills::read::row::CellFault;
use crate::bills::read::row_cells::RowCells;

/// How a bill writes its rows. Only rows with back-ticks may continue in a line without any mark of it.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Style {
    /// There was no row yet, or only the beginning of a first cell, whose back-tick may be text.
    Unknown,
    Ticked,
    Csv,
}

/// The lines of a row so far.
pub(super) struct TickedRow {
    line: u64,
    text: Vec<u8>,
    /// The length of the first line, without its line break.
    first: usize,
    /// The line break after the text, in case the row continues.
    ending: Ending,
    /// Empty lines below the text.
    gap: Vec<u8>,
    cells: TickedCells,
    /// Whether the error of the row was returned. More lines of the row are skipped.
    lost: bool,
}

impl TickedRow {
    /// Begins a row with this line. The row probably has as many cells as `expected`.
    pub(super) fn new(line: BillLine, expected: usize) -> Self {
        Self {
            line: line.number,
            first: line.text.len(),
            ending: line.ending,
            gap: Vec::new(),
            cells: TickedCells::new(&line.text, expected),
            lost: false,
            text: line.text,
        }
    }

    /// Makes the rest of a row that is too long, after its error was returned.
    pub(super) fn lost() -> Self {
        Self {
            line: 0,
            text: Vec::new(),
            first: 0,
            ending: Ending::None,
            gap: Vec::new(),
            cells: TickedCells::endless(),
            lost: true,
        }
    }

    pub(super) fn is_lost(&self) -> bool {
        self.lost
    }

    /// The number of the first line.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// The number of cells so far.
    pub(super) fn cells(&self) -> usize {
        self.cells.count()
    }

    /// The number of bytes so far, with the line break of the last line.
    pub(super) fn len(&self) -> usize {
        self.text.len() + self.ending.bytes().len() + self.gap.len()
    }

    /// Returns all lines with their line breaks.
    pub(super) fn into_lines(mut self) -> Vec<u8> {
        self.append_ending();
        self.text
    }

    /// Splits the complete row.
    pub(super) fn into_cells(self) -> Result<RowCells, CellFault> {
        self.cells.into_cells(self.text)
    }

    /// Adds a line: more text of the last cell, and the cells after it.
    pub(super) fn append(&mut self, line: &BillLine) {
        if !self.lost {
            self.append_ending();
            let start = self.text.len();
            self.text.extend_from_slice(&line.text);
            self.ending = line.ending;
            self.cells.append(&self.text, start);
        }
    }

    fn append_ending(&mut self) {
        self.text.extend_from_slice(self.ending.bytes());
        self.text.append(&mut self.gap);
    }

    /// Adds empty lines, which are text if the row continues below them. Beyond the limit nothing is added: the row is
    /// too long already.
    pub(super) fn append_gap(&mut self, gap: &[u8], row_limit: usize) {
        if self.ending.bytes().len() + self.gap.len() <= row_limit {
            self.gap.extend_from_slice(gap);
        }
    }

    /// Whether a line that starts with a back-tick continues this row. A new row would begin with the same shape,
    /// usually a time.
    pub(super) fn goes_on_with(&self, line: &BillLine, expected: usize) -> bool {
        if self.lost || self.cells() >= expected {
            return false;
        }
        let more = cells::count_ticked(&line.text);
        let fits = more < expected && self.cells() + more - 1 <= expected;
        let first = self.text.get(..self.first).unwrap_or_default();
        fits && shape(first) != shape(&line.text)
    }
}

/// The shape of the first cell of a line: `0` for digits, `a` for letters, and other characters unchanged.
fn shape(line: &[u8]) -> Vec<u8> {
    let class = |byte: &u8| match byte {
        b'0'..=b'9' => b'0',
        b'a'..=b'z' | b'A'..=b'Z' | 128.. => b'a',
        other => *other,
    };
    let mut shape: Vec<u8> = cells::first_cell(line).iter().map(class).collect();
    shape.dedup();
    shape
}

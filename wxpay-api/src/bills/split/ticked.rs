//! A row whose cells start with back-ticks, while its lines arrive.
//!
//! Nothing escapes the line breaks in its cells, so that only the lines below it show where it ends.

use super::cells;
use super::lines::BillLine;

/// How a bill writes its rows. Only rows with back-ticks go on in lines that nothing announces.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Style {
    /// No row was seen yet, or only the beginning of a first cell, whose back-tick may be text.
    Unknown,
    Ticked,
    Csv,
}

/// The lines of a row so far.
pub(super) struct TickedRow {
    line: u64,
    text: Vec<u8>,
    /// What ends the text, and empty lines below it, in case that the row goes on.
    ending: Vec<u8>,
    cells: usize,
    /// What the beginning of its first line looks like.
    shape: Vec<u8>,
    /// Whether its error was given; what else belongs to it is passed over.
    lost: bool,
}

impl TickedRow {
    /// A row that begins with this line.
    pub(super) fn new(line: &BillLine) -> Self {
        Self {
            line: line.number,
            text: line.text.clone(),
            ending: line.ending.bytes().to_vec(),
            cells: cells::count_ticked(&line.text),
            shape: shape(&line.text),
            lost: false,
        }
    }

    /// A row that is too long, after its error was given.
    pub(super) fn lost() -> Self {
        let (text, ending, shape) = (Vec::new(), Vec::new(), Vec::new());
        Self { line: 0, text, ending, cells: usize::MAX, shape, lost: true }
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

    /// How many cells there are so far.
    pub(super) fn cells(&self) -> usize {
        self.cells
    }

    /// How many bytes there are so far, with the line break of the last line.
    pub(super) fn len(&self) -> usize {
        self.text.len() + self.ending.len()
    }

    /// All lines with their line breaks.
    pub(super) fn into_lines(mut self) -> Vec<u8> {
        self.text.append(&mut self.ending);
        self.text
    }

    /// Takes a line as more text of the last cell, and the cells after it.
    pub(super) fn append(&mut self, line: &BillLine) {
        if !self.lost {
            self.text.append(&mut self.ending);
            self.text.extend_from_slice(&line.text);
            self.ending.extend_from_slice(line.ending.bytes());
            self.cells += cells::count_separators(&line.text);
        }
    }

    /// Takes empty lines, which are text if the row goes on below them. What is longer than the limit
    /// is too long with more of it, too.
    pub(super) fn append_gap(&mut self, gap: &[u8], row_limit: usize) {
        if self.ending.len() <= row_limit {
            self.ending.extend_from_slice(gap);
        }
    }

    /// Whether a line that starts with a back-tick is more of the row, and not another one. Rows look
    /// alike at their beginning, usually a time.
    pub(super) fn goes_on_with(&self, line: &BillLine, expected: usize) -> bool {
        if self.lost || self.cells >= expected {
            return false;
        }
        let more = cells::count_ticked(&line.text);
        let fits = more < expected && self.cells + more - 1 <= expected;
        fits && self.shape != shape(&line.text)
    }
}

/// What the first cell of a line looks like: `0` for digits, `a` for letters, and all else as it is.
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

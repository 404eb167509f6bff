use csv_core::{ReadFieldResult, Reader, ReaderBuilder, Terminator};

use super::BillErrorKind;

/// More cells than this are no line of a bill; without a limit, empty cells would take memory
/// although they add nothing to a line's length.
const MOST_CELLS: usize = 1024;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Splits a bill into lines of cells, and holds one line at the most.
///
/// csv-core is told that the back-tick separates cells and nothing quotes. A comma at the end of
/// such a piece shows that the back-tick after it starts a cell; any other back-tick is text.
pub(super) struct Lines {
    csv: Reader,
    /// What csv-core gives at once; longer pieces come in several.
    piece: [u8; 512],
    /// The line so far, without the separators of its finished cells.
    text: Vec<u8>,
    /// Where the finished cells end in `text`.
    ends: Vec<usize>,
    start: Start,
    at_first_byte: bool,
    row_limit: usize,
}

/// What is known of a line from its first piece.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Start {
    Unread,
    BackTick,
    Plain,
}

pub(super) struct Line {
    pub(super) number: u64,
    /// Whether the line starts with a back-tick, as rows and the summary's values do.
    pub(super) ticked: bool,
    /// Whether a line break ends it, rather than the end of the file.
    pub(super) terminated: bool,
    pub(super) cells: Vec<String>,
}

/// What is wrong with a line before its cells are known.
pub(super) struct Fault {
    pub(super) line: u64,
    /// The place of the cell, counted from 0, where one is to blame.
    pub(super) cell: Option<usize>,
    pub(super) kind: BillErrorKind,
}

impl Lines {
    pub(super) fn new(row_limit: usize) -> Self {
        // A carriage return within a cell is text; before a line feed it is cut off.
        let csv = ReaderBuilder::new()
            .delimiter(b'`')
            .quoting(false)
            .terminator(Terminator::Any(b'\n'))
            .build();
        Self {
            csv,
            piece: [0; 512],
            text: Vec::new(),
            ends: Vec::new(),
            start: Start::Unread,
            at_first_byte: true,
            row_limit,
        }
    }

    pub(super) fn set_row_limit(&mut self, bytes: usize) {
        self.row_limit = bytes;
    }

    /// The line that is being read, counted from 1.
    pub(super) fn number(&self) -> u64 {
        self.csv.line()
    }

    /// Reads to the end of a line or of `input`, and says how many bytes that took. No input means
    /// the end of the file.
    pub(super) fn read(&mut self, input: &[u8]) -> Result<(usize, Option<Line>), Fault> {
        let mut used = 0;
        loop {
            let rest = self.next_input(input.get(used..).unwrap_or_default());
            if rest.is_empty() && !input.is_empty() {
                return Ok((used, None));
            }
            let (result, read, written) = self.csv.read_field(rest, &mut self.piece);
            used += read;
            self.text.extend_from_slice(self.piece.get(..written).unwrap_or_default());
            self.check_length()?;
            match result {
                ReadFieldResult::End => return Ok((used, None)),
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end: false } => self.end_piece()?,
                ReadFieldResult::Field { record_end: true } => {
                    if let Some(line) = self.end_line(!rest.is_empty())? {
                        return Ok((used, Some(line)));
                    }
                }
            }
        }
    }

    /// csv-core would take a chunk that is nothing but a byte-order mark for the end of the file.
    /// Given one byte at first it never sees the mark, which is cut off here.
    fn next_input<'a>(&mut self, rest: &'a [u8]) -> &'a [u8] {
        match std::mem::take(&mut self.at_first_byte) {
            true => rest.get(..1).unwrap_or_default(),
            false => rest,
        }
    }

    fn check_length(&self) -> Result<(), Fault> {
        if self.text.len() > self.row_limit {
            return Err(self.fault(BillErrorKind::TooLong { limit: self.row_limit }));
        }
        if self.ends.len() >= MOST_CELLS {
            return Err(self.fault(BillErrorKind::TooManyCells { limit: MOST_CELLS }));
        }
        Ok(())
    }

    fn fault(&self, kind: BillErrorKind) -> Fault {
        let cell = (self.start == Start::BackTick).then_some(self.ends.len());
        Fault { line: self.number(), cell, kind }
    }

    /// A back-tick was read: the line starts with it, or it separates cells, or it is text.
    fn end_piece(&mut self) -> Result<(), Fault> {
        if self.start == Start::Unread {
            self.cut_byte_order_mark(self.number());
            if self.text.is_empty() {
                self.start = Start::BackTick;
                return Ok(());
            }
            self.start = Start::Plain;
        }
        if self.start == Start::BackTick && self.cell().ends_with(b",") {
            self.text.pop();
            self.ends.push(self.text.len());
        } else {
            self.text.push(b'`');
        }
        self.check_length()
    }

    /// Gives the line; none if it is empty.
    fn end_line(&mut self, terminated: bool) -> Result<Option<Line>, Fault> {
        let number = self.number() - u64::from(terminated);
        if self.start == Start::Unread {
            self.cut_byte_order_mark(number);
        }
        if self.cell().ends_with(b"\r") {
            self.text.pop();
        }
        let ticked = self.start == Start::BackTick;
        let cells = match ticked {
            true => self.ticked_cells(),
            false if self.text.is_empty() => Ok(Vec::new()),
            false => plain_cells(&self.text),
        };
        let cells = cells.map_err(|(cell, kind)| Fault { line: number, cell, kind })?;
        self.text.clear();
        self.ends.clear();
        self.start = Start::Unread;
        let line = Line { number, ticked, terminated, cells };
        Ok((!line.cells.is_empty()).then_some(line))
    }

    fn cut_byte_order_mark(&mut self, line: u64) {
        if line == 1 && self.text.starts_with(BYTE_ORDER_MARK) {
            self.text.drain(..BYTE_ORDER_MARK.len());
        }
    }

    /// The cell that is being read.
    fn cell(&self) -> &[u8] {
        self.text.get(self.ends.last().copied().unwrap_or(0)..).unwrap_or_default()
    }

    fn ticked_cells(&self) -> Result<Vec<String>, CellFault> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let ends = self.ends.iter().copied().chain([self.text.len()]);
        let cells = starts.zip(ends).map(|(start, end)| self.text.get(start..end));
        cells.enumerate().map(|(place, cell)| text(place, cell.unwrap_or_default())).collect()
    }
}

type CellFault = (Option<usize>, BillErrorKind);

/// The cells of a line without back-ticks: ordinary CSV.
fn plain_cells(line: &[u8]) -> Result<Vec<String>, CellFault> {
    let mut csv = ReaderBuilder::new().terminator(Terminator::Any(b'\n')).build();
    let mut cells = Vec::new();
    // Longer than any cell can be, so that it is never full.
    let mut cell = vec![0; line.len() + 1];
    let mut filled = 0;
    let mut rest = line;
    loop {
        let free = cell.get_mut(filled..).unwrap_or_default();
        let (result, read, written) = csv.read_field(rest, free);
        rest = rest.get(read..).unwrap_or_default();
        filled += written;
        match result {
            ReadFieldResult::InputEmpty => {}
            ReadFieldResult::Field { .. } if cells.len() == MOST_CELLS => {
                return Err((None, BillErrorKind::TooManyCells { limit: MOST_CELLS }));
            }
            ReadFieldResult::Field { .. } => {
                cells.push(text(cells.len(), cell.get(..filled).unwrap_or_default())?);
                filled = 0;
            }
            ReadFieldResult::OutputFull | ReadFieldResult::End => return Ok(cells),
        }
    }
}

fn text(place: usize, cell: &[u8]) -> Result<String, CellFault> {
    let text = std::str::from_utf8(cell).map_err(|_| (Some(place), BillErrorKind::NotUtf8))?;
    Ok(text.to_owned())
}

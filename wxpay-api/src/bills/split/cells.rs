//! Splits the text of a row into cells, with back-ticks or as ordinary CSV.

use std::cell::RefCell;

use csv_core::{ReadFieldResult, Reader, ReaderBuilder, Terminator};
use memchr::{memchr_iter, memchr2};

use crate::bills::BillErrorKind;
use crate::bills::read::row::CellFault;
use crate::bills::read::row_cells::{CellSpan, RowCells};

/// No bill has more cells in a line. Without this limit, a line of empty cells would take much memory.
const MOST_CELLS: usize = 1024;

/// The separator between cells, where a line starts with a back-tick.
const SEPARATOR: &[u8] = b",`";

thread_local! {
    /// The reader of ordinary CSV. Making one takes longer than reading a line, and its copies do not work.
    static CSV: RefCell<Reader> =
        RefCell::new(ReaderBuilder::new().terminator(Terminator::Any(b'\n')).build());
}

/// Splits a line of either form.
pub(super) fn cells(text: &[u8]) -> Result<RowCells, CellFault> {
    match text.starts_with(b"`") {
        true => TickedCells::new(text, 0).into_cells(text.to_vec()),
        false => plain_cells(text),
    }
}

/// Counts the cells of a line that starts with a back-tick.
pub(super) fn count_ticked(text: &[u8]) -> usize {
    1 + separators(text).count()
}

/// Whether a cell ends in a piece of a row.
pub(super) fn has_separator(text: &[u8]) -> bool {
    separators(text).next().is_some()
}

/// Finds the separators, by their commas.
fn separators(text: &[u8]) -> impl Iterator<Item = usize> {
    let starts = memchr_iter(b'`', text).filter_map(|tick| tick.checked_sub(1));
    starts.filter(|comma| text.get(*comma) == Some(&b','))
}

/// Returns the text of the first cell, without its back-tick.
pub(super) fn first_cell(text: &[u8]) -> &[u8] {
    let text = text.strip_prefix(b"`").unwrap_or(text);
    let end = separators(text).next();
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

/// Where the cells of a row with back-ticks are, found line by line.
pub(super) struct TickedCells {
    /// At most so many as a line may have.
    spans: Vec<CellSpan>,
    count: usize,
}

impl TickedCells {
    /// Finds the cells of the first line, which starts with a back-tick. There are probably as many as `expected`.
    pub(super) fn new(line: &[u8], expected: usize) -> Self {
        let mut cells = Self { spans: Vec::with_capacity(expected.min(MOST_CELLS)), count: 0 };
        cells.begin_cell(usize::from(line.starts_with(b"`")));
        cells.append(line, 0);
        cells
    }

    /// Makes the cells of a row that is not read. There are more of them than of any other row.
    pub(super) fn endless() -> Self {
        Self { spans: Vec::new(), count: usize::MAX }
    }

    /// Adds the cells of a line that continues the row. `line` is where it begins in the row's text.
    pub(super) fn append(&mut self, text: &[u8], line: usize) {
        separators(text.get(line..).unwrap_or_default()).for_each(|comma| {
            self.end_cell(line + comma);
            self.begin_cell(line + comma + SEPARATOR.len());
        });
        self.end_cell(text.len());
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Splits the text of the whole row.
    pub(super) fn into_cells(self, text: Vec<u8>) -> Result<RowCells, CellFault> {
        match self.count > MOST_CELLS {
            true => Err(too_many()),
            false => RowCells::new(text, self.spans),
        }
    }

    fn begin_cell(&mut self, start: usize) {
        if self.count < MOST_CELLS {
            self.spans.push(CellSpan { start, end: start });
        }
        self.count += 1;
    }

    fn end_cell(&mut self, end: usize) {
        if let Some(cell) = self.spans.last_mut() {
            cell.end = end;
        }
    }
}

/// Splits ordinary CSV. If every cell starts with a back-tick, a spreadsheet has quoted the cells of a bill, and the
/// back-ticks are removed.
pub(super) fn plain_cells(line: &[u8]) -> Result<RowCells, CellFault> {
    let is_simple = !line.is_empty() && memchr2(b'"', b'\n', line).is_none();
    // `csv_core` skips a byte order mark.
    let (text, mut spans) = match is_simple && !line.starts_with(b"\xef\xbb\xbf") {
        true => (line.to_vec(), unquoted_cells(line)?),
        false => CSV.with_borrow_mut(|csv| quoted_cells(csv, line))?,
    };
    if spans.iter().all(|cell| cell.of(&text).starts_with(b"`")) {
        for cell in &mut spans {
            cell.start += 1;
        }
    }
    RowCells::new(text, spans)
}

/// Finds the cells of a line without quotation marks.
fn unquoted_cells(line: &[u8]) -> Result<Vec<CellSpan>, CellFault> {
    let (mut spans, mut start) = (Vec::new(), 0);
    for end in memchr_iter(b',', line).chain([line.len()]) {
        push(&mut spans, CellSpan { start, end })?;
        start = end + 1;
    }
    Ok(spans)
}

/// Finds the cells of a line, and removes their quotation marks. In the text that is returned, a zero follows each cell.
fn quoted_cells(csv: &mut Reader, line: &[u8]) -> Result<(Vec<u8>, Vec<CellSpan>), CellFault> {
    csv.reset();
    let mut spans = Vec::new();
    // A cell and the zero after it are no longer than the cell in the line and its separator, so that it is never full.
    let mut text = vec![0; line.len() + 1];
    let (mut start, mut end) = (0, 0);
    let mut rest = line;
    loop {
        let free = text.get_mut(end..).unwrap_or_default();
        let (result, read, written) = csv.read_field(rest, free);
        rest = rest.get(read..).unwrap_or_default();
        end += written;
        match result {
            ReadFieldResult::InputEmpty => {}
            ReadFieldResult::Field { .. } => {
                push(&mut spans, CellSpan { start, end })?;
                (start, end) = (end + 1, end + 1);
            }
            ReadFieldResult::OutputFull | ReadFieldResult::End => break,
        }
    }
    Ok((text, spans))
}

fn push(spans: &mut Vec<CellSpan>, span: CellSpan) -> Result<(), CellFault> {
    if spans.len() == MOST_CELLS {
        return Err(too_many());
    }
    spans.push(span);
    Ok(())
}

fn too_many() -> CellFault {
    (None, BillErrorKind::TooManyCells { limit: MOST_CELLS })
}

/// Recognises by its beginning a file that is not lines of text, and names its format.
pub(super) fn other_format(text: &[u8]) -> Option<&'static str> {
    let formats: [(&[u8], &str); 5] = [
        (b"PK\x03\x04", "a ZIP archive, as .xlsx and .zip files are"),
        (b"\xff\xfe", "UTF-16 text"),
        (b"\xfe\xff", "UTF-16 text"),
        (b"\xd0\xcf\x11\xe0", "an .xls file"),
        (b"%PDF", "a PDF file"),
    ];
    formats.iter().find(|(magic, _)| text.starts_with(magic)).map(|(_, name)| *name)
}

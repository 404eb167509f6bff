//! Splits the text of a row into cells, with back-ticks or as ordinary CSV.

use csv_core::{ReadFieldResult, ReaderBuilder, Terminator};
use memchr::memchr_iter;

use crate::bills::BillErrorKind;
use crate::bills::read::row::CellFault;

/// No bill has more cells in a line. Without this limit, a line of empty cells would take much memory.
const MOST_CELLS: usize = 1024;

/// The separator between cells, where a line starts with a back-tick.
const SEPARATOR: &[u8] = b",`";

/// Splits a line of either form.
pub(super) fn cells(text: &[u8]) -> Result<Vec<String>, CellFault> {
    match text.strip_prefix(b"`") {
        Some(text) => ticked_cells(text),
        None => plain_cells(text),
    }
}

/// Counts the cells of a line that starts with a back-tick.
pub(super) fn count_ticked(text: &[u8]) -> usize {
    1 + count_separators(text)
}

/// Counts the cells that end in a piece of a row.
pub(super) fn count_separators(text: &[u8]) -> usize {
    separators(text).count()
}

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

fn ticked_cells(line: &[u8]) -> Result<Vec<String>, CellFault> {
    let count = count_ticked(line);
    if count > MOST_CELLS {
        return Err((None, BillErrorKind::TooManyCells { limit: MOST_CELLS }));
    }
    let mut cells = Vec::with_capacity(count);
    let mut start = 0;
    for end in separators(line).chain([line.len()]) {
        cells.push(text(cells.len(), line.get(start..end).unwrap_or_default())?);
        start = end + SEPARATOR.len();
    }
    Ok(cells)
}

/// Splits ordinary CSV. If every cell starts with a back-tick, a spreadsheet has quoted the cells of a bill, and the
/// back-ticks are removed.
pub(super) fn plain_cells(line: &[u8]) -> Result<Vec<String>, CellFault> {
    let mut csv = ReaderBuilder::new().terminator(Terminator::Any(b'\n')).build();
    let mut cells: Vec<String> = Vec::new();
    // Longer than any cell, so that it is never full.
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
            ReadFieldResult::OutputFull | ReadFieldResult::End => break,
        }
    }
    if cells.iter().all(|cell| cell.starts_with('`')) {
        for cell in &mut cells {
            cell.remove(0);
        }
    }
    Ok(cells)
}

fn text(place: usize, cell: &[u8]) -> Result<String, CellFault> {
    let text = std::str::from_utf8(cell).map_err(|_| (Some(place), BillErrorKind::NotUtf8))?;
    Ok(text.to_owned())
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

//! The cells of a line: its text, held once, and where each cell is in it.

use crate::bills::BillErrorKind;
use crate::bills::read::row::CellFault;

/// The text of a line, and where its cells are.
#[derive(Clone, Default)]
pub(in crate::bills) struct RowCells {
    text: String,
    spans: Vec<CellSpan>,
}

/// Where a cell begins and ends in the text of its line, in bytes.
#[derive(Clone, Copy)]
pub(in crate::bills) struct CellSpan {
    pub(in crate::bills) start: usize,
    pub(in crate::bills) end: usize,
}

impl CellSpan {
    /// The span of a cell that was taken. It is in no text.
    const TAKEN: Self = Self { start: usize::MAX, end: 0 };

    pub(in crate::bills) fn of(self, text: &[u8]) -> &[u8] {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

impl RowCells {
    /// Makes the cells, if all are UTF-8. Between two cells there must be an ASCII character, so that two cells never
    /// look like UTF-8 only together.
    pub(in crate::bills) fn new(text: Vec<u8>, spans: Vec<CellSpan>) -> Result<Self, CellFault> {
        match String::from_utf8(text) {
            Ok(text) => Ok(Self { text, spans }),
            Err(error) => {
                let is_wrong =
                    |span: &CellSpan| std::str::from_utf8(span.of(error.as_bytes())).is_err();
                Err((spans.iter().position(is_wrong), BillErrorKind::NotUtf8))
            }
        }
    }

    pub(in crate::bills) fn count(&self) -> usize {
        self.spans.len()
    }

    /// Returns a cell, unless it was taken.
    pub(in crate::bills) fn get(&self, place: usize) -> Option<&str> {
        self.text_of(*self.spans.get(place)?)
    }

    /// Returns the cells in their order, `None` for those that were taken.
    pub(in crate::bills) fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        self.spans.iter().map(|span| self.text_of(*span))
    }

    /// Returns a cell, and marks it as taken.
    pub(in crate::bills) fn take(&mut self, place: usize) -> Option<&str> {
        let span = std::mem::replace(self.spans.get_mut(place)?, CellSpan::TAKEN);
        self.text_of(span)
    }

    fn text_of(&self, span: CellSpan) -> Option<&str> {
        self.text.get(span.start..span.end)
    }
}

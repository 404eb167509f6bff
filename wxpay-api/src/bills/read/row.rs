//! One line of a bill, by the names of its columns.

use std::fmt;
use std::sync::Arc;

use super::cell::Cell;
use super::columns::Columns;
use crate::bills::{BillError, BillErrorKind};
use crate::protocol::excerpt::excerpt;

/// What is wrong with the text of a line, with the place of the cell where one is to blame, counted from 0.
pub(in crate::bills) type CellFault = (Option<usize>, BillErrorKind);

/// The cells of a line, by the names of their columns.
#[derive(Clone)]
pub struct Row {
    line: u64,
    columns: Arc<Columns>,
    /// A cell that was taken out is none.
    cells: Vec<Option<String>>,
}

impl Row {
    pub(in crate::bills) fn new(line: u64, columns: Arc<Columns>, cells: Vec<String>) -> Self {
        Self { line, columns, cells: cells.into_iter().map(Some).collect() }
    }

    /// A row, if there are as many cells as columns and nothing is wrong with them.
    pub(in crate::bills) fn read(
        line: u64,
        columns: &Arc<Columns>,
        cells: Result<Vec<String>, CellFault>,
    ) -> Result<Self, BillError> {
        let cells = cells.map_err(|(place, kind)| {
            BillError::row(line, place.and_then(|place| columns.name(place)), kind)
        })?;
        match cells.len() == columns.count() {
            true => Ok(Self::new(line, Arc::clone(columns), cells)),
            false => Err(miscounted(line, cells.len(), columns)),
        }
    }

    /// The line in the file, counted from 1; the first, if cells have line breaks.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The cell of the column with this name, as sent and without its back-tick. Width, white space
    /// and a unit `(元)` in the name do not matter.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(self.columns.place(column)?)?.as_deref()
    }

    /// Names and cells, in the order of the file.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &str)> {
        let named = self.columns.names().zip(&self.cells);
        named.filter_map(|(name, cell)| Some((name, cell.as_deref()?)))
    }

    /// Whether the bill has a column of one of these names, even if its cell was taken.
    #[must_use]
    pub fn has_any(&self, columns: &[&str]) -> bool {
        columns.iter().any(|name| self.columns.has(name))
    }

    /// Takes a cell out and reads it; several names are those that a column goes by.
    ///
    /// Of a column that the bill does not have, text is empty, and an amount or a count is none.
    ///
    /// # Errors
    /// When the cell is not of the type.
    pub fn take<T: Cell>(&mut self, names: &[&str]) -> Result<T, BillError> {
        let Some(place) = names.iter().find_map(|name| self.columns.place(name)) else {
            return Ok(T::absent());
        };
        let Some(text) = self.cells.get_mut(place).and_then(Option::take) else {
            return Ok(T::absent());
        };
        T::read(text).map_err(|(expected, text)| {
            let kind = BillErrorKind::Unreadable { expected, text: excerpt(&text) };
            BillError::row(self.line, self.columns.name(place), kind)
        })
    }
}

/// The error of a row with another number of cells than columns.
pub(in crate::bills) fn miscounted(line: u64, found: usize, columns: &Columns) -> BillError {
    let (expected, header) = (columns.count(), columns.line());
    BillError::row(line, None, BillErrorKind::CellCount { found, expected, header })
}

/// Whether a row has another number of cells than columns.
pub(in crate::bills) fn is_miscounted(row: &Result<Row, BillError>) -> bool {
    let kind = row.as_ref().map_err(BillError::kind);
    matches!(kind, Err(BillErrorKind::CellCount { .. }))
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.cells()).finish()
    }
}

//! A row of a bill: its cells, found by the names of their columns.

use std::fmt;
use std::sync::Arc;

use super::cell::Cell;
use super::columns::{Columns, FieldNames};
use super::row_cells::RowCells;
use crate::bills::{BillError, BillErrorKind};
use crate::protocol::excerpt::excerpt;

/// An error in the text of a line, with the place of the cell, counted from 0, if one cell caused it.
pub(in crate::bills) type CellFault = (Option<usize>, BillErrorKind);

/// The cells of a line, by the names of their columns.
#[derive(Clone)]
pub struct Row {
    line: u64,
    columns: Arc<Columns>,
    cells: RowCells,
}

impl Row {
    pub(in crate::bills) fn new(line: u64, columns: Arc<Columns>, cells: RowCells) -> Self {
        Self { line, columns, cells }
    }

    /// Makes a row, if there are as many cells as columns and no cell is an error.
    pub(in crate::bills) fn read(
        line: u64,
        columns: &Arc<Columns>,
        cells: Result<RowCells, CellFault>,
    ) -> Result<Self, BillError> {
        let cells = cells.map_err(|(place, kind)| {
            BillError::row(line, place.and_then(|place| columns.name(place)), kind)
        })?;
        match cells.count() == columns.count() {
            true => Ok(Self::new(line, Arc::clone(columns), cells)),
            false => Err(miscounted(line, cells.count(), columns)),
        }
    }

    /// The line in the file, counted from 1. If cells have line breaks, it is the first line of the row.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Returns the cell of the column with this name, as sent and without its back-tick.
    ///
    /// Width, white space and a unit `(元)` in the name are ignored.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(self.columns.place(column)?)
    }

    /// Returns the names and cells in the order of the file.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &str)> {
        let named = self.columns.names().zip(self.cells.iter());
        named.filter_map(|(name, cell)| Some((name, cell?)))
    }

    /// Whether the bill has a column of one of these names, even if its cell was taken.
    #[must_use]
    pub fn has_any(&self, columns: &[&str]) -> bool {
        columns.iter().any(|name| self.columns.has(name))
    }

    /// Takes a cell out of the row, and reads it. `names` are the names that the column may have.
    ///
    /// If the bill lacks the column, text is empty, and an amount or a count is `None`.
    ///
    /// # Errors
    /// [`BillErrorKind::Unreadable`] when the cell does not have the type.
    pub fn take<T: Cell>(&mut self, names: &[&str]) -> Result<T, BillError> {
        let mut value = T::absent();
        self.take_from(self.columns.place_of_any(names), &mut value).map_err(|error| *error)?;
        Ok(value)
    }

    /// Takes the cell of a type's field, as [`take`](Row::take) does, by the number of the field. Nothing is done if the
    /// bill lacks the column.
    pub(in crate::bills) fn take_field<T: Cell>(
        &mut self,
        fields: &'static [FieldNames],
        number: usize,
        value: &mut T,
    ) -> Result<(), Box<BillError>> {
        self.take_from(self.columns.place_of_field(fields, number), value)
    }

    /// Reads a cell into its field. Values and errors that are returned would be copied for each cell.
    fn take_from<T: Cell>(
        &mut self,
        place: Option<usize>,
        value: &mut T,
    ) -> Result<(), Box<BillError>> {
        let Some(place) = place else { return Ok(()) };
        let Some(text) = self.cells.take(place) else { return Ok(()) };
        match T::read(text) {
            Ok(read) => *value = read,
            Err(expected) => {
                let kind = BillErrorKind::Unreadable { expected, text: excerpt(text) };
                let error = BillError::row(self.line, self.columns.name(place), kind);
                return Err(Box::new(error));
            }
        }
        Ok(())
    }
}

/// Makes the error of a row with another number of cells than columns.
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

//! Cells to values: the columns of a bill, the row that finds a cell by its column, and the kinds of bills.

pub(super) mod bill;
pub(super) mod cell;
pub(super) mod columns;
pub(super) mod fund_flow;
pub(super) mod row;
pub(super) mod row_cells;
pub(super) mod trade;
pub(super) mod yuan;

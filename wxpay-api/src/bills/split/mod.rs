//! Bytes to rows: undoes gzip, finds the lines, puts the lines of one row together, and splits rows into cells.

mod cells;
pub(super) mod lines;
mod quoted;
pub(super) mod rows;
mod summary;
pub(super) mod table;
mod ticked;
pub(super) mod unpack;

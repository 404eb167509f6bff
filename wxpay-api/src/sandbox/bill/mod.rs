//! Bills: links in answers, and the files behind them (docs/protocol/downloads.md §7).

mod digest;
mod file;
mod fund_flow;
mod link;
mod linker;
mod movement;
mod pieces;
mod rows;
mod seal;
mod trade;

pub use digest::BillDigest;
pub use file::BillFile;
pub(super) use link::{Bills, is_link};
pub(super) use linker::link;
pub(super) use pieces::{Pieces, compress};

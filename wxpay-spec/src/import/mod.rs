//! Imports documents of others into the descriptors.
//!
//! [`read_openapi`] and [`read_page`] read a document as [`Imported`] facts without named types.
//! [`merge`] adds the facts to the existing descriptors and keeps what a person wrote. [`propose`]
//! finds objects that look like one type. [`share`] makes them one type once a person has agreed.

mod budget;
mod changes;
mod field;
mod imported;
mod merge;
mod openapi;
mod page;
mod share;

pub use changes::{Change, Line, Missing, changes, missing, unknown_events};
pub use imported::{ImportError, Imported, Remark};
pub use merge::{Merged, merge};
pub use openapi::read_openapi;
pub use page::read_page;
pub use share::{Proposal, propose, read_proposals, share, write_proposals};

/// The title of an operation if the document has none.
const UNTITLED: &str = "?";

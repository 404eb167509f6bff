//! From documents that others write to descriptors.
//!
//! A source ([`read_openapi`], [`read_page`]) becomes [`Imported`] facts without any named type;
//! [`merge`] brings them into the descriptors that are there and keeps what a person wrote;
//! [`propose`] finds objects that look like one type, and [`share`] makes them one once a person has
//! agreed.

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

/// The title of an operation for which the source has none.
const UNTITLED: &str = "?";

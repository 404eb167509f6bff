//! Types that several places share: found by likeness, made by a person's word.

mod accept;
mod cluster;
mod name;
mod place;
mod proposal;
mod propose;
mod site;
mod walk;

pub use accept::share;
pub use proposal::{Proposal, read_proposals, write_proposals};
pub use propose::propose;

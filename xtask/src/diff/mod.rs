//! `diff`: what changed between two states of the descriptors, in sentences for a changelog.

mod expand;
mod groups;
mod report;
mod sentence;
mod state;

use std::error::Error;

use crate::export::print;
use crate::workspace::Workspace;

/// Prints what changed from one state to another, product by product, as Markdown.
///
/// A state is a descriptor folder or a git revision.
pub(crate) fn run(workspace: &Workspace, old: &str, new: &str) -> Result<(), Box<dyn Error>> {
    let before = state::load(workspace, old)?;
    let after = state::load(workspace, new)?;
    let groups = groups::groups(&before, &after);
    Ok(print(&report::report(old, new, &groups))?)
}

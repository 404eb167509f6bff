//! Takes a page apart: front matter, links and TypeScript declarations.

mod code;
mod comment;
pub(in crate::import::page) mod literal;
mod markdown;

pub(in crate::import::page) use code::{Code, Piece};
pub(in crate::import::page) use comment::Doc;
pub(in crate::import::page) use markdown::{FrontMatter, Markdown};

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::import::Remark;

/// The remarks about a page, by line and column.
#[derive(Debug, Default)]
pub(in crate::import::page) struct Remarks(RefCell<BTreeSet<Remark>>);

impl Remarks {
    pub(in crate::import::page) fn add(&self, at: (usize, usize), what: impl Into<String>) {
        self.0.borrow_mut().insert(Remark::at(at.0, at.1, what));
    }

    pub(in crate::import::page) fn into_list(self) -> Vec<Remark> {
        self.0.into_inner().into_iter().collect()
    }
}

//! Takes a page apart: front matter, links and TypeScript declarations.

mod code;
pub(in crate::import::page) mod literal;
mod markdown;

pub(in crate::import::page) use code::{Code, Doc, Piece};
pub(in crate::import::page) use markdown::{FrontMatter, Markdown};

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::import::Remark;

/// The remarks about a page, by line.
#[derive(Debug, Default)]
pub(in crate::import::page) struct Remarks {
    by_line: RefCell<BTreeSet<(usize, String)>>,
}

impl Remarks {
    pub(in crate::import::page) fn add(&self, line: usize, what: impl Into<String>) {
        self.by_line.borrow_mut().insert((line, what.into()));
    }

    pub(in crate::import::page) fn into_list(self) -> Vec<Remark> {
        let remark = |(line, what)| Remark::new(format!("line {line}"), what);
        self.by_line.into_inner().into_iter().map(remark).collect()
    }
}

//! Limits what a document expands to, so that a hostile one ends in an error.
//!
//! A document may refer to one type from many places, and a descriptor writes every object out. A few
//! references can therefore expand to gigabytes. A reader counts each node before it reads it:
//!
//! * [`Budget::enter`] at the beginning of each operation and each notification;
//! * [`Budget::spend`] for each member, type, value and remark. After `false` the reader expands nothing more;
//! * [`Budget::finish`] at the end, which returns the error with the first place that was too large.

use std::cell::{Cell, RefCell};

use super::ImportError;
use super::imported::excerpt;

/// How many nodes all operations of a document may have at least.
const NODES: usize = 200_000;

/// A long document may have one node for so many of its bytes. What a reference costs then stays in
/// proportion to the text that somebody had to send.
const BYTES_OF_NODE: usize = 64;

/// How many nodes one operation or notification may have. WeChat Pay's largest has about 450.
const ENTRY_NODES: usize = 50_000;

/// So many bytes of text count as one node more.
const TEXT: usize = 256;

/// How many nodes a reader may still make.
#[derive(Debug)]
pub(in crate::import) struct Budget {
    nodes: usize,
    left: Cell<usize>,
    left_in_entry: Cell<usize>,
    excess: RefCell<Option<ImportError>>,
}

impl Budget {
    /// The limits of a document with so many bytes.
    pub(in crate::import) fn new(length: usize) -> Self {
        let nodes = NODES.max(length / BYTES_OF_NODE);
        Self {
            nodes,
            left: Cell::new(nodes),
            left_in_entry: Cell::new(ENTRY_NODES),
            excess: RefCell::new(None),
        }
    }

    /// Begins an operation or a notification.
    pub(in crate::import) fn enter(&self) {
        self.left_in_entry.set(ENTRY_NODES);
    }

    /// Counts a node with so many bytes of text (names, titles, notes).
    ///
    /// Returns `false` if there are too many: the reader then returns any value and does not go deeper.
    /// `place` gives the line and the column, if they are known, and the keys that lead to the node.
    pub(in crate::import) fn spend(
        &self,
        text: usize,
        place: impl FnOnce() -> (Option<(usize, usize)>, String),
    ) -> bool {
        if self.is_exceeded() {
            return false;
        }
        let nodes = 1 + text / TEXT;
        let left = self.left.get().checked_sub(nodes);
        let left_in_entry = self.left_in_entry.get().checked_sub(nodes);
        if let (Some(left), Some(left_in_entry)) = (left, left_in_entry) {
            self.left.set(left);
            self.left_in_entry.set(left_in_entry);
            return true;
        }
        let (whose, most) = match left_in_entry {
            None => ("one operation", ENTRY_NODES),
            Some(_) => ("a document", self.nodes),
        };
        let (at, place) = place();
        let place = excerpt(&place, 120);
        let message = format!(
            "{place}: too large: with every type written out, {whose} may have {most} members and \
             values; let fewer places refer to types that refer to others"
        );
        self.excess.replace(Some(ImportError { at, ..ImportError::new(message) }));
        false
    }

    /// Ends the import for another reason at a node, such as nesting without end.
    pub(in crate::import) fn refuse(&self, error: ImportError) {
        let mut excess = self.excess.borrow_mut();
        if excess.is_none() {
            *excess = Some(error);
        }
    }

    /// Whether a node was too much.
    pub(in crate::import) fn is_exceeded(&self) -> bool {
        self.excess.borrow().is_some()
    }

    /// Ends the import.
    ///
    /// # Errors
    ///
    /// [`ImportError`] with the first place that was too large.
    pub(in crate::import) fn finish(&self) -> Result<(), ImportError> {
        self.excess.borrow().clone().map_or(Ok(()), Err)
    }
}

/// Refuses a text that is too long to be parsed. `kind` names it, such as "a page".
///
/// # Errors
///
/// [`ImportError`] with both sizes.
pub(in crate::import) fn check_size(
    text: &str,
    most: usize,
    kind: &str,
) -> Result<(), ImportError> {
    if text.len() <= most {
        return Ok(());
    }
    let (length, most) = (text.len().div_ceil(1024), most / 1024);
    Err(ImportError::new(format!(
        "too large: {kind} may have {most} KiB, this one has {length} KiB; split it"
    )))
}

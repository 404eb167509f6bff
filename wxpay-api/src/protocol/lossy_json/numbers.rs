//! The numbers of a document as they were written, where 64 bits do not hold them exactly.

use std::collections::BTreeMap;
use std::ops::Range;

/// A value of a document, as far as numbers are in it.
///
/// It has the document's own shape, so that each key and each index is held once. A place as text, for each number
/// anew, would make a long key around many numbers take gigabytes.
#[derive(Debug)]
pub(crate) enum Numbers {
    /// Where a number's digits are in the text.
    Written(Range<usize>),
    /// The members of an object that have numbers.
    Members(BTreeMap<String, Numbers>),
    /// The elements of a list that have numbers, by their index in ascending order.
    Elements(Vec<(usize, Numbers)>),
}

impl Numbers {
    /// The member of an object. A list of one object counts as that object, as it does where types are read.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Members(members) => members.get(name),
            Self::Elements(_) => match self.element(0)? {
                Self::Members(members) => members.get(name),
                _ => None,
            },
            Self::Written(_) => None,
        }
    }

    /// The element of a list.
    pub(crate) fn element(&self, index: usize) -> Option<&Self> {
        let Self::Elements(elements) = self else {
            return None;
        };
        let place = elements.binary_search_by_key(&index, |(index, _)| *index).ok()?;
        elements.get(place).map(|(_, element)| element)
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Written(_) => false,
            Self::Members(members) => members.is_empty(),
            Self::Elements(elements) => elements.is_empty(),
        }
    }
}

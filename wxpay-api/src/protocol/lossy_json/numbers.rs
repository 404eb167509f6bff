//! The numbers of a document as written, where 64 bits do not hold them exactly.

use std::collections::BTreeMap;
use std::ops::Range;

/// The numbers in a value of a document.
///
/// The tree has the document's shape, so that it holds each key and each index once. A key path for each number would
/// take gigabytes where a long key is around many numbers.
#[derive(Debug)]
pub(crate) enum Numbers {
    /// The position of a number's digits in the text.
    Written(Range<usize>),
    /// The members of an object that have numbers.
    Members(BTreeMap<String, Numbers>),
    /// The elements of a list that have numbers, by their index in ascending order.
    Elements(Vec<(usize, Numbers)>),
}

impl Numbers {
    /// Returns the member of an object. A list of one object counts as that object, as in the readers of types.
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

    /// Returns the element of a list.
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

use std::collections::BTreeMap;

use super::super::Remark;
use crate::model::{Field, FieldType, TypeId};

/// Why a `corrects` is outdated.
pub(super) const AGREES: &str =
    "the import agrees with what `corrects` departs from: take `corrects` away";

/// What one import finds out on its way through the descriptors.
#[derive(Debug, Default)]
pub(in crate::import) struct Session {
    pub(in crate::import) remarks: Vec<Remark>,
    pub(super) outdated: Vec<Remark>,
    /// What the facts say about each named type, from all places that use it.
    pub(super) objects: BTreeMap<TypeId, Vec<Vec<Field>>>,
    pub(super) values: BTreeMap<TypeId, Vec<FieldType>>,
    /// Whether the import describes everything, with hosts and statuses.
    pub(super) is_whole: bool,
    /// Whether other places, which the import lacks, use what is being merged.
    pub(super) is_partial: bool,
    /// The operation, then the keys that lead to the present place.
    place: Vec<String>,
}

impl Session {
    /// Begins an operation, a notification or a type.
    pub(in crate::import) fn enter(&mut self, place: String) {
        self.place = vec![place];
    }

    /// Does something one key further down.
    pub(super) fn below<T>(&mut self, key: &str, act: impl FnOnce(&mut Self) -> T) -> T {
        self.place.push(key.to_owned());
        let done = act(self);
        self.place.pop();
        done
    }

    pub(super) fn remark(&mut self, what: impl Into<String>) {
        let remark = Remark::new(self.shown(), what);
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    pub(super) fn outdated(&mut self, what: impl Into<String>) {
        self.outdated.push(Remark::new(self.shown(), what));
    }

    fn shown(&self) -> String {
        let (first, keys) =
            self.place.split_first().map_or(("", &[][..]), |(a, b)| (a.as_str(), b));
        format!("{first}{}", keys.join("."))
    }
}

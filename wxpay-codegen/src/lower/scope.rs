use std::collections::BTreeMap;

use crate::error::{Error, Errors};
use crate::ir::Ident;

/// The names of one namespace, each with the place that took it.
#[derive(Debug, Default)]
pub(super) struct Scope {
    taken: BTreeMap<Ident, String>,
}

impl Scope {
    /// Takes a name; an error that names both places if it is taken already.
    pub(super) fn claim(&mut self, name: &Ident, place: impl ToString, errors: &mut Errors) {
        let place = place.to_string();
        if let Some(first) = self.taken.get(name) {
            errors.add(Error::between(
                first,
                place,
                format!("both become `{name}` in Rust: give one of them another name"),
            ));
            return;
        }
        self.taken.insert(name.clone(), place);
    }
}

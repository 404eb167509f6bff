//! From checked trees to the model.
//!
//! The structure has been checked against the grammar by then: what does not fit it has been reported
//! and is passed over here, with a stand-in where the model needs a value. What is reported here are
//! the mistakes that one file shows by itself and that the grammar cannot say.

mod bounds;
mod entries;
mod field;
mod operation;

pub(crate) use bounds::{length, range};
pub(crate) use entries::{endpoint, families, named_types, notification};

use crate::cursor::Cursor;
use crate::model::TypeId;

/// The identity that a reference spells; `family` is the one that the file belongs to.
fn type_id(reference: &str, family: &str) -> TypeId {
    let (family, name) = reference.split_once('/').unwrap_or((family, reference));
    TypeId { family: family.to_owned(), name: name.to_owned() }
}

/// Reports a hand-chosen name that Rust keeps for itself.
fn hand_chosen(at: &Cursor<'_>, key: &str) -> Option<String> {
    let given = at.get(key)?;
    let name = given.text()?;
    if crate::rust_name::is_keyword(name) {
        given.error(
            &format!("`{name}` is a keyword of Rust"),
            Some("choose another name".to_owned()),
        );
    }
    Some(name.to_owned())
}

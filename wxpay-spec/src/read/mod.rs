//! Builds the model from trees that have been checked against the grammar.
//!
//! Mistakes in the structure have been reported, so the readers skip them, with a default where the
//! model needs a value. The readers report mistakes that the grammar cannot express and that one
//! file shows alone.

mod bounds;
mod entries;
mod field;
mod lifecycle;
mod operation;
mod value;

pub(crate) use bounds::{length, range};
pub(crate) use entries::{endpoint, families, named_types, notification};
pub(crate) use lifecycle::lifecycle;

use crate::cursor::Cursor;
use crate::model::{CorrectedFact, Corrects, Note, TypeId};

/// Reads a reference to a type. Without a family, it means the one of the file.
fn type_id(reference: &str, family: &str) -> TypeId {
    let (family, name) = reference.split_once('/').unwrap_or((family, reference));
    TypeId { family: family.to_owned(), name: name.to_owned() }
}

/// Reads `note`: one text, or one in each language.
fn note(at: &Cursor<'_>) -> Option<Note> {
    let given = at.get("note")?;
    match given.text() {
        Some(text) => Some(Note::Text(text.to_owned())),
        None => Some(Note::Bilingual { zh: given.text_of("zh")?, en: given.text_of("en")? }),
    }
}

/// Reads `corrects`: one reason for all facts, or one for each corrected fact.
fn corrects<F: CorrectedFact>(at: &Cursor<'_>) -> Option<Corrects<F>> {
    let given = at.get("corrects")?;
    if let Some(reason) = given.text() {
        return Some(Corrects::All(reason.to_owned()));
    }
    let reason = |fact: &F| Some((*fact, given.text_of(fact.key())?));
    Some(Corrects::Facts(F::ALL.iter().filter_map(reason).collect()))
}

/// Reads a key that is `true` or `false`; `false` if it is absent.
fn flag(at: &Cursor<'_>, key: &str) -> bool {
    at.get(key).and_then(|flag| flag.flag()).unwrap_or_default()
}

/// Reads a hand-chosen name, which must not be a keyword.
fn hand_chosen(at: &Cursor<'_>, key: &str) -> Option<String> {
    let given = at.get(key)?;
    let name = given.text()?;
    if crate::rust_name::is_keyword(name) {
        given.error(&format!("`{name}` is a Rust keyword"), Some("choose another name".to_owned()));
    }
    Some(name.to_owned())
}

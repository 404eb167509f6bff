//! The state of one merge: where it is, its remarks, and the facts about named types.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::Remark;
use crate::model::{Body, Field, FieldType, NamedType, Primitive, Shape, TypeId};

/// The remark about an outdated `corrects`.
pub(super) const AGREES: &str = "the import now agrees with the descriptor: remove `corrects`";

/// Where facts come from, which decides what they may change.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum FactSource {
    /// Other descriptors: the places that become one type.
    #[default]
    Places,
    /// A whole document: its facts win.
    Document,
    /// A documentation page: it adds what is unknown, and changes nothing that is known.
    Page,
}

/// The state of one merge.
#[derive(Debug, Default)]
pub(in crate::import) struct Session {
    pub(in crate::import) remarks: Vec<Remark>,
    seen: BTreeSet<Remark>,
    pub(super) outdated: Vec<Remark>,
    /// What the descriptors have and the import lacks.
    pub(super) absent: Vec<Remark>,
    /// The facts about each named object, from all places that use it.
    pub(super) objects: BTreeMap<TypeId, Vec<Vec<Field>>>,
    /// The facts about each named enum, from all places that use it.
    pub(super) values: BTreeMap<TypeId, Vec<FieldType>>,
    /// The named types of the import itself.
    pub(super) declared: BTreeMap<TypeId, NamedType>,
    pub(super) source: FactSource,
    /// The members by which WeChat Pay recognises a retry. No page makes them optional.
    pub(super) natural_keys: BTreeSet<String>,
    /// Whether places outside the import use what is being merged.
    pub(super) is_partial: bool,
    /// The operation, then the keys that lead to the current place.
    place: Vec<String>,
}

impl Session {
    /// Begins an operation, a notification or a type.
    pub(in crate::import) fn enter(&mut self, place: String) {
        self.place = vec![place];
    }

    /// Calls a function one key further down.
    pub(super) fn below<T>(&mut self, key: &str, act: impl FnOnce(&mut Self) -> T) -> T {
        self.place.push(key.to_owned());
        let done = act(self);
        self.place.pop();
        done
    }

    /// Collects the imported facts about a named type, from every place that refers to it.
    pub(super) fn collect(&mut self, id: &TypeId, facts: &[&FieldType]) {
        for fact in facts {
            if !self.take_down(id, fact) {
                self.remark(format!(
                    "the import has neither an object nor an enum here: `{}` stays",
                    id.name
                ));
            }
        }
    }

    /// Collects one fact about a named type; returns whether the type may be named there.
    pub(super) fn take_down(&mut self, id: &TypeId, fact: &FieldType) -> bool {
        match fact {
            FieldType::Object(fields) => {
                self.objects.entry(id.clone()).or_default().push(fields.clone());
            }
            FieldType::Enum { .. } => {
                self.values.entry(id.clone()).or_default().push(fact.clone());
            }
            FieldType::Primitive(Primitive::String(_) | Primitive::Integer | Primitive::Json)
            | FieldType::Named(_) => {}
            FieldType::Primitive(_) | FieldType::List(_) | FieldType::JsonText(_) => return false,
        }
        true
    }

    /// The members of a body, written out or in a declared type.
    pub(super) fn members(&self, body: &Body) -> Vec<Field> {
        body.fields(&self.declared).to_vec()
    }

    /// Writes a declared type out, where the descriptors have another type.
    pub(super) fn written_out(
        &self,
        have: Option<&FieldType>,
        fact: &FieldType,
    ) -> Option<FieldType> {
        let FieldType::Named(id) = fact else { return None };
        have.filter(|have| *have != fact)?;
        Some(match &self.declared.get(id)?.shape {
            Shape::Object { fields, .. } => FieldType::Object(fields.clone()),
            Shape::Enum { integer, values } => {
                FieldType::Enum { integer: *integer, values: values.clone() }
            }
        })
    }

    pub(super) fn remark(&mut self, what: impl Into<String>) {
        let remark = Remark::new(self.shown(), what);
        if self.seen.insert(remark.clone()) {
            self.remarks.push(remark);
        }
    }

    /// Forgets all remarks but the first.
    pub(super) fn keep_remarks(&mut self, length: usize) {
        for remark in self.remarks.drain(length.min(self.remarks.len())..) {
            self.seen.remove(&remark);
        }
    }

    /// Notes that the import lacks what is here.
    pub(super) fn lacks(&mut self, what: impl Into<String>) {
        self.absent.push(Remark::new(self.shown(), what));
    }

    pub(super) fn is_page(&self) -> bool {
        self.source == FactSource::Page
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

/// Chooses one of several given values: the existing one if it is among them, else the most frequent
/// one, else the first.
pub(super) fn choose<T: Clone + PartialEq>(have: Option<&T>, given: &[T]) -> Option<T> {
    if let Some(have) = have.filter(|have| given.is_empty() || given.contains(have)) {
        return Some(have.clone());
    }
    let mut counts: Vec<(&T, usize)> = Vec::new();
    for value in given {
        match counts.iter_mut().find(|(known, _)| *known == value) {
            Some((_, count)) => *count += 1,
            None => counts.push((value, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max();
    counts.iter().find(|(_, count)| Some(*count) == most).map(|(value, _)| (*value).clone())
}

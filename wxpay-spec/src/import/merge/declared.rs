//! Named types and families that a document declares, as those of descriptors do.

use std::collections::BTreeSet;

use super::absent::UsedTypes;
use super::session::Session;
use crate::import::Imported;
use crate::model::visit::{walk_named_type, walk_spec};
use crate::model::{EntryName, FieldPlace, FieldType, Shape, Spec};

/// Passes the facts of declared types to the types of the descriptors with their names.
pub(super) fn collect(spec: &Spec, session: &mut Session) {
    let declared = std::mem::take(&mut session.declared);
    for (id, named) in declared.iter().filter(|(id, _)| spec.types.contains_key(*id)) {
        match &named.shape {
            Shape::Object { fields, .. } => {
                session.objects.entry(id.clone()).or_default().push(fields.clone());
            }
            Shape::Enum { integer, values } => {
                let fact = FieldType::Enum { integer: *integer, values: values.clone() };
                session.values.entry(id.clone()).or_default().push(fact);
            }
        }
    }
    session.declared = declared;
}

/// Adds the families that the descriptors lack, and the declared types that something now names.
pub(super) fn add(spec: &mut Spec, imported: &Imported) {
    for (name, family) in &imported.families.by_name {
        spec.families.by_name.entry(name.clone()).or_insert_with(|| family.clone());
    }
    let mut named = BTreeSet::new();
    walk_spec(&mut UsedTypes { spec, types: &mut named }, spec);
    // A type may name other types.
    while let Some(id) = named.pop_first() {
        if spec.types.contains_key(&id) {
            continue;
        }
        let Some(declared) = imported.types.get(&id) else { continue };
        let place = FieldPlace::new(EntryName::Type(id.clone()));
        walk_named_type(&mut UsedTypes { spec, types: &mut named }, &place, declared);
        spec.types.insert(id, declared.clone());
    }
}

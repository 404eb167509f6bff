//! Finds what the descriptors have and an import lacks.

use std::collections::BTreeSet;

use super::notification::is_same_place;
use super::session::Session;
use crate::import::Imported;
use crate::model::visit::{Visit, walk_named_type, walk_notification, walk_operation};
use crate::model::{EntryName, FieldPlace, Method, Notification, Spec, TypeId};

/// What the descriptors have and an import lacks.
#[derive(Debug, Default)]
pub(super) struct Absent {
    /// The named types that places outside the import use.
    pub(super) types: BTreeSet<TypeId>,
    operations: Vec<String>,
    notifications: Vec<String>,
}

impl Absent {
    /// Compares descriptors with an import and the operations that it has facts for.
    pub(super) fn of(
        spec: &Spec,
        imported: &Imported,
        reached: &BTreeSet<(String, Method)>,
    ) -> Self {
        let mut absent = Self::default();
        for endpoint in spec.endpoints.values() {
            for (method, operation) in &endpoint.operations {
                if !reached.contains(&(endpoint.path.clone(), *method)) {
                    let entry = EntryName::Operation(*method, endpoint.path.clone());
                    absent.operations.push(entry.to_string());
                    let mut used = UsedTypes { spec, types: &mut absent.types };
                    walk_operation(&mut used, &FieldPlace::new(entry), operation);
                }
            }
        }
        for (place, notification) in &spec.notifications {
            if lacks(imported, notification) {
                let entry = EntryName::Notification(place.clone());
                let mut used = UsedTypes { spec, types: &mut absent.types };
                walk_notification(&mut used, &FieldPlace::new(entry), notification);
                if !notification.webhooks.is_empty() {
                    absent.notifications.push(notification.source.clone());
                }
            }
        }
        absent
    }

    /// Notes what only the descriptors have. This makes sense for a whole document only.
    pub(super) fn note(&self, session: &mut Session) {
        for place in self.operations.iter().chain(&self.notifications) {
            session.enter(place.clone());
            session.lacks("not in the document: it stays as it is");
        }
    }
}

/// Finds the named types that an entry uses, through other types too.
pub(super) struct UsedTypes<'s, 't> {
    pub(super) spec: &'s Spec,
    pub(super) types: &'t mut BTreeSet<TypeId>,
}

impl<'s> Visit<'s> for UsedTypes<'s, '_> {
    fn visit_reference(&mut self, place: &FieldPlace, id: &'s TypeId) {
        if self.types.insert(id.clone())
            && let Some(named) = self.spec.types.get(id)
        {
            walk_named_type(self, place, named);
        }
    }
}

/// Whether an import lacks a webhook of a notification, or all of them.
fn lacks(imported: &Imported, notification: &Notification) -> bool {
    if imported.notifications.iter().any(|fact| is_same_place(notification, fact)) {
        return false;
    }
    let is_there = |name| imported.notifications.iter().any(|fact| fact.webhooks.contains(name));
    notification.webhooks.is_empty() || !notification.webhooks.iter().all(is_there)
}

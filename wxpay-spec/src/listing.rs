//! Listings of a spec for reviews: what is described, and what departs from the imported facts.

use std::fmt::{self, Write};

use crate::model::visit::{Visit, walk_field, walk_named_type, walk_operation, walk_spec};
use crate::model::{Corrects, Field, FieldPlace, NamedType, Operation, Spec, TypeId};

/// Lists everything that is described, a line each.
///
/// Operations come first, by URL. Notifications follow by place, then the events that are only known
/// by name. The list is checked in as `operations.txt`, so that a review shows what comes and goes.
#[must_use]
pub fn operations(spec: &Spec) -> String {
    let mut text = String::new();
    for endpoint in spec.endpoints.values() {
        for (method, operation) in &endpoint.operations {
            let host =
                endpoint.host.as_deref().map(|host| format!(" on {host}")).unwrap_or_default();
            let operation_name = format!("{} {}{host}", method.wire(), endpoint.path);
            line(&mut text, &operation_name, &endpoint.family, &operation.title);
        }
    }
    for (place, notification) in &spec.notifications {
        let events = notification.events.join(", ");
        let name = format!("notification {place} ({events})");
        line(&mut text, &name, &notification.family, &notification.title);
    }
    for (name, family) in &spec.families.by_name {
        for event in &family.events {
            line(&mut text, &format!("event {event}"), name, "known by name only");
        }
    }
    text
}

fn line(text: &mut String, what: &str, family: &str, title: &str) {
    let _infallible = writeln!(text, "{what}  [{family}]  {title}");
}

/// A field, an enum or an operation that departs from the imported facts on purpose.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Correction {
    /// The operation, notification or type, and the keys that lead to the field.
    pub place: String,
    /// The reason that the descriptor gives under `corrects`.
    pub reason: String,
}

impl fmt::Display for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

/// Lists everything with `corrects`, in the order of the places.
#[must_use]
pub fn corrections(spec: &Spec) -> Vec<Correction> {
    let mut corrections = Corrections::default();
    walk_spec(&mut corrections, spec);
    corrections.0
}

#[derive(Default)]
struct Corrections(Vec<Correction>);

impl Corrections {
    fn add(&mut self, place: &FieldPlace, reason: Option<String>) {
        self.0.extend(reason.map(|reason| Correction { place: place.to_string(), reason }));
    }
}

impl<'s> Visit<'s> for Corrections {
    fn visit_operation(&mut self, place: &FieldPlace, operation: &'s Operation) {
        self.add(place, operation.corrects.as_ref().map(Corrects::reasons));
        walk_operation(self, place, operation);
    }

    fn visit_named_type(&mut self, place: &FieldPlace, _: &'s TypeId, named: &'s NamedType) {
        self.add(place, named.corrects.clone());
        walk_named_type(self, place, named);
    }

    fn visit_field(&mut self, place: &FieldPlace, field: &'s Field) {
        self.add(place, field.corrects.as_ref().map(Corrects::reasons));
        walk_field(self, place, field);
    }
}

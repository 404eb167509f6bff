//! Whole files and named types as YAML nodes.

use super::field::{body, enumeration, fields};
use super::node::Mapping;
use super::operation::operation;
use super::scalar::WrittenScalar;
use crate::model::{CORE, Direction, Endpoint, Families, Family, NamedType, Notification, Shape};

pub(super) fn endpoint(endpoint: &Endpoint) -> Mapping {
    let mut file = Mapping::default();
    file.text("path", Some(&endpoint.path));
    file.text("host", endpoint.host.as_deref());
    let mut names = Mapping::default();
    for (wire, rust) in &endpoint.names {
        names.text(wire, Some(rust));
    }
    file.mapping("names", names);
    for (method, described) in &endpoint.operations {
        file.push(method.key(), operation(*method, described, &endpoint.family));
    }
    file
}

/// The entry of a type in the file of its family.
pub(super) fn named_type_entry(name: &str, named: &NamedType, family: &str) -> Mapping {
    Mapping::one_per_line([(WrittenScalar::text(name), named_type(named, family).into())])
}

fn named_type(named: &NamedType, family: &str) -> Mapping {
    let mut entry = Mapping::one_per_line([]);
    entry.text("title", named.title.as_deref());
    entry.note(named.note.as_ref());
    entry.text("corrects", named.corrects.as_deref());
    match &named.shape {
        Shape::Object { direction, fields: members } => {
            let direction = match direction {
                Direction::Request => "request",
                Direction::Response => "response",
            };
            entry.text("direction", Some(direction));
            entry.push("fields", fields(members, family));
        }
        Shape::Enum { integer, values } => {
            entry.text("type", integer.then_some("integer"));
            entry.push("enum", enumeration(*integer, values));
        }
    }
    entry
}

pub(super) fn notification(notification: &Notification) -> Mapping {
    let mut file = Mapping::default();
    file.text("title", Some(&notification.title));
    file.text("family", Some(&notification.family));
    file.texts("docs", &notification.docs);
    file.note(notification.note.as_ref());
    file.text("rust", notification.rust.as_deref());
    file.texts("webhooks", &notification.webhooks);
    file.texts("events", &notification.events);
    file.text("original_type", notification.original_type.as_deref());
    let mut when = Mapping::default();
    when.texts("present", &notification.condition.present);
    when.texts("absent", &notification.condition.absent);
    file.mapping("when", when);
    file.texts("ambiguous_with", &notification.ambiguous_with);
    file.push("resource", body(&notification.resource, &notification.family));
    if let Some(response) = &notification.response {
        if let Some(seconds) = response.time_limit {
            file.push("time_limit", WrittenScalar::word(seconds.to_string()));
        }
        file.flag("signed", response.signed);
        file.push("response", body(&response.body, &notification.family));
    }
    file
}

pub(super) fn families(families: &Families) -> Mapping {
    let mut file = Mapping::default();
    for (name, described) in &families.by_name {
        file.push(name, family(name, described));
    }
    file
}

/// The paths are left out if they follow from the name.
fn family(name: &str, family: &Family) -> Mapping {
    let mut entry = Mapping::default();
    entry.text("title", Some(&family.title));
    if name == CORE || family.paths != [format!("/v3/{name}")] {
        entry.texts("paths", &family.paths);
    }
    entry.texts("events", &family.events);
    entry.flag("default", family.default);
    entry
}

use super::enumeration::enumeration;
use super::field::fields;
use super::node::Mapping;
use super::scalar::Scalar;
use crate::model::{Direction, NamedType, Shape};

/// A type's entry in the file of its family.
pub(super) fn entry(name: &str, named: &NamedType, family: &str) -> Mapping {
    Mapping::one_per_line([(Scalar::text(name), named_type(named, family).into())])
}

fn named_type(named: &NamedType, family: &str) -> Mapping {
    let mut entry = Mapping::one_per_line([]);
    entry.text("title", named.title.as_deref());
    entry.text("note", named.note.as_deref());
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

//! What the descriptors say, checked and free of YAML.
//!
//! Everything here carries wire names, never Rust identifiers; the only Rust names are the ones that
//! a person chose by hand in a descriptor. The order of fields is the descriptor's (the official)
//! order, the order of everything else is sorted, so that a [`Spec`] does not depend on the order in
//! which files were read.

mod endpoint;
mod family;
mod field;
mod named_type;
mod notification;
mod operation;

pub use endpoint::{Endpoint, Segment};
pub use family::{CORE, Families, Family};
pub use field::{
    Computed, Empty, EnumValue, Example, Field, FieldType, Number, Primitive, Secret, StringFormat,
};
pub use named_type::{Direction, NamedType, Shape, TypeId};
pub use notification::{Condition, Notification};
pub use operation::{
    Body, Download, ErrorCode, Input, Integrity, Method, Operation, Repeat, Response, Role, Upload,
};

use std::collections::BTreeMap;

/// Every descriptor of one descriptor folder, checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spec {
    /// The product families, by name.
    pub families: Families,
    /// The named types, by family and name.
    pub types: BTreeMap<TypeId, NamedType>,
    /// One entry per URL, sorted by path.
    pub endpoints: BTreeMap<String, Endpoint>,
    /// The notification resources, by the descriptor's place below `notifications/` without `.yaml`.
    pub notifications: BTreeMap<String, Notification>,
}

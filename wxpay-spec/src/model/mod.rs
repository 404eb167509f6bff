//! The content of the descriptors, checked and without YAML.
//!
//! All names are wire names, except for Rust names that a person chose in a descriptor. Fields keep
//! the descriptor's order, which is the official one. Everything else is sorted, so that a [`Spec`]
//! does not depend on the order in which files were read.

mod correction;
mod family;
mod field;
pub mod lifecycle;
mod notification;
mod operation;
pub(crate) mod place;
pub mod visit;

pub use correction::{CorrectedFact, Corrects, FieldFact, OperationFact};
pub use family::{CORE, Families, Family};
pub(crate) use field::sorted_json;
pub use field::{
    Computed, Direction, Empty, EnumValue, Example, Field, FieldType, NamedType, Note, Number,
    Primitive, Secret, Shape, StringFormat, TypeId,
};
pub use lifecycle::Lifecycle;
pub use notification::{Condition, Notification, NotificationResponse};
pub use operation::{
    Body, Download, Endpoint, ErrorCode, ErrorSource, Idempotency, Input, Integrity, Method,
    Operation, PageInput, Paging, Response, Role, Segment, Upload,
};
pub use place::{EntryName, FieldPlace};

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
    /// The notification resources, by the path of their file below `notifications/` without `.yaml`.
    pub notifications: BTreeMap<String, Notification>,
    /// The lifecycles, by the path of their file below `lifecycles/` without `.yaml`.
    pub lifecycles: BTreeMap<String, Lifecycle>,
}

//! stub
use crate::model::Spec;
/// Stub.
#[must_use]
pub fn typescript(_: &Spec) -> String { String::new() }

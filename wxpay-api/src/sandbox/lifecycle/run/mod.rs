//! Runs operations and events on copies of resources, and computes values.

pub(in crate::sandbox) mod act;
pub(in crate::sandbox) mod arithmetic;
pub(in crate::sandbox) mod change;
pub(in crate::sandbox) mod condition;
pub(in crate::sandbox) mod event;
pub(in crate::sandbox) mod generate;
pub(in crate::sandbox) mod scope;
pub(in crate::sandbox) mod transaction;
pub(in crate::sandbox) mod value;

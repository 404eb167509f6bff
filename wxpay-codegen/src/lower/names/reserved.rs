//! Reserved names. An identifier with such a name would shadow what generated code or its callers
//! write.
//!
//! The lists do not depend on a name's siblings: a new descriptor renames nothing.

/// Keywords that have no raw form `r#…`.
pub(super) const NEVER_RAW: &[&str] = &["self", "super", "crate", "Self"];

/// Names of the prelude, which callers and macros may write.
pub(super) const PRELUDE: &[&str] = &[
    "AsMut",
    "AsRef",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// Names of a builder's parts, which share a module with nested types.
pub(super) const BUILDER_PARTS: &[&str] = &["Needs"];

/// The variant of every open enum for unknown values.
pub(super) const ENUM_VARIANTS: &[&str] = &["Unknown"];

/// The fixed variants of the enum of notifications.
pub(super) const EVENT_VARIANTS: &[&str] = &["Ambiguous", "Unknown"];

/// Types that a module of the same name would hide.
pub(super) const PRIMITIVES: &[&str] = &[
    "bool", "char", "f16", "f32", "f64", "f128", "i8", "i16", "i32", "i64", "i128", "isize", "str",
    "u8", "u16", "u32", "u64", "u128", "usize",
];

/// Names in the module of a node: its operations, its family's types, `Clone`. `mod.rs` is a
/// special file.
pub(super) const NODE_MEMBERS: &[&str] =
    &["clone", "delete", "get", "mod", "patch", "post", "put", "types"];

/// Modules of the root that are not segments, and methods of the client.
pub(super) const ROOT_MEMBERS: &[&str] = &[
    "behind",
    "builder",
    "call",
    "codegen",
    "download",
    "keys",
    "merchant",
    "needs",
    "notification",
    "notifications",
    "protocol",
    "sandbox",
];

/// Methods of every request struct.
pub(super) const REQUEST_MEMBERS: &[&str] = &["builder", "clone"];

/// The additional field of an upload's request.
pub(super) const UPLOAD_MEMBERS: &[&str] = &["file"];

/// Arguments of an operation that are not path parameters.
pub(super) const OPERATION_ARGUMENTS: &[&str] = &["request"];

/// Names in the module of a notification: the companions of its resource and its response. `mod.rs` is
/// a special file.
pub(super) const RESOURCE_MEMBERS: &[&str] = &["mod", "resource", "response"];

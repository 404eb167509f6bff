//! Names that are never given, so that what the generated code and its callers write is never
//! shadowed. They do not depend on a name's siblings.

/// Keywords that cannot even be written as `r#…`.
pub(super) const NEVER_RAW: &[&str] = &["self", "super", "crate", "Self"];

/// Names of the prelude, which a caller's or a macro's code may write.
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

/// Names of the parts of a builder, beside which nested types stand.
pub(super) const BUILDER_PARTS: &[&str] = &["Needs"];

/// The variant of every open enum for the values that it does not know.
pub(super) const ENUM_VARIANTS: &[&str] = &["Unknown"];

/// The event's own variants.
pub(super) const EVENT_VARIANTS: &[&str] = &["Ambiguous", "Unknown"];

/// Types that a module of the same name would hide.
pub(super) const PRIMITIVES: &[&str] = &[
    "bool", "char", "f16", "f32", "f64", "f128", "i8", "i16", "i32", "i64", "i128", "isize", "str",
    "u8", "u16", "u32", "u64", "u128", "usize",
];

/// What a node has anyway: its operations, its family's types, its `Clone`; `mod.rs` is a special
/// file.
pub(super) const NODE_MEMBERS: &[&str] =
    &["clone", "delete", "get", "mod", "patch", "post", "put", "types"];

/// Modules of the root that are no segments, and what a client has anyway.
pub(super) const ROOT_MEMBERS: &[&str] = &[
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

/// What a request struct has anyway.
pub(super) const REQUEST_MEMBERS: &[&str] = &["builder", "clone"];

/// What the request of an upload has beside [`REQUEST_MEMBERS`].
pub(super) const UPLOAD_MEMBERS: &[&str] = &["file"];

/// The arguments of an operation that are no path parameters.
pub(super) const OPERATION_ARGUMENTS: &[&str] = &["request"];

/// The module of a notification's resource and its type's companion.
pub(super) const RESOURCE_MEMBERS: &[&str] = &["mod", "resource"];

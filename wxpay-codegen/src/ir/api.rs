use std::collections::BTreeMap;

use wxpay_spec::model::TypeId;

use super::{Ident, Link, Module, TypePath};

/// Everything that is generated.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Api {
    pub(crate) layout: Layout,
    /// The ways into the chain, one per first segment.
    pub(crate) entries: Vec<Link>,
    pub(crate) modules: Vec<Module>,
    /// What the named types are called.
    pub(crate) types: BTreeMap<TypeId, TypePath>,
    /// The messages for products whose features are off.
    pub(crate) behind: Vec<Behind>,
    /// The families with a sandbox book.
    pub(crate) books: Vec<String>,
}

/// What the compiler says where no feature of a gate is on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Behind {
    /// The trait that nothing implements, in the tree's module `behind`.
    pub(crate) name: Ident,
    pub(crate) message: String,
    pub(crate) label: String,
    pub(crate) note: String,
}

/// For whom the code is generated.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Layout {
    /// For `wxpay-api`: files, one cargo feature per family, the chain starts at `Client`.
    Library,
    /// For any other crate: one file without features, the chain starts at functions.
    Single,
}

use std::collections::BTreeSet;

/// The cargo features of which any one brings an item; what belongs to no family has none.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Gate(pub(crate) Option<BTreeSet<String>>);

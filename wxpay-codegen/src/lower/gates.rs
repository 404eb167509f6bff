//! Decides behind which features an item stands.

use std::collections::BTreeSet;

use wxpay_spec::model::CORE;

use crate::ir::{Gate, Layout};

/// The families that need an item.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Users<'a>(BTreeSet<&'a str>);

/// When an item is compiled: always, or with any of some features.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Condition(Option<BTreeSet<String>>);

impl<'a> Users<'a> {
    pub(super) fn one(family: &'a str) -> Self {
        Self(BTreeSet::from([family]))
    }

    pub(super) fn add(&mut self, family: &'a str) {
        self.0.insert(family);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What belongs to no family is always there, and so is everything above it.
    pub(super) fn condition(&self, layout: Layout) -> Condition {
        if layout == Layout::Single || self.0.is_empty() || self.0.contains(CORE) {
            return Condition::default();
        }
        Condition(Some(self.0.iter().map(|family| (*family).to_owned()).collect()))
    }
}

impl Condition {
    /// What has to be written on an item inside another one, which says its own condition already.
    pub(super) fn gate_inside(&self, outer: &Self) -> Gate {
        if self == outer { Gate(None) } else { Gate(self.0.clone()) }
    }
}

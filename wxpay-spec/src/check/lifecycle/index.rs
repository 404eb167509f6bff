//! Key paths that are looked up many times: those that a lifecycle names, and those of descriptors' members.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Bound;

use crate::model::{Field, FieldType, NamedType, Primitive, Shape, TypeId};

pub(super) type Types = BTreeMap<TypeId, NamedType>;

/// Key paths. A look-up compares few of them, however many there are.
#[derive(Debug)]
pub(super) struct PathSet<P>(BTreeSet<P>);

impl<P: Borrow<str> + Ord> PathSet<P> {
    pub(super) fn contains(&self, path: &str) -> bool {
        self.0.contains(path)
    }

    pub(super) fn insert(&mut self, path: P) {
        self.0.insert(path);
    }

    /// Whether it has the key path, one that leads to it, or one to which it leads.
    pub(super) fn relates(&self, path: &str) -> bool {
        let mut leading = path.match_indices('.').filter_map(|(end, _)| path.get(..end));
        self.contains(path)
            || leading.any(|leading| self.contains(leading))
            || self.begins(&format!("{path}."))
    }

    /// Whether one of them has this beginning.
    pub(super) fn begins(&self, beginning: &str) -> bool {
        let mut later = self.0.range::<str, _>((Bound::Included(beginning), Bound::Unbounded));
        later.next().is_some_and(|path| path.borrow().starts_with(beginning))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.iter().map(Borrow::borrow)
    }
}

impl<P> Default for PathSet<P> {
    fn default() -> Self {
        Self(BTreeSet::new())
    }
}

impl<P: Ord> FromIterator<P> for PathSet<P> {
    fn from_iter<I: IntoIterator<Item = P>>(paths: I) -> Self {
        Self(paths.into_iter().collect())
    }
}

impl<P: Ord> Extend<P> for PathSet<P> {
    fn extend<I: IntoIterator<Item = P>>(&mut self, paths: I) {
        self.0.extend(paths);
    }
}

/// The members of several requests, responses or types, taken together.
///
/// Types may contain themselves, so members below a key path are collected when a look-up gets there.
#[derive(Debug)]
pub(super) struct MemberIndex<'s> {
    types: &'s Types,
    /// The first is the root.
    nodes: RefCell<Vec<Node<'s>>>,
}

/// What is at one key path.
#[derive(Debug, Default)]
struct Node<'s> {
    types: Vec<&'s FieldType>,
    /// Members without a type around them.
    fields: Vec<&'s [Field]>,
    /// Whether any member may be below.
    is_open: bool,
    /// The nodes below, after a look-up.
    below: Option<HashMap<&'s str, usize>>,
}

impl<'s> MemberIndex<'s> {
    pub(super) fn new(types: &'s Types) -> Self {
        Self { types, nodes: RefCell::new(vec![Node::default()]) }
    }

    /// Adds members. Call it before the first look-up.
    pub(super) fn add(&mut self, fields: &'s [Field]) {
        self.change_root(|root| root.fields.push(fields));
    }

    /// Adds the members of types.
    pub(super) fn add_types(&mut self, types: impl IntoIterator<Item = &'s FieldType>) {
        self.change_root(|root| root.types.extend(types));
    }

    /// Lets it have every member, because something is not known.
    pub(super) fn open(&mut self) {
        self.change_root(|root| root.is_open = true);
    }

    fn change_root(&mut self, change: impl FnOnce(&mut Node<'s>)) {
        self.nodes.get_mut().first_mut().map(change).unwrap_or_default();
    }

    /// Whether there is a member at a key path. Lists are entered.
    pub(super) fn has(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    /// Returns the types of the members at a key path, and whether there may be any other.
    pub(super) fn types_at(&self, path: &str) -> (Vec<&'s FieldType>, bool) {
        match self.find(path) {
            None => (Vec::new(), false),
            Some(None) => (Vec::new(), true),
            Some(Some(at)) => {
                let nodes = self.nodes.borrow();
                (nodes.get(at).map(|node| node.types.clone()).unwrap_or_default(), false)
            }
        }
    }

    /// Finds the node of a key path; `Some(None)` if any member may be there.
    fn find(&self, path: &str) -> Option<Option<usize>> {
        let mut nodes = self.nodes.borrow_mut();
        let mut at = 0;
        for name in path.split('.') {
            self.enter(&mut nodes, at);
            let node = nodes.get(at)?;
            match node.below.as_ref()?.get(name) {
                _ if node.is_open => return Some(None),
                Some(below) => at = *below,
                None => return None,
            }
        }
        Some(Some(at))
    }

    /// Collects the nodes below a node, once.
    fn enter(&self, nodes: &mut Vec<Node<'s>>, at: usize) {
        let Some(node) = nodes.get(at).filter(|node| node.below.is_none()) else { return };
        let (mut slices, mut is_open) = (node.fields.clone(), node.is_open);
        let mut named = HashSet::new();
        for ty in &node.types {
            match ty.innermost() {
                FieldType::Primitive(Primitive::Json) => is_open = true,
                FieldType::Object(fields) => slices.push(fields),
                FieldType::Named(id) if named.insert(id) => {
                    match self.types.get(id).map(|named| &named.shape) {
                        Some(Shape::Object { fields, .. }) => slices.push(fields),
                        // A type that is missing has been reported.
                        other => is_open |= other.is_none(),
                    }
                }
                _ => {}
            }
        }
        let mut below = HashMap::new();
        for field in slices.into_iter().flatten() {
            let place = *below.entry(field.name.as_str()).or_insert_with(|| {
                nodes.push(Node::default());
                nodes.len() - 1
            });
            if let Some(node) = nodes.get_mut(place) {
                node.types.push(&field.ty);
            }
        }
        if let Some(node) = nodes.get_mut(at) {
            node.is_open = is_open;
            node.below = Some(below);
        }
    }
}

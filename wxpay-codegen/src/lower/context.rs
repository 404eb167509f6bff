//! The state that all steps of lowering share: descriptors, shared types, errors.

use std::collections::{BTreeMap, BTreeSet};

use wxpay_spec::model::{Body, Direction, Field, NamedType, Notification, Shape, Spec, TypeId};

use super::docs::SearchWords;
use super::names::{self, NameKind, Place};
use super::tree::Branch;
use crate::error::{Error, Errors};
use crate::ir::{Ident, Layout, ModulePath, NotificationShape, Stage, TypePath};

/// The Rust paths and shapes of the named types. They are known before any reference is lowered.
#[derive(Debug, Default)]
pub(super) struct Known<'a> {
    types: BTreeMap<&'a TypeId, KnownType>,
    carriers: BTreeMap<&'a TypeId, Vec<&'a Notification>>,
    /// The events of notifications that differ in their `original_type`.
    shared_events: BTreeSet<&'a str>,
}

/// A named type as its users see it.
#[derive(Clone, Debug)]
pub(super) struct KnownType {
    pub(super) path: TypePath,
    pub(super) shape: KnownShape,
}

/// The shape of a named type as its users see it.
#[derive(Clone, Debug)]
pub(super) enum KnownShape {
    Enum,
    Response,
    /// With the first stage of its builder, if it has required fields.
    Request(Option<Stage>),
}

impl<'a> Known<'a> {
    pub(super) fn new(spec: &'a Spec, tree: &Branch<'_>, errors: &mut Errors) -> Self {
        let mut known = Self {
            types: BTreeMap::new(),
            carriers: carriers(spec),
            shared_events: shared_events(spec),
        };
        let mut home = (None, ModulePath::default());
        for (id, named) in &spec.types {
            // The map sorts by family, so that one look-up per family is enough.
            if home.0 != Some(&id.family) {
                let branch = tree.find(&spec.families.types_path(&id.family));
                let module = branch.map(|branch| branch.module.clone()).unwrap_or_default();
                home = (Some(&id.family), module.child(&names::fixed("types")));
            }
            match known_type(id, named, &home.1) {
                Some(entry) => {
                    known.types.insert(id, entry);
                }
                None => {
                    let file = Place::file(&named.source);
                    let message = format!(
                        "`{}` is not a Rust name in UpperCamelCase: rename the type",
                        id.name
                    );
                    errors.add(Error::new(file.key(&id.name), message));
                }
            }
        }
        known
    }

    /// The Rust paths of the named types.
    pub(super) fn into_paths(self) -> BTreeMap<TypeId, TypePath> {
        self.types.into_iter().map(|(id, known)| (id.clone(), known.path)).collect()
    }

    pub(super) fn get(&self, id: &TypeId) -> Option<&KnownType> {
        self.types.get(id)
    }

    /// The kinds of notification whose resource a type is.
    pub(super) fn shapes(&self, id: &TypeId) -> Vec<NotificationShape> {
        let carriers = self.carriers.get(id).into_iter().flatten();
        carriers.map(|notification| self.shape(notification)).collect()
    }

    /// The facts that distinguish a notification's resource from others of the same event.
    pub(super) fn shape(&self, notification: &Notification) -> NotificationShape {
        let is_shared = |event: &&String| self.shared_events.contains(event.as_str());
        NotificationShape {
            events: notification.events.clone(),
            shared: notification.events.iter().filter(is_shared).cloned().collect(),
            original_type: notification.original_type.clone(),
            present: notification.condition.present.clone(),
            absent: notification.condition.absent.clone(),
        }
    }
}

fn known_type(id: &TypeId, named: &NamedType, module: &ModulePath) -> Option<KnownType> {
    let name = names::by_hand(&id.name, NameKind::Type)?;
    let path = module.of(&name);
    let shape = match &named.shape {
        Shape::Enum { .. } => KnownShape::Enum,
        Shape::Object { direction: Direction::Response, .. } => KnownShape::Response,
        Shape::Object { direction: Direction::Request, fields } => {
            let companion = module.child(&names::companion(&name));
            KnownShape::Request(first_stage(fields, companion))
        }
    };
    Some(KnownType { path, shape })
}

fn first_stage(fields: &[Field], companion: ModulePath) -> Option<Stage> {
    let first = fields.iter().find(|field| !field.optional)?;
    let field = match &first.rust {
        Some(rust) => names::by_hand(rust, NameKind::RequestField)?,
        None => names::from_wire(&first.name, NameKind::RequestField)?,
    };
    Some(Stage { companion, field })
}

fn carriers(spec: &Spec) -> BTreeMap<&TypeId, Vec<&Notification>> {
    let mut carriers: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for notification in spec.notifications.values() {
        if let Body::Named(id) = &notification.resource {
            carriers.entry(id).or_default().push(notification);
        }
    }
    carriers
}

/// The events of notifications that differ in their `original_type`.
fn shared_events(spec: &Spec) -> BTreeSet<&str> {
    let mut first: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    let mut shared = BTreeSet::new();
    for notification in spec.notifications.values() {
        let original_type = notification.original_type.as_deref();
        for event in &notification.events {
            if *first.entry(event).or_insert(original_type) != original_type {
                shared.insert(event.as_str());
            }
        }
    }
    shared
}

/// The state of lowering.
#[derive(Debug)]
pub(super) struct Lowering<'a> {
    pub(super) spec: &'a Spec,
    pub(super) layout: Layout,
    pub(super) known: Known<'a>,
    pub(super) words: SearchWords,
    pub(super) errors: Errors,
}

impl Lowering<'_> {
    /// Makes the identifier for a wire name, or for the name that a descriptor chooses instead.
    pub(super) fn name(
        &mut self,
        wire: &str,
        rust: Option<&str>,
        kind: NameKind,
        place: impl ToString,
    ) -> Option<Ident> {
        names::name(wire, rust, kind, place, &mut self.errors)
    }

    pub(super) fn error(&mut self, place: impl ToString, message: impl Into<String>) {
        self.errors.add(Error::new(place, message));
    }
}

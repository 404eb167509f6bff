//! Decides on cargo features: one per product family, and the features that each item needs.

use std::collections::{BTreeMap, BTreeSet};

use wxpay_spec::model::{
    Body, CORE, Field, FieldType, Input, Operation, Response, Shape, Spec, TypeId,
};

use super::names::{self, NameKind};
use crate::error::{Error, Errors};
use crate::ir::{Api, Content, FeatureMessage, Gate, Ident, Layout, Link, ModulePath, TypePath};
use crate::output::Feature;

/// Features of the library that are not families.
const TAKEN: &[&str] = &[
    "axum",
    "bills",
    "chrono",
    "default",
    "full",
    "jiff",
    "redis",
    "sandbox",
    "sm",
    "time",
    "trace-bodies",
];

/// The features of all families in use. Each needs the families whose types it uses.
pub(crate) fn features(spec: &Spec) -> Vec<Feature> {
    let mut features = Vec::new();
    for (name, needs) in needs(spec) {
        if name == CORE {
            continue;
        }
        let family = spec.families.by_name.get(name);
        features.push(Feature {
            name: name.to_owned(),
            title: family.map(|family| family.title.clone()).unwrap_or_default(),
            default: family.is_some_and(|family| family.default),
            needs: needs.into_iter().map(str::to_owned).collect(),
        });
    }
    features
}

/// Checks that the name of every family can be a cargo feature.
pub(super) fn check(spec: &Spec, errors: &mut Errors) {
    let endpoints = spec.endpoints.values().map(|endpoint| (&endpoint.family, &endpoint.source));
    let types = spec.types.iter().map(|(id, named)| (&id.family, &named.source));
    let notifications = spec.notifications.values().map(|entry| (&entry.family, &entry.source));
    for (family, source) in endpoints.chain(types).chain(notifications) {
        if !is_feature_name(family) {
            let message = format!(
                "the family `{family}` cannot be a cargo feature: list its paths under another \
                 name in families.yaml"
            );
            errors.add(Error::new(source, message));
        }
    }
}

fn is_feature_name(name: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    !TAKEN.contains(&name)
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.chars().all(allowed)
}

fn needs(spec: &Spec) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut needs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for endpoint in spec.endpoints.values() {
        let reached = needs.entry(&endpoint.family).or_default();
        for operation in endpoint.operations.values() {
            of_operation(operation, &mut |id| add(reached, &endpoint.family, id));
        }
    }
    for (id, named) in &spec.types {
        let reached = needs.entry(&id.family).or_default();
        if let Shape::Object { fields, .. } = &named.shape {
            of_fields(fields, &mut |other| add(reached, &id.family, other));
        }
    }
    for notification in spec.notifications.values() {
        let reached = needs.entry(&notification.family).or_default();
        let response = notification.response.as_ref().map(|response| &response.body);
        for body in std::iter::once(&notification.resource).chain(response) {
            of_body(body, &mut |id| add(reached, &notification.family, id));
        }
    }
    needs
}

fn add<'a>(reached: &mut BTreeSet<&'a str>, family: &str, id: &'a TypeId) {
    if id.family != family && id.family != CORE {
        reached.insert(&id.family);
    }
}

/// Calls `found` with every named type that an operation refers to.
fn of_operation<'a>(operation: &'a Operation, found: &mut impl FnMut(&'a TypeId)) {
    of_fields(&operation.query, found);
    of_fields(&operation.header, found);
    match &operation.input {
        Input::None => {}
        Input::Json(body) => of_body(body, found),
        Input::Upload(upload) => {
            of_fields(&upload.meta, found);
            of_fields(&upload.parts, found);
        }
    }
    if let Response::Json { body, .. } = &operation.response {
        of_body(body, found);
    }
}

fn of_body<'a>(body: &'a Body, found: &mut impl FnMut(&'a TypeId)) {
    match body {
        Body::Fields(fields) => of_fields(fields, found),
        Body::Named(id) => found(id),
    }
}

fn of_fields<'a>(fields: &'a [Field], found: &mut impl FnMut(&'a TypeId)) {
    for field in fields {
        of_type(&field.ty, found);
    }
}

fn of_type<'a>(ty: &'a FieldType, found: &mut impl FnMut(&'a TypeId)) {
    match ty {
        FieldType::Primitive(_) | FieldType::Enum { .. } => {}
        FieldType::Named(id) => found(id),
        FieldType::Object(fields) => of_fields(fields, found),
        FieldType::List(inner) | FieldType::JsonText(inner) => of_type(inner, found),
    }
}

/// The families that use an item.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Users<'a>(BTreeSet<&'a str>);

/// The condition for compiling an item: always, or with any one of some features.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct FeatureCondition(Option<BTreeSet<String>>);

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

    /// Items of no family and of the core are always compiled, and so are the modules around them.
    pub(super) fn condition(&self, layout: Layout) -> FeatureCondition {
        if layout == Layout::Single || self.0.is_empty() || self.0.contains(CORE) {
            return FeatureCondition::default();
        }
        FeatureCondition(Some(self.0.iter().map(|family| (*family).to_owned()).collect()))
    }
}

impl FeatureCondition {
    /// The gate of an item inside another one. An equal condition of the outer item is enough.
    pub(super) fn gate_inside(&self, outer: &Self) -> Gate {
        if self == outer { Gate(None) } else { Gate(self.0.clone()) }
    }
}

/// The path of the trait whose message names the features of a gate.
pub(super) fn marker(gate: &Gate) -> Option<TypePath> {
    let name = name(gate.0.as_ref()?)?;
    Some(ModulePath::top(&names::fixed("behind")).of(&name))
}

/// The compiler's messages for all gates in the chain.
pub(super) fn messages(spec: &Spec, api: &Api) -> Vec<FeatureMessage> {
    let nodes = api.contents().filter_map(|content| match content {
        Content::Node(node) => Some(&node.links),
        Content::Definition(_) | Content::Events(_) => None,
    });
    let links = nodes.flatten().chain(&api.entries);
    let gates = links.filter(|link| link.marker.is_some()).filter_map(gate_features);
    let messages = gates.filter_map(|features| Some((name(features)?, features)));
    let messages: BTreeMap<_, _> = messages.collect();
    messages.into_iter().map(|(name, features)| message(spec, name, features)).collect()
}

fn gate_features(link: &Link) -> Option<&BTreeSet<String>> {
    link.gate.0.as_ref()
}

fn name(features: &BTreeSet<String>) -> Option<Ident> {
    let names: Vec<_> = features.iter().map(String::as_str).collect();
    names::from_wire(&names.join("_or_"), NameKind::Module)
}

fn message(spec: &Spec, name: Ident, features: &BTreeSet<String>) -> FeatureMessage {
    let titles = features.iter().filter_map(|feature| spec.families.by_name.get(feature));
    let titles: Vec<_> = titles.map(|family| family.title.as_str()).collect();
    let what = match titles.join(", ") {
        titles if titles.is_empty() => "this product".to_owned(),
        titles => titles,
    };
    let quoted: Vec<_> = features.iter().map(|feature| format!("`{feature}`")).collect();
    let (message, label) = match quoted.as_slice() {
        [feature] => (
            format!("{what} is behind the cargo feature {feature}"),
            format!("enable the feature {feature} of `wxpay-api`"),
        ),
        all => (
            format!("{what}: behind the cargo features {}", all.join(", ")),
            format!("enable one of {} of `wxpay-api`", all.join(", ")),
        ),
    };
    let commands = features.iter().map(|name| format!("`cargo add wxpay-api --features {name}`"));
    let note = commands.collect::<Vec<_>>().join(" or ");
    FeatureMessage { name, message, label, note }
}

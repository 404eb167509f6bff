//! Decides the cargo features: one for each family, with the features that it needs.

use std::collections::{BTreeMap, BTreeSet};

use wxpay_spec::model::{
    Body, CORE, Field, FieldType, Input, Operation, Response, Shape, Spec, TypeId,
};

use crate::error::{Error, Errors};
use crate::output::Feature;

/// Features that the library has beside its families.
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

/// The families in use, each with the families whose types it reaches.
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

/// In the library, every family must be able to be a cargo feature.
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

/// Visits every named type that an operation refers to.
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

//! The members of requests and responses, and those that a resource can have.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::lifecycle::{Act, Binding, Change, Lifecycle, OperationRule};
use crate::model::{
    Body, Field, FieldType, Input, Method, NamedType, Operation, Primitive, Response, Shape, Spec,
    TypeId,
};
use crate::suggestion::closest;

type Types = BTreeMap<TypeId, NamedType>;

/// Whether a request has a member at a key path.
pub(super) fn request_has(operation: &Operation, path: &str, types: &Types) -> bool {
    let body: &[Field] = match &operation.input {
        Input::None => &[],
        Input::Json(body) => body.fields(types),
        Input::Upload(upload) => &upload.meta,
    };
    let places = [&operation.path, &operation.query, &operation.header];
    has(body, path, types) || places.into_iter().any(|fields| has(fields, path, types))
}

/// Whether a response has a member at a key path.
pub(super) fn response_has(operation: &Operation, path: &str, types: &Types) -> bool {
    match &operation.response {
        Response::Json { body, .. } => has(body.fields(types), path, types),
        Response::None { .. } | Response::Download(_) => false,
    }
}

/// The members of a JSON response.
pub(super) fn response_fields<'s>(operation: &'s Operation, types: &'s Types) -> &'s [Field] {
    match &operation.response {
        Response::Json { body, .. } => body.fields(types),
        Response::None { .. } | Response::Download(_) => &[],
    }
}

/// Whether the resource of a notification has a member at a key path.
pub(super) fn resource_has(resource: &Body, path: &str, types: &Types) -> bool {
    has(resource.fields(types), path, types)
}

/// Whether fields have a member at a key path. Lists are entered.
pub(super) fn has(fields: &[Field], path: &str, types: &Types) -> bool {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let Some(field) = fields.iter().find(|field| field.name == name) else { return false };
    rest.is_none_or(|rest| type_has(&field.ty, rest, types))
}

fn type_has(ty: &FieldType, path: &str, types: &Types) -> bool {
    match ty {
        FieldType::Primitive(Primitive::Json) => true,
        FieldType::Primitive(_) | FieldType::Enum { .. } => false,
        FieldType::Named(id) => match types.get(id).map(|named| &named.shape) {
            Some(Shape::Object { fields, .. }) => has(fields, path, types),
            // A type that is missing has been reported.
            other => other.is_none(),
        },
        FieldType::Object(fields) => has(fields, path, types),
        FieldType::List(item) => type_has(item, path, types),
        FieldType::JsonText(content) => type_has(content, path, types),
    }
}

/// What is known of all descriptors: operations by URL, and the members that lifecycles set.
pub(super) struct Known<'s> {
    pub(super) spec: &'s Spec,
    operations: BTreeMap<(&'s str, Method), &'s Operation>,
    /// The key paths that a lifecycle sets, by lifecycle.
    paths: BTreeMap<&'s str, BTreeSet<&'s str>>,
    /// For the lifecycles of parts: the wholes, each with the list.
    wholes: BTreeMap<&'s str, Vec<(&'s Lifecycle, &'s str)>>,
}

impl<'s> Known<'s> {
    pub(super) fn of(spec: &'s Spec) -> Self {
        let mut wholes: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for whole in spec.lifecycles.values() {
            for (list, part) in &whole.parts {
                wholes.entry(part.of.as_str()).or_default().push((whole, list.as_str()));
            }
        }
        let lifecycles = spec.lifecycles.iter();
        let paths = lifecycles.map(|(place, lifecycle)| (place.as_str(), set(lifecycle))).collect();
        Self { spec, operations: operations(spec), paths, wholes }
    }

    /// Returns an operation that a rule names.
    pub(super) fn operation(&self, binding: &Binding) -> Option<&'s Operation> {
        self.operations.get(&(binding.path.as_str(), binding.method)).copied()
    }

    /// Returns the known operation that a mistyped one probably means.
    pub(super) fn similar(&self, text: &str) -> Option<String> {
        let known = self.operations.keys();
        let known: Vec<String> =
            known.map(|(path, method)| format!("{} {path}", method.wire())).collect();
        closest(text, known.iter().map(String::as_str))
            .map(|close| format!("did you mean `{close}`?"))
    }

    /// Whether a resource of a lifecycle can have a member at a key path.
    pub(super) fn has(&self, place: &str, path: &str) -> bool {
        let Some(lifecycle) = self.spec.lifecycles.get(place) else { return true };
        let set = self.paths.get(place);
        set.is_some_and(|set| set.iter().any(|known| are_related(known, path)))
            || creators(lifecycle).any(|binding| self.request_of(binding, path))
            || self.wholes.get(place).is_some_and(|wholes| {
                wholes.iter().any(|(whole, list)| self.element_of(whole, list, path))
            })
    }

    /// Returns help for a key path that is probably mistyped.
    pub(super) fn close_to(&self, place: &str, path: &str) -> Option<String> {
        let known = self.paths.get(place)?.iter().copied();
        closest(path, known).map(|close| format!("did you mean `{close}`?"))
    }

    fn request_of(&self, binding: &Binding, path: &str) -> bool {
        self.operation(binding)
            .is_some_and(|operation| request_has(operation, path, &self.spec.types))
    }

    /// Whether the request for a whole has such a member in the elements of a list.
    pub(super) fn element_of(&self, whole: &Lifecycle, list: &str, path: &str) -> bool {
        let path = format!("{list}.{path}");
        creators(whole).any(|binding| self.request_of(binding, &path))
    }

    /// Whether the requests that create the wholes of a part have such a member in its elements.
    pub(super) fn part_request_has(&self, place: &str, path: &str) -> bool {
        let wholes = self.wholes.get(place).into_iter().flatten();
        wholes.into_iter().any(|(whole, list)| self.element_of(whole, list, path))
    }

    /// Whether a lifecycle is that of parts.
    pub(super) fn is_part(&self, place: &str) -> bool {
        self.wholes.contains_key(place)
    }
}

/// The operations by URL and method. While descriptors are checked, the spec has URLs by file.
fn operations(spec: &Spec) -> BTreeMap<(&str, Method), &Operation> {
    let endpoints = spec.endpoints.values();
    let operations = endpoints.flat_map(|endpoint| {
        let operations = endpoint.operations.iter();
        operations.map(|(method, operation)| ((endpoint.path.as_str(), *method), operation))
    });
    operations.collect()
}

/// The operations that create a resource.
pub(super) fn creators(lifecycle: &Lifecycle) -> impl Iterator<Item = &Binding> {
    let rules = lifecycle.operations.iter().map(|(_, rule)| rule);
    rules.filter(|rule| matches!(rule.act, Act::Creates { .. })).flat_map(|rule| &rule.on)
}

fn set(lifecycle: &Lifecycle) -> BTreeSet<&str> {
    let mut paths: BTreeSet<&str> = lifecycle.state.as_deref().into_iter().collect();
    paths.extend(lifecycle.parts.keys().map(String::as_str));
    for (_, state) in &lifecycle.states {
        paths.extend(state.shows.iter().map(|(path, _)| path.as_str()));
    }
    for (_, rule) in &lifecycle.operations {
        set_by_rule(rule, &mut paths);
    }
    for (_, event) in &lifecycle.events {
        set_by_change(&event.change, &mut paths);
    }
    paths
}

fn set_by_rule<'s>(rule: &'s OperationRule, paths: &mut BTreeSet<&'s str>) {
    for binding in &rule.on {
        paths.extend(binding.sets.iter().map(|(path, _)| path.as_str()));
    }
    if let Act::Creates { renews, .. } = &rule.act {
        paths.extend(renews.iter().map(|(path, _)| path.as_str()));
    }
    set_by_change(&rule.change, paths);
}

fn set_by_change<'s>(change: &'s Change, paths: &mut BTreeSet<&'s str>) {
    paths.extend(change.stores.iter().map(String::as_str));
    paths.extend(change.sets.iter().map(|(path, _)| path.as_str()));
}

/// Whether one key path is the other, or leads to it.
pub(super) fn are_related(one: &str, other: &str) -> bool {
    let leads = |short: &str, long: &str| {
        long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    leads(one, other) || leads(other, one)
}

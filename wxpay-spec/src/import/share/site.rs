//! Finds the type at a place of a spec, to read or replace it.

use crate::model::place::{CONTENT, ELEMENT};
use crate::model::{
    Body, Direction, Field, FieldType, Input, Operation, Response, Shape, Spec, TypeId,
};
use crate::model::{EntryName, FieldPlace};

/// Calls `act` with the type at a place; named types on the way are entered.
///
/// Returns `None` if nothing is at the place.
pub(super) fn at<T>(
    spec: &mut Spec,
    place: &FieldPlace,
    act: impl FnOnce(&mut FieldType) -> T,
) -> Option<T> {
    let mut entry = place.entry.clone();
    let mut keys = place.keys.clone();
    while let Some((id, rest)) = into_named(spec, &entry, &keys) {
        entry = EntryName::Type(id);
        keys = rest;
    }
    enter(spec, &entry, &keys, act)
}

/// Returns whether the objects of a place are sent or received.
pub(super) fn direction(spec: &Spec, place: &FieldPlace) -> Option<Direction> {
    match &place.entry {
        EntryName::Type(id) => match &spec.types.get(id)?.shape {
            Shape::Object { direction, .. } => Some(*direction),
            Shape::Enum { .. } => None,
        },
        EntryName::Notification(_) | EntryName::Operation(..) => place.direction(),
    }
}

/// Finds a named type on the way to a place, and the keys that remain behind it.
fn into_named(
    spec: &mut Spec,
    entry: &EntryName,
    keys: &[String],
) -> Option<(TypeId, Vec<String>)> {
    (1..keys.len()).find_map(|length| {
        let (front, rest) = keys.split_at_checked(length)?;
        let named = enter(spec, entry, front, |ty| match ty {
            FieldType::Named(id) => Some(id.clone()),
            _ => None,
        });
        named.flatten().map(|id| (id, rest.to_vec()))
    })
}

fn enter<T>(
    spec: &mut Spec,
    entry: &EntryName,
    keys: &[String],
    act: impl FnOnce(&mut FieldType) -> T,
) -> Option<T> {
    match entry {
        EntryName::Operation(method, path) => {
            let endpoint = spec.endpoints.get_mut(path)?;
            operation(endpoint.operations.get_mut(method)?, keys, act)
        }
        EntryName::Notification(place) => {
            let (section, keys) = keys.split_first()?;
            let notification = spec.notifications.get_mut(place)?;
            match section.as_str() {
                "response" => body(&mut notification.response.as_mut()?.body, keys, act),
                _ => body(&mut notification.resource, keys, act),
            }
        }
        EntryName::Type(id) => match &mut spec.types.get_mut(id)?.shape {
            Shape::Object { fields, .. } => member(fields, keys, act),
            Shape::Enum { .. } => None,
        },
    }
}

fn operation<T>(
    operation: &mut Operation,
    keys: &[String],
    act: impl FnOnce(&mut FieldType) -> T,
) -> Option<T> {
    let (first, keys) = keys.split_first()?;
    match (first.as_str(), &mut operation.input, &mut operation.response) {
        ("path", ..) => member(&mut operation.path, keys, act),
        ("query", ..) => member(&mut operation.query, keys, act),
        ("request", Input::Json(request), _) => body(request, keys, act),
        ("meta", Input::Upload(upload), _) => member(&mut upload.meta, keys, act),
        ("response", _, Response::Json { body: object, .. }) => body(object, keys, act),
        _ => None,
    }
}

fn body<T>(body: &mut Body, keys: &[String], act: impl FnOnce(&mut FieldType) -> T) -> Option<T> {
    if let (Body::Fields(fields), false) = (&mut *body, keys.is_empty()) {
        return member(fields, keys, act);
    }
    let mut ty = match std::mem::replace(body, Body::Fields(Vec::new())) {
        Body::Fields(fields) => FieldType::Object(fields),
        Body::Named(id) => FieldType::Named(id),
    };
    let done = keys.is_empty().then(|| act(&mut ty));
    *body = match ty {
        FieldType::Object(fields) => Body::Fields(fields),
        FieldType::Named(id) => Body::Named(id),
        // A body is an object, and `act` leaves an object or the name of one.
        _ => Body::Fields(Vec::new()),
    };
    done
}

fn member<T>(
    fields: &mut [Field],
    keys: &[String],
    act: impl FnOnce(&mut FieldType) -> T,
) -> Option<T> {
    let (name, keys) = keys.split_first()?;
    inside(&mut fields.iter_mut().find(|field| field.name == *name)?.ty, keys, act)
}

fn inside<T>(
    ty: &mut FieldType,
    keys: &[String],
    act: impl FnOnce(&mut FieldType) -> T,
) -> Option<T> {
    let Some((key, rest)) = keys.split_first() else {
        return Some(act(ty));
    };
    match ty {
        FieldType::Object(fields) => member(fields, keys, act),
        FieldType::List(element) if key == ELEMENT => inside(element, rest, act),
        FieldType::JsonText(content) if key == CONTENT => inside(content, rest, act),
        _ => None,
    }
}

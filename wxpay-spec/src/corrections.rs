use std::fmt;

use crate::model::{Body, Field, FieldType, Input, Operation, Response, Shape, Spec};

/// A field, an enum or an operation that departs from the imported facts on purpose.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Correction {
    /// The operation, notification or type, and the keys that lead to the field.
    pub place: String,
    /// Why, as the descriptor's `corrects` says it.
    pub reason: String,
}

impl fmt::Display for Correction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

/// Everything with `corrects`, in the order of the places.
#[must_use]
pub fn corrections(spec: &Spec) -> Vec<Correction> {
    let mut found = Vec::new();
    for endpoint in spec.endpoints.values() {
        for (method, operation) in &endpoint.operations {
            let place = format!("{} {}", method.wire(), endpoint.path);
            add(&place, operation.corrects.as_deref(), &mut found);
            self::operation(&place, operation, &mut found);
        }
    }
    for (name, notification) in &spec.notifications {
        body(&format!("notification {name} resource"), &notification.resource, &mut found);
    }
    for (id, named) in &spec.types {
        add(&format!("type {}/{}", id.family, id.name), named.corrects.as_deref(), &mut found);
        if let Shape::Object { fields, .. } = &named.shape {
            members(&format!("type {}/{}", id.family, id.name), " ", fields, &mut found);
        }
    }
    found
}

fn operation(place: &str, operation: &Operation, found: &mut Vec<Correction>) {
    for (key, fields) in
        [("path", &operation.path), ("query", &operation.query), ("header", &operation.header)]
    {
        members(&format!("{place} {key}"), ".", fields, found);
    }
    match &operation.input {
        Input::None => {}
        Input::Json(request) => body(&format!("{place} request"), request, found),
        Input::Upload(upload) => {
            members(&format!("{place} meta"), ".", &upload.meta, found);
            members(&format!("{place} parts"), ".", &upload.parts, found);
        }
    }
    if let Response::Json { body: answer, .. } = &operation.response {
        body(&format!("{place} response"), answer, found);
    }
}

fn body(place: &str, body: &Body, found: &mut Vec<Correction>) {
    if let Body::Fields(fields) = body {
        members(place, ".", fields, found);
    }
}

fn members(place: &str, joint: &str, fields: &[Field], found: &mut Vec<Correction>) {
    for field in fields {
        let place = format!("{place}{joint}{}", field.name);
        add(&place, field.corrects.as_deref(), found);
        inside(&place, &field.ty, found);
    }
}

fn add(place: &str, reason: Option<&str>, found: &mut Vec<Correction>) {
    found.extend(
        reason.map(|reason| Correction { place: place.to_owned(), reason: reason.to_owned() }),
    );
}

fn inside(place: &str, ty: &FieldType, found: &mut Vec<Correction>) {
    match ty {
        FieldType::Object(fields) => members(place, ".", fields, found),
        FieldType::List(element) => inside(&format!("{place}[]"), element, found),
        FieldType::JsonText(content) => inside(&format!("{place}{{}}"), content, found),
        FieldType::Primitive(_) | FieldType::Enum { .. } | FieldType::Named(_) => {}
    }
}

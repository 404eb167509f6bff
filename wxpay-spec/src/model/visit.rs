//! A visitor over everything that descriptors describe, down to the types of single fields.
//!
//! Each method of [`Visit`] calls the `walk_…` function of its name by default. Your own method
//! calls that function to visit what is inside. Without the call, the walk stops there.

use super::place::{CONTENT, ELEMENT};
use super::{
    Body, Endpoint, EntryName, Field, FieldPlace, FieldType, Input, NamedType, Notification,
    Operation, Response, Shape, Spec, TypeId,
};

/// Visits URLs, operations, notifications and named types with what is inside, in the descriptors'
/// order.
///
/// Each named type is visited once, where it is described. Where a type is used, only
/// [`visit_reference`](Visit::visit_reference) is called.
pub trait Visit<'s> {
    /// Visits a URL.
    fn visit_endpoint(&mut self, endpoint: &'s Endpoint) {
        walk_endpoint(self, endpoint);
    }

    /// Visits an operation.
    fn visit_operation(&mut self, place: &FieldPlace, operation: &'s Operation) {
        walk_operation(self, place, operation);
    }

    /// Visits a notification.
    fn visit_notification(&mut self, place: &FieldPlace, notification: &'s Notification) {
        walk_notification(self, place, notification);
    }

    /// Visits a named type.
    fn visit_named_type(&mut self, place: &FieldPlace, id: &'s TypeId, named: &'s NamedType) {
        let _ = id;
        walk_named_type(self, place, named);
    }

    /// Visits a request, a response or a resource.
    fn visit_body(&mut self, place: &FieldPlace, body: &'s Body) {
        walk_body(self, place, body);
    }

    /// Visits a member.
    fn visit_field(&mut self, place: &FieldPlace, field: &'s Field) {
        walk_field(self, place, field);
    }

    /// Visits the type of a member, of a list's element or of a JSON text's content.
    fn visit_type(&mut self, place: &FieldPlace, ty: &'s FieldType) {
        walk_type(self, place, ty);
    }

    /// Visits a place that names a type.
    fn visit_reference(&mut self, place: &FieldPlace, id: &'s TypeId) {
        let _ = (place, id);
    }
}

/// Visits every operation, every notification and every named type.
pub fn walk_spec<'s>(visitor: &mut (impl Visit<'s> + ?Sized), spec: &'s Spec) {
    spec.endpoints.values().for_each(|endpoint| visitor.visit_endpoint(endpoint));
    for (name, notification) in &spec.notifications {
        let entry = EntryName::Notification(name.clone());
        visitor.visit_notification(&FieldPlace::new(entry), notification);
    }
    for (id, named) in &spec.types {
        visitor.visit_named_type(&FieldPlace::new(EntryName::Type(id.clone())), id, named);
    }
}

/// Visits the operations of a URL.
pub fn walk_endpoint<'s>(visitor: &mut (impl Visit<'s> + ?Sized), endpoint: &'s Endpoint) {
    for (method, operation) in &endpoint.operations {
        let entry = EntryName::Operation(*method, endpoint.path.clone());
        visitor.visit_operation(&FieldPlace::new(entry), operation);
    }
}

/// Visits what an operation sends and receives.
pub fn walk_operation<'s>(
    visitor: &mut (impl Visit<'s> + ?Sized),
    place: &FieldPlace,
    operation: &'s Operation,
) {
    walk_fields(visitor, &place.child("path"), &operation.path);
    walk_fields(visitor, &place.child("query"), &operation.query);
    walk_fields(visitor, &place.child("header"), &operation.header);
    match &operation.input {
        Input::None => {}
        Input::Json(request) => visitor.visit_body(&place.child("request"), request),
        Input::Upload(upload) => {
            walk_fields(visitor, &place.child("meta"), &upload.meta);
            walk_fields(visitor, &place.child("parts"), &upload.parts);
        }
    }
    if let Response::Json { body, .. } = &operation.response {
        visitor.visit_body(&place.child("response"), body);
    }
}

/// Visits the resource of a notification, and the response that it asks for.
pub fn walk_notification<'s>(
    visitor: &mut (impl Visit<'s> + ?Sized),
    place: &FieldPlace,
    notification: &'s Notification,
) {
    visitor.visit_body(&place.child("resource"), &notification.resource);
    if let Some(response) = &notification.response {
        visitor.visit_body(&place.child("response"), &response.body);
    }
}

/// Visits the members of a named object; a named enum has none.
pub fn walk_named_type<'s>(
    visitor: &mut (impl Visit<'s> + ?Sized),
    place: &FieldPlace,
    named: &'s NamedType,
) {
    if let Shape::Object { fields, .. } = &named.shape {
        walk_fields(visitor, place, fields);
    }
}

/// Visits the members of a body, or the type that it names.
pub fn walk_body<'s>(visitor: &mut (impl Visit<'s> + ?Sized), place: &FieldPlace, body: &'s Body) {
    match body {
        Body::Fields(fields) => walk_fields(visitor, place, fields),
        Body::Named(id) => visitor.visit_reference(place, id),
    }
}

/// Visits each of several members.
pub fn walk_fields<'s>(
    visitor: &mut (impl Visit<'s> + ?Sized),
    place: &FieldPlace,
    fields: &'s [Field],
) {
    for field in fields {
        visitor.visit_field(&place.child(&field.name), field);
    }
}

/// Visits the type of a member.
pub fn walk_field<'s>(
    visitor: &mut (impl Visit<'s> + ?Sized),
    place: &FieldPlace,
    field: &'s Field,
) {
    visitor.visit_type(place, &field.ty);
}

/// Visits what is inside a type: members, the element, the content, or the type that it names.
pub fn walk_type<'s>(
    visitor: &mut (impl Visit<'s> + ?Sized),
    place: &FieldPlace,
    ty: &'s FieldType,
) {
    match ty {
        FieldType::Primitive(_) | FieldType::Enum { .. } => {}
        FieldType::Named(id) => visitor.visit_reference(place, id),
        FieldType::Object(fields) => walk_fields(visitor, place, fields),
        FieldType::List(element) => visitor.visit_type(&place.child(ELEMENT), element),
        FieldType::JsonText(content) => visitor.visit_type(&place.child(CONTENT), content),
    }
}

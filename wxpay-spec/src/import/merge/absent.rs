use std::collections::BTreeSet;

use super::session::Session;
use crate::import::Imported;
use crate::model::{
    Body, Field, FieldType, Input, Method, Notification, Operation, Response, Shape, Spec, TypeId,
};

/// What the descriptors have and an import does not reach.
#[derive(Debug, Default)]
pub(super) struct Absent {
    /// The named types that places outside the import use too.
    pub(super) types: BTreeSet<TypeId>,
    operations: Vec<String>,
    notifications: Vec<String>,
}

impl Absent {
    /// Compares descriptors with the operations that an import has brought facts for.
    pub(super) fn of(
        spec: &Spec,
        imported: &Imported,
        reached: &BTreeSet<(String, Method)>,
    ) -> Self {
        let mut absent = Self::default();
        for endpoint in spec.endpoints.values() {
            for (method, operation) in &endpoint.operations {
                if !reached.contains(&(endpoint.path.clone(), *method)) {
                    absent.operations.push(format!("{} {}", method.wire(), endpoint.path));
                    absent.operation(spec, operation);
                }
            }
        }
        for notification in spec.notifications.values() {
            if lacks(imported, notification) {
                absent.body(spec, &notification.resource);
                if !notification.webhooks.is_empty() {
                    absent.notifications.push(notification.source.clone());
                }
            }
        }
        absent
    }

    /// Names what is only here, which a page cannot be blamed for.
    pub(super) fn remark(&self, session: &mut Session) {
        for place in self.operations.iter().chain(&self.notifications) {
            session.enter(place.clone());
            session.remark("not in the document: it stays as it is");
        }
    }

    fn operation(&mut self, spec: &Spec, operation: &Operation) {
        for list in [&operation.path, &operation.query, &operation.header] {
            self.members(spec, list);
        }
        match &operation.input {
            Input::None => {}
            Input::Json(body) => self.body(spec, body),
            Input::Upload(upload) => {
                self.members(spec, &upload.meta);
                self.members(spec, &upload.parts);
            }
        }
        if let Response::Json { body, .. } = &operation.response {
            self.body(spec, body);
        }
    }

    fn body(&mut self, spec: &Spec, body: &Body) {
        match body {
            Body::Fields(fields) => self.members(spec, fields),
            Body::Named(id) => self.named(spec, id),
        }
    }

    fn members(&mut self, spec: &Spec, fields: &[Field]) {
        fields.iter().for_each(|field| self.ty(spec, &field.ty));
    }

    fn ty(&mut self, spec: &Spec, ty: &FieldType) {
        match ty {
            FieldType::Named(id) => self.named(spec, id),
            FieldType::Object(fields) => self.members(spec, fields),
            FieldType::List(inside) | FieldType::JsonText(inside) => self.ty(spec, inside),
            FieldType::Primitive(_) | FieldType::Enum { .. } => {}
        }
    }

    fn named(&mut self, spec: &Spec, id: &TypeId) {
        if self.types.insert(id.clone())
            && let Some(named) = spec.types.get(id)
            && let Shape::Object { fields, .. } = &named.shape
        {
            self.members(spec, fields);
        }
    }
}

/// Whether an import lacks a webhook of a notification, or all of them.
fn lacks(imported: &Imported, notification: &Notification) -> bool {
    let is_there = |name| imported.notifications.iter().any(|fact| fact.webhooks.contains(name));
    notification.webhooks.is_empty() || !notification.webhooks.iter().all(is_there)
}

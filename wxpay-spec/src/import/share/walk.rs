use super::place::{CONTENT, ELEMENT, Owner, Place};
use crate::model::{Body, Field, FieldType, Input, Response, Shape, Spec};

/// Something that stands written out at a place: an object or an enum.
#[derive(Debug)]
pub(super) struct Found<'s> {
    pub(super) place: Place,
    pub(super) family: &'s str,
    pub(super) title: Option<&'s str>,
    pub(super) ty: What<'s>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum What<'s> {
    Object(&'s [Field]),
    Enum(&'s FieldType),
}

/// Everything that is written out somewhere, parents before their members.
pub(super) fn walk(spec: &Spec) -> Vec<Found<'_>> {
    let mut walk = Walk::default();
    for endpoint in spec.endpoints.values() {
        walk.family = &endpoint.family;
        for (method, operation) in &endpoint.operations {
            let owner = Owner::Operation(*method, endpoint.path.clone());
            let place = |key: &str| Place { owner: owner.clone(), keys: vec![key.to_owned()] };
            walk.members(&operation.path, &place("path"));
            walk.members(&operation.query, &place("query"));
            match &operation.input {
                Input::None => {}
                Input::Json(body) => walk.body(body, &operation.title, place("request")),
                Input::Upload(upload) => walk.members(&upload.meta, &place("meta")),
            }
            if let Response::Json { body, .. } = &operation.response {
                walk.body(body, &operation.title, place("response"));
            }
        }
    }
    for (name, notification) in &spec.notifications {
        walk.family = &notification.family;
        let owner = Owner::Notification(name.clone());
        let place = Place { owner, keys: vec!["resource".to_owned()] };
        walk.body(&notification.resource, &notification.title, place);
    }
    for (id, named) in &spec.types {
        walk.family = &id.family;
        if let Shape::Object { fields, .. } = &named.shape {
            walk.members(fields, &Place { owner: Owner::Type(id.clone()), keys: Vec::new() });
        }
    }
    walk.found
}

#[derive(Default)]
struct Walk<'s> {
    family: &'s str,
    found: Vec<Found<'s>>,
}

impl<'s> Walk<'s> {
    fn body(&mut self, body: &'s Body, title: &'s str, place: Place) {
        if let Body::Fields(fields) = body {
            self.add(What::Object(fields), Some(title), place.clone());
            self.members(fields, &place);
        }
    }

    fn members(&mut self, fields: &'s [Field], place: &Place) {
        for field in fields {
            self.ty(&field.ty, field.title.as_deref(), place.child(&field.name));
        }
    }

    fn ty(&mut self, ty: &'s FieldType, title: Option<&'s str>, place: Place) {
        match ty {
            FieldType::Object(fields) => {
                self.add(What::Object(fields), title, place.clone());
                self.members(fields, &place);
            }
            FieldType::Enum { .. } => self.add(What::Enum(ty), title, place),
            FieldType::List(element) => self.ty(element, title, place.child(ELEMENT)),
            FieldType::JsonText(content) => self.ty(content, title, place.child(CONTENT)),
            FieldType::Primitive(_) | FieldType::Named(_) => {}
        }
    }

    fn add(&mut self, ty: What<'s>, title: Option<&'s str>, place: Place) {
        self.found.push(Found { place, family: self.family, title, ty });
    }
}

//! Finds out whether an operation sends encrypted fields.

use std::collections::BTreeSet;

use crate::model::visit::{Visit, walk_body, walk_fields, walk_named_type, walk_type};
use crate::model::{
    EntryName, FieldPlace, FieldType, Input, Method, Operation, Primitive, Spec, TypeId,
};

/// Whether a request of the operation may have encrypted fields.
pub(super) fn is_sent(spec: &Spec, operation: &Operation) -> bool {
    let place = FieldPlace::new(EntryName::Operation(Method::Post, String::new()));
    let mut finder = SecretFinder { spec, seen: BTreeSet::new(), found: false };
    for fields in [&operation.path, &operation.query, &operation.header] {
        walk_fields(&mut finder, &place, fields);
    }
    match &operation.input {
        Input::None => {}
        Input::Json(request) => walk_body(&mut finder, &place, request),
        Input::Upload(upload) => walk_fields(&mut finder, &place, &upload.meta),
    }
    finder.found
}

struct SecretFinder<'s> {
    spec: &'s Spec,
    seen: BTreeSet<TypeId>,
    found: bool,
}

impl<'s> Visit<'s> for SecretFinder<'s> {
    fn visit_type(&mut self, place: &FieldPlace, ty: &'s FieldType) {
        self.found |= matches!(ty, FieldType::Primitive(Primitive::Secret(_)));
        walk_type(self, place, ty);
    }

    fn visit_reference(&mut self, place: &FieldPlace, id: &'s TypeId) {
        if self.seen.insert(id.clone())
            && let Some(named) = self.spec.types.get(id)
        {
            walk_named_type(self, place, named);
        }
    }
}

//! Writes named types out at their places, so that two states compare by what is on the wire.

use std::collections::BTreeMap;
use std::slice;

use wxpay_spec::model::visit::{Visit, walk_field, walk_named_type, walk_spec};
use wxpay_spec::model::{
    Body, Endpoint, Field, FieldPlace, FieldType, Input, NamedType, Operation, Response, Shape,
    Spec, TypeId,
};

/// Where a field is described: an entry and the keys inside it.
pub(super) type Key = (String, String);

/// Descriptors without named types, except where a type contains itself.
pub(super) struct Expanded {
    pub(super) spec: Spec,
    /// The type that a field was described in, and its keys there.
    pub(super) origins: BTreeMap<Key, (TypeId, String)>,
    /// Every field by its place.
    pub(super) fields: BTreeMap<Key, Field>,
}

impl Expanded {
    pub(super) fn of(spec: &Spec) -> Self {
        let mut origins = Origins { spec, open: Vec::new(), found: BTreeMap::new() };
        walk_spec(&mut origins, spec);
        let mut expanded = spec.clone();
        expanded.types.clear();
        for endpoint in expanded.endpoints.values_mut() {
            expand_endpoint(spec, endpoint);
        }
        for notification in expanded.notifications.values_mut() {
            expand_body(spec, &mut notification.resource);
            if let Some(response) = &mut notification.response {
                expand_body(spec, &mut response.body);
            }
        }
        let mut fields = Fields::default();
        walk_spec(&mut fields, &expanded);
        Self { fields: fields.0, origins: origins.found, spec: expanded }
    }
}

fn expand_endpoint(spec: &Spec, endpoint: &mut Endpoint) {
    for operation in endpoint.operations.values_mut() {
        let Operation { path, query, header, input, response, .. } = operation;
        [path, query, header].into_iter().flatten().for_each(|field| expand(spec, field, &[]));
        match input {
            Input::None => {}
            Input::Json(body) => expand_body(spec, body),
            Input::Upload(upload) => {
                let fields = upload.meta.iter_mut().chain(&mut upload.parts);
                fields.for_each(|field| expand(spec, field, &[]));
            }
        }
        if let Response::Json { body, .. } = response {
            expand_body(spec, body);
        }
    }
}

fn expand_body(spec: &Spec, body: &mut Body) {
    let open = match body {
        Body::Named(id) => vec![id.clone()],
        Body::Fields(_) => Vec::new(),
    };
    let mut fields = body.fields(&spec.types).to_vec();
    fields.iter_mut().for_each(|field| expand(spec, field, &open));
    *body = Body::Fields(fields);
}

fn expand(spec: &Spec, field: &mut Field, open: &[TypeId]) {
    field.ty = expanded(spec, &field.ty, open);
}

/// A type without named types; one that is open already contains itself, and stays.
fn expanded(spec: &Spec, ty: &FieldType, open: &[TypeId]) -> FieldType {
    let members = |fields: &[Field], open: &[TypeId]| {
        let mut fields = fields.to_vec();
        fields.iter_mut().for_each(|field| expand(spec, field, open));
        FieldType::Object(fields)
    };
    match ty {
        FieldType::Named(id) if !open.contains(id) => {
            let open = [open, slice::from_ref(id)].concat();
            match spec.types.get(id).map(|named| &named.shape) {
                Some(Shape::Object { fields, .. }) => members(fields, &open),
                Some(Shape::Enum { integer, values }) => {
                    FieldType::Enum { integer: *integer, values: values.clone() }
                }
                None => ty.clone(),
            }
        }
        FieldType::Object(fields) => members(fields, open),
        FieldType::List(inner) => FieldType::List(Box::new(expanded(spec, inner, open))),
        FieldType::JsonText(inner) => FieldType::JsonText(Box::new(expanded(spec, inner, open))),
        FieldType::Named(_) | FieldType::Primitive(_) | FieldType::Enum { .. } => ty.clone(),
    }
}

/// Finds the type that each field of an entry was described in.
struct Origins<'s> {
    spec: &'s Spec,
    /// The types around the current place, each with how many keys lead to it.
    open: Vec<(&'s TypeId, usize)>,
    found: BTreeMap<Key, (TypeId, String)>,
}

impl<'s> Visit<'s> for Origins<'s> {
    fn visit_field(&mut self, place: &FieldPlace, field: &'s Field) {
        if let Some((id, above)) = self.open.last() {
            let inside = FieldPlace {
                entry: place.entry.clone(),
                keys: place.keys.get(*above..).unwrap_or_default().to_vec(),
            };
            let key = (place.entry.to_string(), place.key_path());
            self.found.insert(key, ((*id).clone(), inside.key_path()));
        }
        walk_field(self, place, field);
    }

    /// The places that use a type are of interest, not the type itself.
    fn visit_named_type(&mut self, _: &FieldPlace, _: &'s TypeId, _: &'s NamedType) {}

    fn visit_reference(&mut self, place: &FieldPlace, id: &'s TypeId) {
        if self.open.iter().any(|(other, _)| *other == id) {
            return;
        }
        let Some(named) = self.spec.types.get(id) else { return };
        self.open.push((id, place.keys.len()));
        walk_named_type(self, place, named);
        self.open.pop();
    }
}

/// Every field by its place.
#[derive(Default)]
struct Fields(BTreeMap<Key, Field>);

impl<'s> Visit<'s> for Fields {
    fn visit_field(&mut self, place: &FieldPlace, field: &'s Field) {
        self.0.insert((place.entry.to_string(), place.key_path()), field.clone());
        walk_field(self, place, field);
    }
}

use wxpay_spec::model::{Body, Field, Input, Operation, Response, Spec, TypeId};

/// An object: its members, or the named type that has them.
#[derive(Clone, Copy)]
pub(crate) enum Object<'s> {
    /// Members of its own.
    Fields(&'s [Field]),
    /// A named type.
    Named(&'s TypeId),
}

impl<'s> Object<'s> {
    fn of(body: &'s Body) -> Self {
        match body {
            Body::Fields(fields) => Self::Fields(fields),
            Body::Named(id) => Self::Named(id),
        }
    }
}

/// The objects of one operation or notification, by the names they have there.
pub(crate) type Objects<'s> = Vec<(&'static str, Object<'s>)>;

/// The objects of every operation, then those of every notification.
pub(crate) fn of_spec(spec: &Spec) -> impl Iterator<Item = Objects<'_>> {
    let operations = spec.endpoints.values().flat_map(|endpoint| endpoint.operations.values());
    let resources = spec.notifications.values().map(|notification| &notification.resource);
    operations
        .map(of_operation)
        .chain(resources.map(|resource| vec![("Resource", Object::of(resource))]))
}

fn of_operation(operation: &Operation) -> Objects<'_> {
    let mut objects = Vec::new();
    let members =
        [("Path", &operation.path), ("Query", &operation.query), ("Header", &operation.header)];
    for (name, fields) in members {
        if !fields.is_empty() {
            objects.push((name, Object::Fields(fields)));
        }
    }
    match &operation.input {
        Input::None => {}
        Input::Json(body) => objects.push(("Request", Object::of(body))),
        Input::Upload(upload) => objects.push(("Meta", Object::Fields(&upload.meta))),
    }
    if let Response::Json { body, .. } = &operation.response {
        objects.push(("Response", Object::of(body)));
    }
    objects
}

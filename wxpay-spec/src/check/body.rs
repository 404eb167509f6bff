use std::collections::BTreeMap;

use crate::model::{Body, Field, NamedType, Shape, TypeId};

/// The members of a body, written out or of its named type; none if the type does not exist.
pub(super) fn fields<'a>(body: &'a Body, types: &'a BTreeMap<TypeId, NamedType>) -> &'a [Field] {
    match body {
        Body::Fields(fields) => fields,
        Body::Named(id) => match types.get(id).map(|named| &named.shape) {
            Some(Shape::Object { fields, .. }) => fields,
            _ => &[],
        },
    }
}

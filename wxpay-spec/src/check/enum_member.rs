use std::collections::BTreeMap;

use super::reference::{Place, Reference};
use crate::model::{NamedType, Shape, TypeId};

/// What travels as plain text can be an enum but no object.
pub(super) fn check(references: &[Reference<'_>], types: &BTreeMap<TypeId, NamedType>) {
    for reference in references.iter().filter(|reference| reference.place == Place::Text) {
        let shape = types.get(&reference.target).map(|named| &named.shape);
        if let Some(Shape::Object { .. }) = shape {
            reference
                .error("is an object", "expected an enum type in a URL, a header or a text part");
        }
    }
}

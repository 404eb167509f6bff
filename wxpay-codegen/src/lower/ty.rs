//! Lowers the type of a field.

use wxpay_spec::model::{Direction, FieldType, Primitive, Secret, StringFormat, TypeId};

use super::element::element;
use super::known::KnownShape;
use super::object::Nest;
use super::place::Place;
use super::{Lowering, docs};
use crate::ir::{Definition, Docs, Ty};

/// A value whose type is lowered: what a nested type of it is called, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot<'p> {
    /// The text that a nested type is named for.
    pub(super) called: &'p str,
    pub(super) title: Option<&'p str>,
    pub(super) place: &'p Place<'p>,
}

impl Lowering<'_> {
    /// The Rust type of a value; its nested types go into `nest`.
    pub(super) fn ty(&mut self, ty: &FieldType, slot: Slot<'_>, nest: &mut Nest) -> Option<Ty> {
        match ty {
            FieldType::Primitive(primitive) => Some(primitive_type(primitive)),
            FieldType::Named(id) => self.reference(id, nest.direction, slot.place),
            FieldType::List(item) => self.list(item, slot, nest),
            FieldType::JsonText(content) => match **content {
                FieldType::JsonText(_) => {
                    self.error(slot.place, "JSON text inside JSON text is not supported");
                    None
                }
                ref content => self.ty(content, slot, nest),
            },
            FieldType::Enum { integer, values } => {
                let path = nest.claim(slot, &mut self.errors)?;
                let open = self.open_enum(path.clone(), title(slot), *integer, values, slot.place);
                nest.types.push(Definition::Enum(open));
                Some(Ty::Enum(path))
            }
            FieldType::Object(fields) => {
                let path = nest.claim(slot, &mut self.errors)?;
                let place = slot.place.key("fields");
                let object = self.object(path.clone(), title(slot), fields, nest.direction, &place);
                let start = match &object {
                    Definition::Sent(sent) => sent.start(),
                    Definition::Received(_) | Definition::Enum(_) => None,
                };
                nest.types.push(object);
                Some(Ty::Object { path, start })
            }
        }
    }

    fn list(&mut self, item: &FieldType, slot: Slot<'_>, nest: &mut Nest) -> Option<Ty> {
        if matches!(item, FieldType::List(_) | FieldType::JsonText(_)) {
            self.error(slot.place, "a list of lists or of JSON texts is not supported");
            return None;
        }
        let place = slot.place.key("items");
        let nested = nest.types.len();
        let called = element(slot.called);
        let item = self.ty(item, Slot { called: &called, place: &place, ..slot }, nest)?;
        for definition in nest.types.iter_mut().skip(nested) {
            definition.allow_in_lists();
        }
        Some(Ty::List(Box::new(item)))
    }

    /// The named type, which must have the direction of its place.
    pub(super) fn reference(
        &mut self,
        id: &TypeId,
        direction: Direction,
        place: &Place<'_>,
    ) -> Option<Ty> {
        let Some(known) = self.known.get(id) else {
            let message = format!("there is no type `{}/{}`", id.family, id.name);
            self.error(place, message);
            return None;
        };
        match (&known.shape, direction) {
            (KnownShape::Enum, _) => Some(Ty::Enum(known.path.clone())),
            (KnownShape::Received, Direction::Response) => {
                Some(Ty::Object { path: known.path.clone(), start: None })
            }
            (KnownShape::Sent(start), Direction::Request) => {
                Some(Ty::Object { path: known.path.clone(), start: start.clone() })
            }
            (KnownShape::Received, Direction::Request)
            | (KnownShape::Sent(_), Direction::Response) => {
                let message = format!("`{}/{}` travels the other way", id.family, id.name);
                self.error(place, message);
                None
            }
        }
    }
}

fn title(slot: Slot<'_>) -> Docs {
    docs::ty(slot.title, slot.called, None)
}

fn primitive_type(primitive: &Primitive) -> Ty {
    match primitive {
        Primitive::String(Some(StringFormat::DateTime)) => Ty::Timestamp,
        Primitive::String(_) => Ty::String,
        Primitive::Integer => Ty::Integer,
        Primitive::Number => Ty::Number,
        Primitive::Boolean => Ty::Boolean,
        Primitive::Json => Ty::Json,
        Primitive::Secret(Secret::Text) => Ty::Secret,
        Primitive::Secret(Secret::Bytes) => Ty::SecretBytes,
    }
}

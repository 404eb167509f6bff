//! Lowers the types of fields, the types that operations share, and enums.

use wxpay_spec::model::{
    Direction, EnumValue, FieldType, NamedType, Primitive, Secret, Shape, StringFormat, TypeId,
};

use super::context::{KnownShape, Lowering};
use super::docs;
use super::features::{FeatureCondition, Users};
use super::names::{self, NameKind, Place, Scope, element};
use super::object::{Nest, Slot};
use crate::ir::{
    Content, Definition, Docs, Module, ModulePath, Name, OpenEnum, Source, Stage, Ty, TypePath,
    Variant,
};

impl Lowering<'_> {
    /// Lowers the module with a family's named types.
    pub(super) fn types(
        &mut self,
        family: &str,
        parent: &ModulePath,
        inside: &FeatureCondition,
    ) -> Module {
        let name = names::fixed("types");
        let spec = self.spec;
        let mut scope = Scope::default();
        let mut contents = Vec::new();
        let first = TypeId { family: family.to_owned(), name: String::new() };
        for (id, named) in spec.types.range(first..).take_while(|(id, _)| id.family == family) {
            let file = Place::file(&named.source);
            let place = file.key(&id.name);
            let Some(known) = self.known.get(id) else {
                continue;
            };
            let path = known.path.clone();
            scope.claim(&path.name, place, &mut self.errors);
            scope.claim(&names::companion(&path.name), place, &mut self.errors);
            contents.push(Content::Definition(self.named_type(id, named, path, &place)));
        }
        let condition = Users::one(family).condition(self.layout);
        Module {
            path: parent.child(&name),
            name,
            docs: Docs::line("Types that several operations share."),
            labels: Vec::new(),
            gate: condition.gate_inside(inside),
            source: Source::One(format!("types/{family}.yaml")),
            contents,
            children: Vec::new(),
        }
    }

    fn named_type(
        &mut self,
        id: &TypeId,
        named: &NamedType,
        path: TypePath,
        place: &Place<'_>,
    ) -> Definition {
        let docs = docs::ty(named.title.as_deref(), &id.name, named.note.as_ref());
        match &named.shape {
            Shape::Enum { integer, values } => {
                Definition::Enum(self.open_enum(path, docs, *integer, values, place))
            }
            Shape::Object { direction, fields } => {
                let shapes = self.known.shapes(id);
                let mut object = self.object(path, docs, fields, *direction, &place.key("fields"));
                // Another descriptor may use it in a list or require it, now or later.
                object.allow_in_lists();
                object.allow_as_required();
                object.carried_by(shapes)
            }
        }
    }
}

impl Lowering<'_> {
    /// Lowers the type of a value. Nested types go into `nest`.
    pub(super) fn ty(&mut self, ty: &FieldType, slot: Slot<'_>, nest: &mut Nest) -> Option<Ty> {
        match ty {
            FieldType::Primitive(primitive) => Some(primitive_type(primitive)),
            FieldType::Named(id) => self.reference(id, nest.direction, slot.place),
            FieldType::List(item) => self.list(item, slot, nest),
            FieldType::JsonText(content) => match **content {
                FieldType::JsonText(_) => {
                    self.error(slot.place, "JSON text inside JSON text is not supported: describe the inner one as `type: string`");
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
                    Definition::Request(sent) => sent.start(),
                    Definition::Response(_) | Definition::Enum(_) => None,
                };
                nest.types.push(object);
                Some(Ty::Object { path, start })
            }
        }
    }

    fn list(&mut self, item: &FieldType, slot: Slot<'_>, nest: &mut Nest) -> Option<Ty> {
        if matches!(item, FieldType::List(_) | FieldType::JsonText(_)) {
            self.error(slot.place, "a list of lists or of JSON texts is not supported: describe its elements as `type: json`");
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

    /// Resolves a reference to a named type and checks its direction.
    pub(super) fn reference(
        &mut self,
        id: &TypeId,
        direction: Direction,
        place: &Place<'_>,
    ) -> Option<Ty> {
        let Some(known) = self.known.get(id) else {
            let message = format!(
                "there is no type `{}/{}`: correct the name or add the type",
                id.family, id.name
            );
            self.error(place, message);
            return None;
        };
        match (&known.shape, direction) {
            (KnownShape::Enum, _) => Some(Ty::Enum(known.path.clone())),
            (KnownShape::Response, Direction::Response) => {
                Some(Ty::Object { path: known.path.clone(), start: None })
            }
            (KnownShape::Request(start), Direction::Request) => {
                Some(Ty::Object { path: known.path.clone(), start: start.clone() })
            }
            (KnownShape::Response, Direction::Request) => {
                let name = format!("{}/{}", id.family, id.name);
                self.error(place, format!("`{name}` is a type of responses: use one of requests"));
                None
            }
            (KnownShape::Request(_), Direction::Response) => {
                let name = format!("{}/{}", id.family, id.name);
                self.error(place, format!("`{name}` is a type of requests: use one of responses"));
                None
            }
        }
    }

    /// Resolves the named object of a response.
    pub(super) fn received_type(&mut self, id: &TypeId, place: &Place<'_>) -> Option<TypePath> {
        self.reference(id, Direction::Response, place)?;
        let known = self.known.get(id)?;
        if matches!(known.shape, KnownShape::Enum) {
            self.error(place, "a response is an object, not an enum: use an object type");
            return None;
        }
        Some(known.path.clone())
    }

    /// Resolves the named object of a request, with the first stage of its builder.
    pub(super) fn sent_type(
        &mut self,
        id: &TypeId,
        place: &Place<'_>,
    ) -> Option<(TypePath, Option<Stage>)> {
        self.reference(id, Direction::Request, place)?;
        let known = self.known.get(id)?;
        let KnownShape::Request(start) = &known.shape else {
            self.error(place, "a request is an object, not an enum: use an object type");
            return None;
        };
        Some((known.path.clone(), start.clone()))
    }
}

fn title(slot: Slot<'_>) -> Docs {
    docs::ty(slot.title, slot.called, None)
}

pub(super) fn primitive_type(primitive: &Primitive) -> Ty {
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

impl Lowering<'_> {
    /// Lowers an enum with its known values.
    pub(super) fn open_enum(
        &mut self,
        path: TypePath,
        docs: Docs,
        integer: bool,
        values: &[EnumValue],
        place: &Place<'_>,
    ) -> OpenEnum {
        let keys = place.key("enum");
        let mut scope = Scope::default();
        let mut variants = Vec::with_capacity(values.len());
        for value in values {
            let place = keys.key(&value.wire);
            let rust = value.rust.as_deref();
            let Some(rust) = self.name(&value.wire, rust, NameKind::Variant, place) else {
                continue;
            };
            scope.claim(&rust, place, &mut self.errors);
            variants.push(Variant {
                docs: docs::variant(value),
                name: Name { wire: value.wire.clone(), rust },
            });
        }
        OpenEnum { path, docs, integer, variants }
    }
}

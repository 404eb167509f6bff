//! Lowers an object: its fields, its members and its nested types.

use wxpay_spec::model::{Direction, Field, Upload};

use super::context::Lowering;
use super::docs;
use super::names::{self, NameKind, Place, Scope};
use super::sample::{file_name, placeholder, sample};
use crate::error::Errors;
use crate::ir::{
    self, Companion, Definition, Docs, Ident, Member, ModulePath, Name, RequestStruct,
    ResponseStruct, Sample, Ty, TypePath, Value,
};

/// The position of a value whose type is lowered: the name for a nested type, and the place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot<'p> {
    /// The text that gives a nested type its name.
    pub(super) called: &'p str,
    pub(super) title: Option<&'p str>,
    pub(super) place: &'p Place<'p>,
}

/// Collects the nested types of a struct's companion module.
#[derive(Debug)]
pub(super) struct Nest {
    pub(super) direction: Direction,
    pub(super) types: Vec<Definition>,
    name: Ident,
    module: ModulePath,
    scope: Scope,
}

/// Collects the fields of a struct.
#[derive(Debug)]
pub(super) struct StructFields {
    pub(super) nest: Nest,
    pub(super) fields: Vec<ir::Field>,
    kind: NameKind,
    scope: Scope,
}

impl Lowering<'_> {
    /// Lowers an object to a struct.
    pub(super) fn object(
        &mut self,
        path: TypePath,
        docs: Docs,
        fields: &[Field],
        direction: Direction,
        place: &Place<'_>,
    ) -> Definition {
        let kind = match direction {
            Direction::Request => NameKind::RequestField,
            Direction::Response => NameKind::ResponseField,
        };
        let mut struct_fields = StructFields::new(&path, direction, kind);
        let members = self.members(fields, &mut struct_fields, place);
        match direction {
            Direction::Request => {
                Definition::Request(struct_fields.into_sent(path, docs, Some(members)))
            }
            Direction::Response => Definition::Response(struct_fields.into_received(path, docs)),
        }
    }

    /// Adds fields to a struct, and returns their members on the wire.
    pub(super) fn members(
        &mut self,
        fields: &[Field],
        into: &mut StructFields,
        place: &Place<'_>,
    ) -> Vec<Member> {
        fields
            .iter()
            .filter_map(|field| self.member(field, into, &place.key(&field.name)))
            .collect()
    }

    fn member(
        &mut self,
        field: &Field,
        into: &mut StructFields,
        place: &Place<'_>,
    ) -> Option<Member> {
        if field.computed.is_some() {
            self.error(place, "only the meta of an upload can have a computed member");
            return None;
        }
        let rust = self.name(&field.name, field.rust.as_deref(), into.kind, place)?;
        into.scope.claim(&rust, place, &mut self.errors);
        let slot = Slot {
            called: field.rust.as_deref().unwrap_or(&field.name),
            title: field.title.as_deref(),
            place,
        };
        let nested = into.nest.types.len();
        let ty = self.ty(&field.ty, slot, &mut into.nest)?;
        if !field.optional && matches!(ty, Ty::Object { .. }) {
            into.nest.types.iter_mut().skip(nested).for_each(Definition::allow_as_required);
        }
        let direction = into.nest.direction;
        let json_text = matches!(field.ty, wxpay_spec::model::FieldType::JsonText(_));
        let name = Name { wire: field.name.clone(), rust };
        let member =
            Member { wire: field.name.clone(), value: Value::of(&name, json_text, field.empty) };
        into.fields.push(ir::Field {
            docs: docs::field(field, &name.rust.text, direction),
            summary: Docs::line(docs::summary(field)),
            wrapped: match direction {
                Direction::Request => field.optional,
                Direction::Response => ty.is_optional_in_responses(),
            },
            ty,
            optional: field.optional,
            json_text,
            is_second: field.not_with.is_some(),
            sample: sample(self.spec, field),
            placeholder: placeholder(field),
            name,
        });
        Some(member)
    }
}

impl Nest {
    fn new(of: &TypePath, direction: Direction) -> Self {
        let name = names::companion(&of.name);
        let module = of.module.child(&name);
        Self { direction, types: Vec::new(), name, module, scope: Scope::default() }
    }

    /// Reserves the names of a nested type and of its companion module.
    pub(super) fn claim(&mut self, slot: Slot<'_>, errors: &mut Errors) -> Option<TypePath> {
        let name = names::from_wire(slot.called, NameKind::Type)?;
        self.scope.claim(&name, slot.place, errors);
        self.scope.claim(&names::companion(&name), slot.place, errors);
        Some(self.module.of(&name))
    }

    fn into_companion(self, needed: bool, of: &Ident) -> Option<Companion> {
        let docs = Docs::line(format!("The parts of [`{of}`]."));
        let needed = needed || !self.types.is_empty();
        needed.then_some(Companion { name: self.name, docs, types: self.types })
    }
}

impl StructFields {
    pub(super) fn new(of: &TypePath, direction: Direction, kind: NameKind) -> Self {
        Self { nest: Nest::new(of, direction), fields: Vec::new(), kind, scope: Scope::default() }
    }

    /// Redirects nested types to another type's module; returns the previous one.
    pub(super) fn swap_nest(&mut self, of: &TypePath) -> Nest {
        let other = Nest::new(of, self.nest.direction);
        std::mem::replace(&mut self.nest, other)
    }

    pub(super) fn restore_nest(&mut self, own: Nest) {
        self.nest = own;
    }

    /// Adds the file of an upload. The name `file` is reserved.
    pub(super) fn add_file(&mut self, upload: &Upload) {
        self.fields.push(ir::Field {
            name: Name { wire: upload.file.clone(), rust: names::fixed("file") },
            docs: Docs::new(["The file.".to_owned(), "Required.".to_owned()]),
            summary: Docs::line("The file."),
            ty: Ty::File,
            optional: false,
            wrapped: false,
            json_text: false,
            is_second: false,
            sample: Sample::Plain(file_name(upload).into()),
            placeholder: None,
        });
    }

    pub(super) fn into_sent(
        self,
        path: TypePath,
        docs: Docs,
        members: Option<Vec<Member>>,
    ) -> RequestStruct {
        let staged = self.fields.iter().any(|field| !field.optional);
        let companion = self.nest.into_companion(staged, &path.name);
        RequestStruct {
            path,
            docs,
            fields: self.fields,
            members,
            companion,
            listed: false,
            held: false,
        }
    }

    fn into_received(self, path: TypePath, docs: Docs) -> ResponseStruct {
        let companion = self.nest.into_companion(false, &path.name);
        ResponseStruct { path, docs, fields: self.fields, companion, shapes: Vec::new() }
    }
}

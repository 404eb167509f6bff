//! Lowers the shared types.

use wxpay_spec::model::{NamedType, Shape, TypeId};

use super::gates::Condition;
use super::names;
use super::place::{Place, Scope};
use super::{Lowering, docs};
use crate::ir::{Content, Definition, Docs, Module, ModulePath, Source};

impl Lowering<'_> {
    /// The module with a family's named types.
    pub(super) fn types(
        &mut self,
        family: &str,
        parent: &ModulePath,
        inside: &Condition,
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
        let condition = super::gates::Users::one(family).condition(self.layout);
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
        path: crate::ir::TypePath,
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
                // Other descriptors may list or require it, now or later.
                object.allow_in_lists();
                object.allow_as_required();
                object.carried_by(shapes)
            }
        }
    }
}

//! Lowers how the list of a response comes in pages.

use wxpay_spec::model::{self, Direction, Field, FieldType, Input, Response};

use crate::ir::{Ident, ModulePath, PageInput, Paging, ResponseType, Ty, TypePath};
use crate::lower::context::Lowering;
use crate::lower::names::{self, NameKind, Place, element};
use crate::lower::types::primitive_type;

impl Lowering<'_> {
    /// How an operation's list comes in pages, with the names that its two structs have already.
    pub(super) fn paging(
        &mut self,
        operation: &model::Operation,
        response: &ResponseType,
        module: &ModulePath,
        place: &Place<'_>,
    ) -> Option<Paging> {
        let paging = operation.pages.as_ref()?;
        let spec = self.spec;
        let body: &[Field] = match &operation.input {
            Input::Json(request) => request.fields(&spec.types),
            Input::None | Input::Upload(_) => &[],
        };
        let inputs: Vec<&Field> = operation.query.iter().chain(body).collect();
        let Response::Json { body, .. } = &operation.response else { return None };
        let members = body.fields(&spec.types);
        let owner = match response {
            ResponseType::Named { path, .. } => path.clone(),
            _ => module.of(&names::fixed("Response")),
        };
        let input = |name: &str| {
            let field = inputs.iter().find(|field| field.name == name);
            field.and_then(|field| rust_name(field, NameKind::RequestField))
        };
        let member = |name: &str| members.iter().find(|field| field.name == name);
        let output =
            |name: &str| member(name).and_then(|field| rust_name(field, NameKind::ResponseField));
        let by = match &paging.by {
            model::PageInput::Offset(name) => PageInput::Offset(input(name)?),
            model::PageInput::Number { input: name, first } => {
                PageInput::Number { input: input(name)?, first: *first }
            }
            model::PageInput::Token { input: name, next } => {
                PageInput::Token { input: input(name)?, next: output(next)? }
            }
        };
        let is_integer =
            |field: &&Field| matches!(field.ty, FieldType::Primitive(model::Primitive::Integer));
        let confirmed = paging.limit.as_deref().and_then(member).filter(is_integer);
        let (items, limit) = (output(&paging.items)?, paging.limit.as_deref().and_then(input));
        let confirmed_limit = confirmed.and_then(|field| rust_name(field, NameKind::ResponseField));
        let total = paging.total.as_deref().and_then(output);
        let item = self.item(member(&paging.items)?, &owner, place)?;
        Some(Paging { items, item, by, limit, confirmed_limit, total })
    }

    /// The type of a list's elements. A nested type has its name already.
    fn item(&mut self, list: &Field, owner: &TypePath, place: &Place<'_>) -> Option<Ty> {
        let FieldType::List(item) = &list.ty else { return None };
        let nested = || {
            let called = list.rust.as_deref().unwrap_or(&list.name);
            let name = names::from_wire(&element(called), NameKind::Type)?;
            Some(owner.module.child(&names::companion(&owner.name)).of(&name))
        };
        match &**item {
            FieldType::Primitive(primitive) => Some(primitive_type(primitive)),
            FieldType::Named(id) => self.reference(id, Direction::Response, place),
            FieldType::Enum { .. } => Some(Ty::Enum(nested()?)),
            FieldType::Object(_) => Some(Ty::Object { path: nested()?, start: None }),
            FieldType::List(_) | FieldType::JsonText(_) => None,
        }
    }
}

fn rust_name(field: &Field, kind: NameKind) -> Option<Ident> {
    match &field.rust {
        Some(rust) => names::by_hand(rust, kind),
        None => names::from_wire(&field.name, kind),
    }
}

//! Checks how a list comes in pages: the members that `pages` names exist and fit.

use std::collections::BTreeMap;

use crate::cursor::Cursor;
use crate::model::{
    Field, FieldType, Input, NamedType, Operation, PageInput, Primitive, Response, TypeId,
};
use crate::suggestion::suggest;

/// Checks the members that `pages` names.
pub(super) fn check(at: &Cursor<'_>, operation: &Operation, types: &BTreeMap<TypeId, NamedType>) {
    let (Some(at), Some(paging)) = (at.get("pages"), &operation.pages) else { return };
    let body = match &operation.input {
        Input::Json(request) => request.fields(types),
        Input::None | Input::Upload(_) => &[],
    };
    let inputs: Vec<&Field> = operation.query.iter().chain(body).collect();
    let members: Vec<&Field> = match &operation.response {
        Response::Json { body, .. } => body.fields(types).iter().collect(),
        Response::None { .. } | Response::Download(_) => Vec::new(),
    };
    let (inputs, members) = (("request", inputs.as_slice()), ("response", members.as_slice()));
    let check = |key, name: Option<&str>, side, expected| {
        if let (Some(at), Some(name)) = (at.get(key), name) {
            member(&at, name, side, expected);
        }
    };
    check("items", Some(&paging.items), members, Expected::List);
    match &paging.by {
        PageInput::Offset(input) => check("offset", Some(input), inputs, Expected::Integer),
        PageInput::Number { input, .. } => check("page", Some(input), inputs, Expected::Integer),
        PageInput::Token { input, next } => {
            check("token", Some(input), inputs, Expected::OptionalText);
            check("next", Some(next), members, Expected::Text);
        }
    }
    check("limit", paging.limit.as_deref(), inputs, Expected::Integer);
    check("total", paging.total.as_deref(), members, Expected::Integer);
}

/// What a member must be.
#[derive(Clone, Copy)]
enum Expected {
    List,
    Integer,
    Text,
    OptionalText,
}

impl Expected {
    fn fits(self, field: &Field) -> bool {
        match (self, &field.ty) {
            (Self::List, FieldType::List(_))
            | (Self::Integer, FieldType::Primitive(Primitive::Integer))
            | (Self::Text, FieldType::Primitive(Primitive::String(None))) => true,
            (Self::OptionalText, FieldType::Primitive(Primitive::String(None))) => field.optional,
            _ => false,
        }
    }

    const fn noun(self) -> &'static str {
        match self {
            Self::List => "a list",
            Self::Integer => "an integer",
            Self::Text => "a text without a format",
            Self::OptionalText => "an optional text without a format",
        }
    }
}

/// Checks one name. `side` is a part of the call with its members.
fn member(at: &Cursor<'_>, name: &str, side: (&str, &[&Field]), expected: Expected) {
    let (side, fields) = side;
    match fields.iter().find(|field| field.name == name) {
        Some(field) if expected.fits(field) => {}
        Some(_) => at.error(&format!("`{name}` is not {}", expected.noun()), None),
        None => {
            let fitting = fields.iter().filter(|field| expected.fits(field));
            let names: Vec<&str> = fitting.map(|field| field.name.as_str()).collect();
            at.error(&format!("the {side} has no member `{name}`"), suggest(name, names));
        }
    }
}

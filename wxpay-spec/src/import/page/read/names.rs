//! Rust names for members whose wire names would give the same one.

use std::collections::HashSet;

use crate::import::page::parse::Piece;
use crate::model::{Body, Field, FieldType, Input, Operation, Response};
use crate::rust_name::{field_name, snake_case};

/// Gives each member of an operation a Rust name of its own, with a remark.
///
/// One Rust request carries the members of the body, the query and the headers.
pub(super) fn tell_apart(operation: &mut Operation, at: &Piece<'_>) {
    let mut taken = HashSet::new();
    match &mut operation.input {
        Input::Json(Body::Fields(fields)) => group(fields, "body", &mut taken, at),
        Input::Upload(upload) => {
            group(&mut upload.meta, "meta", &mut taken, at);
            group(&mut upload.parts, "part", &mut taken, at);
        }
        Input::Json(Body::Named(_)) | Input::None => {}
    }
    group(&mut operation.query, "query", &mut taken, at);
    group(&mut operation.header, "header", &mut taken, at);
    group(&mut operation.path, "path", &mut HashSet::new(), at);
    if let Response::Json { body: Body::Fields(fields), .. } = &mut operation.response {
        group(fields, "body", &mut HashSet::new(), at);
    }
}

fn group(fields: &mut Vec<Field>, kind: &str, taken: &mut HashSet<String>, at: &Piece<'_>) {
    fields.retain_mut(|field| {
        inside(&mut field.ty, at);
        if taken.insert(field_name(field)) {
            return true;
        }
        let stem = snake_case(&field.name).filter(|name| name.is_ascii()).unwrap_or_default();
        let mut names = (1..100).map(|number| match number {
            1 => format!("{kind}_{stem}"),
            number => format!("{kind}_{stem}_{number}"),
        });
        field.rust = names.find(|name| taken.insert(name.clone()));
        let (name, rust) = (&field.name, field.rust.as_deref());
        at.remark(match rust {
            Some(rust) => {
                format!("`{name}` is there twice in Rust: named `{rust}`; choose a better name")
            }
            None => format!("`{name}` is there twice in Rust: left out"),
        });
        rust.is_some()
    });
}

fn inside(ty: &mut FieldType, at: &Piece<'_>) {
    match ty {
        FieldType::Object(fields) => group(fields, "other", &mut HashSet::new(), at),
        FieldType::List(element) | FieldType::JsonText(element) => inside(element, at),
        FieldType::Primitive(_) | FieldType::Enum { .. } | FieldType::Named(_) => {}
    }
}

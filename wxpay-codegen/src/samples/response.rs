//! Writes what tests expect of a response or a resource: the kinds of its members, and its secrets.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use wxpay_spec::model::{
    Body, Field, FieldType, NamedType, Notification, Primitive, Shape, Spec, StringFormat, TypeId,
};

use super::index::Index;
use super::json;
use crate::ir::{self, Definition, ResponseStruct, ResponseType, Ty, TypePath};

/// All members of a response or a resource, as JSON. Each value names its kind.
pub(super) fn members(spec: &Spec, body: &Body) -> String {
    let mut walk = MemberKinds { spec, inside: Vec::new() };
    match body {
        Body::Fields(fields) => walk.object(fields),
        Body::Named(id) => walk.named(id).unwrap_or_default(),
    }
}

/// All members of a notification's resource, as JSON.
///
/// A shared type may have members that this notification never has; the condition lists them.
pub(super) fn resource(spec: &Spec, notification: &Notification) -> String {
    let fields = match &notification.resource {
        Body::Fields(fields) => fields.as_slice(),
        Body::Named(id) => spec.types.get(id).map(fields_of).unwrap_or_default(),
    };
    let absent = &notification.condition.absent;
    let inside = match &notification.resource {
        Body::Fields(_) => Vec::new(),
        Body::Named(id) => vec![id],
    };
    MemberKinds { spec, inside }.object(fields.iter().filter(|field| !absent.contains(&field.name)))
}

fn fields_of(named: &NamedType) -> &[Field] {
    match &named.shape {
        Shape::Object { fields, .. } => fields,
        Shape::Enum { .. } => &[],
    }
}

struct MemberKinds<'a> {
    spec: &'a Spec,
    /// The named types around the current place. A type inside itself has no kind.
    inside: Vec<&'a TypeId>,
}

impl<'a> MemberKinds<'a> {
    fn object(&mut self, fields: impl IntoIterator<Item = &'a Field>) -> String {
        let members: Vec<_> = fields
            .into_iter()
            .filter_map(|field| Some((field.name.as_str(), self.value(&field.ty, field)?)))
            .collect();
        json::object(members)
    }

    /// The kinds in a value. `None` for an object inside itself, which no example has.
    fn value(&mut self, ty: &'a FieldType, of: &Field) -> Option<String> {
        match ty {
            FieldType::Primitive(Primitive::Secret(_)) => Some(secret(of)),
            FieldType::Primitive(primitive) => Some(kind(primitive_kind(primitive))),
            FieldType::Enum { integer, .. } => Some(kind(enum_kind(*integer))),
            FieldType::Object(fields) => Some(self.object(fields)),
            FieldType::Named(id) => self.named(id),
            FieldType::List(item) => {
                Some(format!("[{}]", self.value(item, of).unwrap_or_default()))
            }
            FieldType::JsonText(content) => {
                Some(json::object([("$json", self.value(content, of)?)]))
            }
        }
    }

    fn named(&mut self, id: &'a TypeId) -> Option<String> {
        match &self.spec.types.get(id)?.shape {
            Shape::Enum { integer, .. } => Some(kind(enum_kind(*integer))),
            Shape::Object { .. } if self.inside.contains(&id) => None,
            Shape::Object { fields, .. } => {
                self.inside.push(id);
                let object = self.object(fields);
                self.inside.pop();
                Some(object)
            }
        }
    }
}

fn kind(name: &str) -> String {
    Value::from(name).to_string()
}

/// The kind of a secret, with the example's text.
fn secret(field: &Field) -> String {
    let example = field.example.as_ref().map(|example| &example.0);
    let example = example.and_then(|example| example.as_str().or_else(|| example.get(0)?.as_str()));
    kind(&format!("secret {}", example.unwrap_or("text")))
}

fn enum_kind(integer: bool) -> &'static str {
    if integer { "integer enum" } else { "enum" }
}

fn primitive_kind(primitive: &Primitive) -> &'static str {
    match primitive {
        Primitive::String(Some(StringFormat::DateTime)) => "time",
        Primitive::String(_) => "text",
        Primitive::Integer => "integer",
        Primitive::Number => "number",
        Primitive::Boolean => "boolean",
        Primitive::Json => "json",
        Primitive::Secret(_) => "secret",
    }
}

/// The accessors of a response's secrets, by key path.
pub(super) fn secrets_of_response(index: &Index<'_>, response: &ResponseType) -> Vec<TokenStream> {
    match response {
        ResponseType::Own(Definition::Response(received)) => accessors(index, received),
        ResponseType::Named { path, .. } => secrets_of_type(index, path),
        ResponseType::Own(_) | ResponseType::NoContent { .. } | ResponseType::Download { .. } => {
            Vec::new()
        }
    }
}

/// The accessors of a type's secrets, by key path.
pub(super) fn secrets_of_type(index: &Index<'_>, path: &TypePath) -> Vec<TokenStream> {
    index.received(path).map(|received| accessors(index, received)).unwrap_or_default()
}

fn accessors(index: &Index<'_>, received: &ResponseStruct) -> Vec<TokenStream> {
    let mut walk = SecretWalk { index, inside: Vec::new(), found: Vec::new() };
    walk.object(received, "", &quote! { response });
    walk.found
}

struct SecretWalk<'a> {
    index: &'a Index<'a>,
    /// The objects around the current place. A type inside itself has no further secrets.
    inside: Vec<&'a TypePath>,
    found: Vec<TokenStream>,
}

impl<'a> SecretWalk<'a> {
    fn object(&mut self, received: &'a ResponseStruct, path: &str, place: &TokenStream) {
        if self.inside.contains(&&received.path) {
            return;
        }
        self.inside.push(&received.path);
        for field in &received.fields {
            self.field(field, path, place);
        }
        self.inside.pop();
    }

    fn field(&mut self, field: &'a ir::Field, path: &str, place: &TokenStream) {
        let separator = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{separator}{}", field.name.wire);
        let name = &field.name.rust;
        let place = quote! { #place.#name };
        match &field.ty {
            Ty::List(item) => self.value(item, &format!("{path}[0]"), &quote! { #place.first()? }),
            ty if field.wrapped => self.value(ty, &path, &quote! { #place.as_ref()? }),
            ty => self.value(ty, &path, &place),
        }
    }

    fn value(&mut self, ty: &Ty, path: &str, place: &TokenStream) {
        match ty {
            Ty::Secret => self.found.push(quote! {
                (#path, |response| #place.plaintext().map(str::as_bytes))
            }),
            Ty::SecretBytes => self.found.push(quote! { (#path, |response| #place.plaintext()) }),
            Ty::Object { path: object, .. } => {
                if let Some(received) = self.index.received(object) {
                    self.object(received, path, place);
                }
            }
            _ => {}
        }
    }
}

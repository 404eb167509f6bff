//! The members of a response or a resource, with the kinds of their values.

use serde_json::Value;
use wxpay_spec::model::{
    Body, Field, FieldType, NamedType, Notification, Primitive, Shape, Spec, StringFormat, TypeId,
};

use super::json;

/// Every member that an answer or a resource has, as JSON whose values name their kinds.
pub(super) fn members(spec: &Spec, body: &Body) -> String {
    let mut walk = MemberKinds { spec, inside: Vec::new() };
    match body {
        Body::Fields(fields) => walk.object(fields),
        Body::Named(id) => walk.named(id).unwrap_or_default(),
    }
}

/// Every member that a notification may have: one whose absence tells it from others is not among
/// them, though the type that it shares with them has it.
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
    /// The named types around the current place: a type inside itself ends there.
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

    /// A value's kinds; none for an object inside itself, which no example has.
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

/// The kind of a secret, with what the example has in it.
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

//! Fills in the examples of all fields, once every named type is known.

use serde_json::Value;

use super::example_value::{Types, example_value};
use crate::cursor::Cursor;
use crate::model::{
    Body, Example, Field, FieldType, Input, Operation, Response, Shape, Spec, sorted_json,
};
use crate::sources::Sources;

/// Fills in the examples of all fields. Every named type is known by now.
pub(super) fn fill(spec: &mut Spec, sources: &Sources<'_>) {
    let types: Types = spec.types.clone();
    for (id, named) in &mut spec.types {
        let entry = sources.file(&named.source).and_then(|file| file.get(&id.name));
        if let (Shape::Object { fields, .. }, Some(entry)) = (&mut named.shape, entry) {
            members(entry.get("fields"), fields, &types);
        }
    }
    for endpoint in spec.endpoints.values_mut() {
        let Some(file) = sources.file(&endpoint.source) else {
            continue;
        };
        for (method, operation) in &mut endpoint.operations {
            if let Some(at) = file.get(method.key()) {
                self::operation(&at, operation, &types);
            }
        }
    }
    for notification in spec.notifications.values_mut() {
        let Some(file) = sources.file(&notification.source) else { continue };
        body(file.get("resource"), &mut notification.resource, &types);
        if let Some(response) = &mut notification.response {
            body(file.get("response"), &mut response.body, &types);
        }
    }
}

fn operation(at: &Cursor<'_>, operation: &mut Operation, types: &Types) {
    members(at.get("path"), &mut operation.path, types);
    members(at.get("query"), &mut operation.query, types);
    members(at.get("header"), &mut operation.header, types);
    match &mut operation.input {
        Input::None => {}
        Input::Json(request) => body(at.get("request"), request, types),
        Input::Upload(upload) => {
            let place = |key| at.get("upload").and_then(|upload| upload.get(key));
            members(place("meta"), &mut upload.meta, types);
            members(place("parts"), &mut upload.parts, types);
        }
    }
    if let Response::Json { body: object, .. } = &mut operation.response {
        body(at.get("response"), object, types);
    }
}

fn body(at: Option<Cursor<'_>>, body: &mut Body, types: &Types) {
    if let Body::Fields(fields) = body {
        members(at, fields, types);
    }
}

fn members(at: Option<Cursor<'_>>, fields: &mut [Field], types: &Types) {
    let Some(at) = at else { return };
    for field in fields {
        if let Some(member) = at.member(&field.name) {
            field.example = example(&member, &mut field.ty, types).map(Example);
        }
    }
}

/// Reads the example of a field, an element or a content. A list may have it at its element.
fn example(at: &Cursor<'_>, ty: &mut FieldType, types: &Types) -> Option<Value> {
    let inner = match ty {
        FieldType::Object(fields) => {
            members(at.get("fields"), fields, types);
            None
        }
        FieldType::List(element) => {
            let items = at.get("items").and_then(|items| example(&items, element, types));
            items.map(|element| Value::Array(vec![element]))
        }
        FieldType::JsonText(content) => {
            let inside = at.get("content").and_then(|inside| example(&inside, content, types));
            inside.map(|value| Value::String(sorted_json(value).to_string()))
        }
        _ => None,
    };
    let type_is_known = at.get("type").is_some_and(|ty| !ty.has_mistake());
    match at.get("example").filter(|given| type_is_known && !given.is_wrong()) {
        Some(given) => example_value(&given, at, ty, types),
        None => inner,
    }
}

use super::field::{self, Outside};
use super::node::Node;
use super::schema;
use crate::import::field::of_meta;
use crate::model::{Field, FieldType, Input, Upload};

/// A form with a JSON part `meta`, a file, and plain text parts.
pub(super) fn read(schema: &Node<'_>) -> Input {
    let mut upload = Upload { meta: Vec::new(), file: "file".to_owned(), parts: Vec::new() };
    schema::expect_known(schema);
    let required = schema.texts("required");
    let Some(properties) = schema.get("properties") else {
        schema.remark("a form without parts: taken as no body");
        return Input::None;
    };
    for (name, part) in properties.members() {
        if part.text("format").as_deref() == Some("binary") {
            name.clone_into(&mut upload.file);
        } else if name == "meta" {
            upload.meta = meta(&part).into_iter().map(of_meta).collect();
        } else {
            let optional = !required.iter().any(|other| other == name);
            upload.parts.push(field::read(name, &part, Outside { optional, ..Outside::default() }));
        }
    }
    Input::Upload(upload)
}

/// The members of the JSON part, which may be a text with JSON inside.
fn meta(part: &Node<'_>) -> Vec<Field> {
    match schema::read(part) {
        FieldType::Object(fields) => fields,
        FieldType::JsonText(content) => match *content {
            FieldType::Object(fields) => fields,
            _ => lacking(part),
        },
        _ => lacking(part),
    }
}

fn lacking(part: &Node<'_>) -> Vec<Field> {
    part.remark("no object with members: an upload needs them");
    Vec::new()
}

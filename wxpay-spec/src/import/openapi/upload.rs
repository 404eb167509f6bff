use super::field::{self, Outside, fields};
use super::node::Node;
use crate::model::{Computed, Field, Input, Upload};

/// A form with a JSON part `meta`, a file, and plain text parts.
pub(super) fn read(schema: &Node<'_>) -> Input {
    let mut upload = Upload { meta: Vec::new(), file: "file".to_owned(), parts: Vec::new() };
    let required = schema.texts("required");
    let Some(properties) = schema.get("properties") else {
        schema.remark("a form without parts: taken as no body");
        return Input::None;
    };
    for (name, part) in properties.entries() {
        let part = schema.member(name, part.value());
        if part.text("format").as_deref() == Some("binary") {
            name.clone_into(&mut upload.file);
        } else if name == "meta" {
            upload.meta = fields(&part).into_iter().map(filled_in).collect();
        } else {
            let optional = !required.iter().any(|other| other == name);
            upload.parts.push(field::read(name, &part, Outside { optional, ..Outside::default() }));
        }
    }
    Input::Upload(upload)
}

/// The client knows the file's digest and name: nobody has to say them.
fn filled_in(field: Field) -> Field {
    let computed = match field.name.as_str() {
        "sha256" | "file_digest" => Computed::Sha256,
        "filename" | "file_name" => Computed::FileName,
        _ => return field,
    };
    Field { computed: Some(computed), optional: false, length: None, pattern: None, ..field }
}

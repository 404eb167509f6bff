use crate::model::{Computed, Empty, Field, FieldType};

/// A required field of which only the name and the type are known.
pub(super) fn plain(name: &str, ty: FieldType) -> Field {
    Field {
        name: name.to_owned(),
        optional: false,
        ty,
        title: None,
        note: None,
        example: None,
        length: None,
        range: None,
        pattern: None,
        empty: Empty::Absent,
        not_with: None,
        computed: None,
        rust: None,
        corrects: None,
    }
}

/// A member of an upload's `meta`. The client knows the file's digest and name: nobody has to say
/// them.
pub(super) fn of_meta(field: Field) -> Field {
    let computed = match field.name.as_str() {
        "sha256" | "file_digest" => Computed::Sha256,
        "filename" | "file_name" => Computed::FileName,
        _ => return field,
    };
    Field { computed: Some(computed), optional: false, length: None, pattern: None, ..field }
}

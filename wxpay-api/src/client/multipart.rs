//! The multipart body of an upload (PROTOCOL §6.1), byte for byte as documented.

use std::fmt::Write as _;

use bytes::Bytes;

use super::InputError;
use crate::wire::File;

/// A plain text part beside `meta` and the file.
#[derive(Clone, Debug)]
pub(super) struct TextPart {
    pub(super) name: &'static str,
    pub(super) text: String,
}

pub(super) fn check_file_name(name: &str) -> Result<(), InputError> {
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(InputError::FileName {
            name: name.to_owned(),
        });
    }
    Ok(())
}

/// The body and its content type. The boundary is the file's digest, which no file contains.
pub(super) fn assemble(
    meta: &[u8],
    part: &str,
    file: &File,
    texts: &[TextPart],
) -> (Bytes, Option<String>) {
    let boundary = format!("wxpay-{}", file.sha256());
    let boundary = boundary.as_str();
    let mut body = Vec::with_capacity(meta.len() + file.content().len() + 1024);
    push_part(
        &mut body,
        boundary,
        "name=\"meta\"",
        Some("application/json"),
        meta,
    );
    for text in texts {
        let name = format!("name=\"{}\"", text.name);
        push_part(&mut body, boundary, &name, None, text.text.as_bytes());
    }
    // A quote would end the name early; the specification of HTML forms escapes it this way.
    let name = format!(
        "name=\"{part}\"; filename=\"{}\"",
        file.name().replace('"', "%22")
    );
    push_part(
        &mut body,
        boundary,
        &name,
        Some(file.content_type()),
        file.content(),
    );
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (
        body.into(),
        Some(format!("multipart/form-data; boundary={boundary}")),
    )
}

fn push_part(
    body: &mut Vec<u8>,
    boundary: &str,
    name: &str,
    media_type: Option<&str>,
    content: &[u8],
) {
    let mut head = format!("--{boundary}\r\nContent-Disposition: form-data; {name}\r\n");
    if let Some(media_type) = media_type {
        // Writing to a `String` has no way to fail.
        let _ = write!(head, "Content-Type: {media_type}\r\n");
    }
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(b"\r\n");
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n");
}

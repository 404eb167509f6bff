//! The multipart body of an upload (docs/protocol/uploads.md §6.1), byte for byte as documented.

use std::fmt::Write as _;

use crate::client::{InputError, Payload};
use crate::wire::{File, FileKind, ending, is_accepted};

/// A plain text part beside `meta` and the file.
pub(crate) struct TextPart {
    pub(crate) name: &'static str,
    pub(crate) text: String,
}

pub(crate) fn check(file: &File) -> Result<(), InputError> {
    if file.content_type().chars().any(char::is_control) {
        return Err(InputError::MediaType { name: file.name().to_owned() });
    }
    for (what, text) in [("name", file.name()), ("media type", file.content_type())] {
        if !is_accepted(text) {
            return Err(InputError::Character { place: format!("the file's {what}") });
        }
    }
    check_name(file.name())?;
    if file.is_checked() { check_kind(file) } else { Ok(()) }
}

/// Refuses what WeChat Pay would refuse after the upload (docs/protocol/uploads.md §6.1, §6.2).
fn check_kind(file: &File) -> Result<(), InputError> {
    let name = || file.name().to_owned();
    if file.content().is_empty() {
        return Err(InputError::EmptyFile { name: name() });
    }
    match FileKind::of_name(file.name()) {
        Some(kind) => match kind.contradicted_by(file.content()) {
            Some(format) => Err(InputError::FileContent {
                name: name(),
                found: format.name(),
                ending: format.ending(),
            }),
            None => Ok(()),
        },
        None if file.has_own_media_type() => Ok(()),
        None => {
            let ending = ending(file.name()).map(str::to_owned);
            Err(InputError::FileEnding { name: name(), ending })
        }
    }
}

fn check_name(name: &str) -> Result<(), InputError> {
    // A quote or a backslash has several spellings in the part's header, and the name there must
    // agree with the one in `meta`.
    let breaking = |c: char| c.is_control() || matches!(c, '"' | '\\');
    if name.is_empty() || name.chars().any(breaking) {
        return Err(InputError::FileName { name: name.to_owned() });
    }
    Ok(())
}

/// The body and its content type. The boundary is the file's digest, which no file contains.
pub(crate) fn assemble(
    meta: &[u8],
    part: &str,
    file: &File,
    texts: &[TextPart],
) -> (Payload, Option<String>) {
    let boundary = format!("wxpay-{}", file.sha256());
    let boundary = boundary.as_str();
    let mut before = Vec::with_capacity(meta.len() + 1024);
    push_head(&mut before, boundary, "name=\"meta\"", Some("application/json"));
    before.extend_from_slice(meta);
    before.extend_from_slice(b"\r\n");
    for text in texts {
        push_head(&mut before, boundary, &format!("name=\"{}\"", text.name), None);
        before.extend_from_slice(text.text.as_bytes());
        before.extend_from_slice(b"\r\n");
    }
    let name = format!("name=\"{part}\"; filename=\"{}\"", file.name());
    push_head(&mut before, boundary, &name, Some(file.content_type()));
    let after = format!("\r\n--{boundary}--\r\n");
    let body = Payload::new([before.into(), file.content().clone(), after.into()]);
    (body, Some(format!("multipart/form-data; boundary={boundary}")))
}

fn push_head(body: &mut Vec<u8>, boundary: &str, name: &str, media_type: Option<&str>) {
    let mut head = format!("--{boundary}\r\nContent-Disposition: form-data; {name}\r\n");
    if let Some(media_type) = media_type {
        // Writing to a `String` has no way to fail.
        let _ = write!(head, "Content-Type: {media_type}\r\n");
    }
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(b"\r\n");
}

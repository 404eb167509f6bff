use super::member;
use super::piece::Piece;
use super::types::{Followed, Place};
use crate::import::field::of_meta;
use crate::model::{Field, Upload};

/// What the file's part may be in TypeScript.
const FILES: [&str; 7] =
    ["Blob", "Buffer", "File", "Readable", "ReadStream", "Stream", "Uint8Array"];

/// The form that a type describes; none if it is no form. Its members, if it has any, are the parts
/// of the form; `meta` may stand in the request's config instead.
pub(super) fn read<'c>(data: &Piece<'c>, place: Place<'_, 'c>, meta: Vec<Field>) -> Option<Upload> {
    if !is_form(data, place) {
        return None;
    }
    let mut upload = Upload { meta, file: "file".to_owned(), parts: Vec::new() };
    member::each(data, place, &mut |part, place| {
        let Some(name) = member::name(part) else { return };
        let described = member::ty(part);
        if described.is_some_and(|ty| FILES.contains(&ty.text())) {
            upload.file = name;
        } else if name == "meta" {
            upload.meta = described.map(|ty| member::fields_of(&ty, place)).unwrap_or_default();
        } else {
            upload.parts.extend(member::read(part, place));
        }
    });
    if upload.meta.is_empty() {
        data.remark("a form without `meta`: an upload needs its members");
    }
    upload.meta = upload.meta.into_iter().map(of_meta).collect();
    Some(upload)
}

fn is_form<'c>(data: &Piece<'c>, place: Place<'_, 'c>) -> bool {
    let is_named = |piece: &Piece<'c>| piece.text() == "FormData";
    let extends = |piece: &Piece<'c>| {
        let bases = piece.child("extends_type_clause");
        bases.is_some_and(|bases| bases.children().iter().any(is_named))
    };
    match data.kind() {
        "interface_declaration" => extends(data),
        "type_identifier" | "nested_type_identifier" => {
            match place.follow(data, |pieces, _| pieces.iter().any(extends)) {
                Followed::Read(is_form) => is_form,
                Followed::Circle | Followed::Undeclared => is_named(data),
            }
        }
        _ => false,
    }
}

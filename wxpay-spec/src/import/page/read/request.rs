//! Reads `RequestConfig` and upload forms.

use super::scope::{Followed, TypePlace};
use super::types::TEXT;
use super::{types, url};
use crate::grammar::RESERVED_HEADERS;
use crate::import::field::{of_meta, plain};
use crate::import::page::parse::Piece;
use crate::model::{Field, Upload};

/// The content of `RequestConfig`, by the part of the request.
#[derive(Debug, Default)]
pub(super) struct Config<'c> {
    /// The type of the body.
    pub(super) data: Option<Piece<'c>>,
    pub(super) path: Vec<Field>,
    pub(super) query: Vec<Field>,
    pub(super) header: Vec<Field>,
    /// The JSON part of an upload.
    pub(super) meta: Vec<Field>,
    /// Whether the response is a file.
    pub(super) is_download: bool,
}

impl<'c> Config<'c> {
    pub(super) fn read(declared: &[Piece<'c>], place: TypePlace<'_, 'c>, path: &str) -> Self {
        let mut config = Self::default();
        for piece in declared {
            types::each_member(piece, place, &mut |member, place| config.add(member, place, path));
        }
        config
    }

    fn add(&mut self, member: &Piece<'c>, place: TypePlace<'_, 'c>, path: &str) {
        let Some(name) = types::member_name(member) else { return };
        let fields = || types::member_type(member).map(|ty| types::fields_of(&ty, place));
        match name.as_str() {
            "data" => self.data = types::member_type(member),
            "params" => self.query.extend(fields().unwrap_or_default()),
            "meta" => self.meta.extend(fields().unwrap_or_default()),
            "headers" => {
                let headers = fields().unwrap_or_default().into_iter();
                let is_free =
                    |field: &Field| !RESERVED_HEADERS.contains(&field.name.to_lowercase().as_str());
                self.header.extend(headers.filter(is_free));
            }
            "responseType" => self.is_download |= !member.text().contains("json"),
            name if url::parameters(path).any(|parameter| parameter == name) => {
                let field = types::field(member, place);
                self.path.extend(field.map(|field| Field { optional: false, ..field }));
            }
            name => member.remark(format!("`{name}` is not a parameter of `{path}`: left out")),
        }
    }

    /// Sorts the path's parameters in the URL's order, and adds those that are not declared.
    pub(super) fn complete_path(&mut self, path: &str, at: &Piece<'_>) {
        let mut declared = std::mem::take(&mut self.path);
        for name in url::parameters(path) {
            let found = declared.iter().position(|field| field.name == name);
            self.path.push(match found {
                Some(found) => declared.remove(found),
                None => {
                    at.remark(format!("`RequestConfig` lacks `{name}`: taken as a text"));
                    plain(name, TEXT)
                }
            });
        }
    }
}

/// The TypeScript types of the part with the file.
const FORM_FILES: [&str; 7] =
    ["Blob", "Buffer", "File", "Readable", "ReadStream", "Stream", "Uint8Array"];

/// Reads the form that a type describes; `None` if it is not a form.
///
/// Its members are the parts of the form. `meta` may be in the request's config instead.
pub(super) fn upload<'c>(
    data: &Piece<'c>,
    place: TypePlace<'_, 'c>,
    meta: Vec<Field>,
) -> Option<Upload> {
    if !is_form(data, place) {
        return None;
    }
    let mut upload = Upload { meta, file: "file".to_owned(), parts: Vec::new() };
    types::each_member(data, place, &mut |part, place| {
        let Some(name) = types::member_name(part) else { return };
        let described = types::member_type(part);
        if described.is_some_and(|ty| FORM_FILES.contains(&ty.text())) {
            upload.file = name;
        } else if name == "meta" {
            upload.meta = described.map(|ty| types::fields_of(&ty, place)).unwrap_or_default();
        } else {
            upload.parts.extend(types::field(part, place));
        }
    });
    if upload.meta.is_empty() {
        data.remark("a form without `meta`, whose members an upload needs");
    }
    upload.meta = upload.meta.into_iter().map(of_meta).collect();
    Some(upload)
}

fn is_form<'c>(data: &Piece<'c>, place: TypePlace<'_, 'c>) -> bool {
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

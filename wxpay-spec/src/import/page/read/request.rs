//! Reads `RequestConfig` and upload forms.

use super::scope::{Followed, TypePlace};
use super::types::{Members, TEXT};
use super::{types, union, url};
use crate::grammar::{HEADER_NAME, RESERVED_HEADERS};
use crate::import::field::{fitting_example, of_meta, plain};
use crate::import::page::parse::Piece;
use crate::model::{Field, FieldType, Primitive, Upload};

/// The content of `RequestConfig`, by the part of the request.
#[derive(Debug, Default)]
pub(super) struct Config<'c> {
    /// The type of the body.
    pub(super) data: Option<Piece<'c>>,
    pub(super) path: Members,
    pub(super) query: Members,
    pub(super) header: Members,
    /// The JSON part of an upload.
    pub(super) meta: Members,
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
        let fields = |place| types::member_type(member).map(|ty| types::fields_of(&ty, place));
        match name.as_str() {
            "data" => self.data = types::member_type(member),
            "params" => {
                for field in fields(place.of_text()).unwrap_or_default() {
                    self.query.add(as_text(field, member, TextForm::Query));
                }
            }
            "meta" => {
                fields(place).unwrap_or_default().into_iter().for_each(|f| self.meta.add(f));
            }
            "headers" => {
                for field in fields(place.of_text()).unwrap_or_default() {
                    self.add_header(field, member);
                }
            }
            "responseType" => self.is_download |= !member.text().contains("json"),
            url::EMPTY if path.ends_with('/') => {}
            name if url::parameters(path).any(|parameter| parameter == name) => {
                let field = types::field(member, place.of_text());
                let field = field.map(|field| as_text(field, member, TextForm::Single));
                field
                    .into_iter()
                    .for_each(|field| self.path.add(Field { optional: false, ..field }));
            }
            name => member.remark(format!("`{name}` is not a parameter of `{path}`: left out")),
        }
    }

    fn add_header(&mut self, field: Field, member: &Piece<'_>) {
        if RESERVED_HEADERS.contains(&field.name.to_lowercase().as_str()) {
            return;
        }
        match HEADER_NAME.accepts(&field.name) {
            true => self.header.add(as_text(field, member, TextForm::Single)),
            false => member.remark(format!("`{}` is not a header's name: left out", field.name)),
        }
    }

    /// The path's parameters in the URL's order, with those that are not declared.
    pub(super) fn path(&mut self, path: &str, at: &Piece<'_>) -> Vec<Field> {
        let mut declared = std::mem::take(&mut self.path).into_fields();
        let mut all = Vec::new();
        for name in url::parameters(path) {
            let found = declared.iter().position(|field| field.name == name);
            all.push(match found {
                Some(found) => declared.remove(found),
                None => {
                    at.remark(format!("`RequestConfig` lacks `{name}`: taken as a text"));
                    plain(name, TEXT)
                }
            });
        }
        all
    }
}

/// The forms of values that are sent as text, not as JSON.
#[derive(Clone, Copy, Debug)]
enum TextForm {
    /// One text or integer, as in a path, a header and a part of a form.
    Single,
    /// A query also has numbers, booleans and lists of them.
    Query,
}

/// Gives a field a type that its place may have: a text for all others.
fn as_text(field: Field, at: &Piece<'_>, place: TextForm) -> Field {
    let fits = match (&field.ty, place) {
        (FieldType::List(element), TextForm::Query) => is_text(element, place),
        (ty, place) => is_text(ty, place),
    };
    if fits {
        return field;
    }
    at.remark(format!("`{}` travels as a text: taken as one", field.name));
    let example = field.example.clone();
    let field = Field { ty: TEXT, example: None, ..field };
    let example = example.and_then(|example| fitting_example(&example.0, &field));
    Field { example, ..field }
}

fn is_text(ty: &FieldType, place: TextForm) -> bool {
    matches!(
        (ty, place),
        (
            FieldType::Primitive(Primitive::String(_) | Primitive::Integer)
                | FieldType::Enum { .. },
            _
        ) | (FieldType::Primitive(Primitive::Number | Primitive::Boolean), TextForm::Query)
    )
}

/// The TypeScript types of the part with the file.
const FORM_FILES: [&str; 8] =
    ["ArrayBuffer", "Blob", "Buffer", "File", "Readable", "ReadStream", "Stream", "Uint8Array"];

/// The TypeScript types of a form without declared parts.
const FORMS: [&str; 2] = ["FormData", "Multipart"];

/// The type name that the site's pages give to an upload form.
pub(super) const FORM: &str = "BinaryDataRequest";

/// Reads the form that a type describes; `None` if it is not a form.
///
/// Its members are the parts of the form. `meta` may be in the request's config instead, or only in
/// the sample.
pub(super) fn upload<'c>(
    data: &Piece<'c>,
    place: TypePlace<'_, 'c>,
    meta: Vec<Field>,
    sample: &[Field],
) -> Option<Upload> {
    if !is_form(data, place) {
        return None;
    }
    let mut upload = Upload { meta, file: "file".to_owned(), parts: Vec::new() };
    let mut parts = Members::default();
    types::each_member(data, place, &mut |part, place| {
        let Some(name) = types::member_name(part) else { return };
        let described = types::member_type(part);
        if described.is_some_and(|ty| is_file(&ty, place)) {
            upload.file = name;
        } else if name == "meta" {
            let described = described.filter(|ty| ty.kind() != "predefined_type");
            upload.meta.extend(described.into_iter().flat_map(|ty| types::fields_of(&ty, place)));
        } else if let Some(field) = types::field(part, place.of_text()) {
            parts.add(as_text(field, part, TextForm::Single));
        }
    });
    upload.parts = parts.into_fields();
    upload.parts.retain(|part| part.name != upload.file);
    if upload.meta.is_empty() {
        upload.meta = if sample.is_empty() { usual_meta() } else { sample.to_vec() };
        let names: Vec<&str> = upload.meta.iter().map(|field| field.name.as_str()).collect();
        let names = names.join("`, `");
        data.remark(format!("`meta` is not declared: taken as an object with `{names}`; check it"));
    }
    let mut meta = Members::default();
    upload.meta.into_iter().map(of_meta).for_each(|field| meta.add(field));
    Some(Upload { meta: meta.into_fields(), ..upload })
}

/// What nearly every upload has in `meta`.
fn usual_meta() -> Vec<Field> {
    ["filename", "sha256"].map(|name| plain(name, TEXT)).to_vec()
}

fn is_file<'c>(ty: &Piece<'c>, place: TypePlace<'_, 'c>) -> bool {
    union::names_one_of(ty, place, &FORM_FILES)
}

/// Whether a type is a form by its name, by what it extends, or because one of its parts is a file.
fn is_form<'c>(data: &Piece<'c>, place: TypePlace<'_, 'c>) -> bool {
    match data.kind() {
        "interface_declaration" | "type_alias_declaration" => {
            let name = data.field("name").map(|name| name.text());
            let bases = data.child("extends_type_clause");
            name == Some(FORM)
                || bases.is_some_and(|bases| bases.children().iter().any(is_named_form))
                || holds_file(data, place)
        }
        "type_identifier" | "nested_type_identifier" => {
            match place.follow(data, |pieces, place| pieces.iter().any(|p| is_form(p, place))) {
                Followed::Read(is_form) => is_form,
                Followed::Circle | Followed::Undeclared => is_named_form(data),
            }
        }
        "object_type" | "intersection_type" => holds_file(data, place),
        _ => false,
    }
}

fn is_named_form(piece: &Piece<'_>) -> bool {
    FORMS.contains(&piece.last_name())
}

fn holds_file<'c>(data: &Piece<'c>, place: TypePlace<'_, 'c>) -> bool {
    let is_alias = data.kind() == "type_alias_declaration";
    let value = data.field("value").filter(|_| is_alias);
    if let Some(value) = value.filter(|value| value.kind().ends_with("identifier")) {
        return is_form(&value, place);
    }
    let mut found = false;
    types::each_member(data, place, &mut |part, place| {
        found |= types::member_type(part).is_some_and(|ty| is_file(&ty, place));
    });
    found
}

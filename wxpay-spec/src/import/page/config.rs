use super::member;
use super::piece::Piece;
use super::types::{Place, TEXT};
use super::url;
use crate::grammar::RESERVED_HEADERS;
use crate::import::field::plain;
use crate::model::Field;

/// What `RequestConfig` says, by where it goes.
#[derive(Debug, Default)]
pub(super) struct Config<'c> {
    /// The type of the body.
    pub(super) data: Option<Piece<'c>>,
    pub(super) path: Vec<Field>,
    pub(super) query: Vec<Field>,
    pub(super) header: Vec<Field>,
    /// The JSON part of an upload.
    pub(super) meta: Vec<Field>,
    /// Whether the answer is said to be a file.
    pub(super) is_download: bool,
}

impl<'c> Config<'c> {
    pub(super) fn read(declared: &[Piece<'c>], place: Place<'_, 'c>, path: &str) -> Self {
        let mut config = Self::default();
        for piece in declared {
            member::each(piece, place, &mut |member, place| config.add(member, place, path));
        }
        config
    }

    fn add(&mut self, member: &Piece<'c>, place: Place<'_, 'c>, path: &str) {
        let Some(name) = member::name(member) else { return };
        let fields = || member::ty(member).map(|ty| member::fields_of(&ty, place));
        match name.as_str() {
            "data" => self.data = member::ty(member),
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
                let field = member::read(member, place);
                self.path.extend(field.map(|field| Field { optional: false, ..field }));
            }
            name => member.remark(format!("`{name}` is no parameter of `{path}`: left out")),
        }
    }

    /// Brings the path's parameters into the URL's order, and adds those that nobody declares.
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

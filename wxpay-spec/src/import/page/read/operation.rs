//! Reads an operation from its namespace and its signature.

use super::request::Config;
use super::scope::TypePlace;
use super::scope::{Scope, parent};
use super::{request, types};
use crate::import::UNTITLED;
use crate::import::page::parse::Piece;
use crate::model::{
    Body, Download, Field, FieldType, Idempotency, Input, Integrity, Method, Note, Operation,
    Response,
};

/// The namespace of an operation, with its method and path.
#[derive(Debug)]
pub(super) struct Declared<'a, 'c> {
    pub(super) scope: &'a Scope<'c>,
    /// Its full name.
    pub(super) name: &'a str,
    pub(super) method: Method,
    pub(super) path: &'a str,
    /// The piece for remarks about the whole operation.
    pub(super) at: Piece<'c>,
}

/// The facts of the page outside the code.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    /// The page's title, if the page has only one operation.
    pub(super) title: Option<&'a str>,
    /// The official pages that it links.
    pub(super) links: &'a [String],
    /// The members of an upload's `meta` in the sample.
    pub(super) meta: &'a [Field],
}

impl<'a, 'c> Declared<'a, 'c> {
    pub(super) fn read(&self, around: Around<'_>) -> Operation {
        let signature = self.signature();
        let doc = signature.map(|signature| signature.doc()).unwrap_or_default();
        let mut config = Config::read(self.declared("RequestConfig"), self.place(), self.path);
        let path = config.path(self.path, &self.at);
        Operation {
            title: self.title(around, doc.title),
            docs: docs(around, doc.links),
            roles: Vec::new(),
            updated: None,
            deprecated: doc.deprecated.map(|why| match why.is_empty() {
                true => "the page marks it as deprecated".to_owned(),
                false => why,
            }),
            note: doc.note.map(Note::Text),
            corrects: None,
            idempotency: if self.method == Method::Get {
                Idempotency::Safe
            } else {
                Idempotency::Never
            },
            updates: false,
            response: self.response(&config, signature),
            input: self.input(&mut config, signature, around.meta),
            path,
            query: config.query.into_fields(),
            header: config.header.into_fields(),
            keeps_closure: false,
            pages: None,
            errors: Vec::new(),
        }
    }

    fn place(&self) -> TypePlace<'a, 'c> {
        TypePlace::new(self.scope, self.name)
    }

    fn declared(&self, name: &str) -> &'a [Piece<'c>] {
        let name = format!("{}.{name}", self.name);
        self.scope.declared(&name).map_or(&[], |(_, pieces)| pieces)
    }

    /// Finds the method in the interface at the end of the chain of names.
    fn signature(&self) -> Option<Piece<'c>> {
        let (_, interfaces) = self.scope.declared(parent(self.name))?;
        let bodies = interfaces.iter().filter_map(|interface| interface.field("body"));
        bodies.flat_map(|body| body.children()).find(|member| {
            let name = member.field("name");
            name.is_some_and(|name| name.text() == self.method.key())
        })
    }

    /// The place in which names of the signature are resolved.
    fn outer_place(&self) -> TypePlace<'a, 'c> {
        TypePlace::new(self.scope, parent(parent(self.name)))
    }

    fn title(&self, around: Around<'_>, documented: Option<String>) -> String {
        let documented = || documented.map(|title| title.trim_end_matches("API").trim().to_owned());
        let given = around.title.map(str::to_owned).or_else(documented);
        given.filter(|title| !title.is_empty()).unwrap_or_else(|| {
            self.at.remark("no title: give the operation one");
            UNTITLED.to_owned()
        })
    }

    fn input(
        &self,
        config: &mut Config<'c>,
        signature: Option<Piece<'c>>,
        sample: &[Field],
    ) -> Input {
        let parameter = || parameter(&signature?, "data");
        let forms = self.declared(request::FORM);
        let declared = if forms.is_empty() { self.declared("JsonDataRequest") } else { forms };
        let (data, place) = match (config.data, declared, parameter()) {
            (Some(data), ..) => (data, self.place()),
            (None, [data, ..], _) => (*data, self.place()),
            (None, [], Some(data)) => (data, self.outer_place()),
            (None, [], None) => return Input::None,
        };
        let meta = std::mem::take(&mut config.meta).into_fields();
        if self.method == Method::Get {
            data.remark("a GET has no body: left out");
            return Input::None;
        }
        let has_meta = !meta.is_empty();
        if let Some(upload) = request::upload(&data, place, meta, sample) {
            return Input::Upload(upload);
        }
        if has_meta {
            data.remark("`meta` without a form: left out");
        }
        match types::field_type(&data, place) {
            FieldType::Object(fields) => {
                let (all, optional) = presence(&fields);
                if all >= MANY && optional == 0 {
                    data.remark(format!(
                        "none of {all} members is marked as optional: check which are required"
                    ));
                }
                Input::Json(Body::Fields(fields))
            }
            _ => {
                data.remark("not an object with members: taken as no body");
                Input::None
            }
        }
    }

    fn response(&self, config: &Config<'c>, signature: Option<Piece<'c>>) -> Response {
        if config.is_download {
            return file_response(&self.at);
        }
        let declared = self.declared("WellformedResponse");
        let read = response_of(declared, self.place())
            .or_else(|| response_of(&[promised(&signature?)?], self.outer_place()));
        read.unwrap_or_else(|| {
            self.at.remark("no response with members: taken as 204, without a body");
            Response::None { statuses: vec![204] }
        })
    }
}

/// A request with so many members has optional ones, whether its page marks them or not.
const MANY: usize = 10;

/// How many members there are, and how many of them are optional.
fn presence(fields: &[Field]) -> (usize, usize) {
    fields.iter().fold((0, 0), |(all, optional), field| {
        let (inner, inner_optional) = match field.ty.innermost() {
            FieldType::Object(fields) => presence(fields),
            _ => (0, 0),
        };
        (all + 1 + inner, optional + usize::from(field.optional) + inner_optional)
    })
}

/// Finds the type of a parameter of a signature.
fn parameter<'c>(signature: &Piece<'c>, name: &str) -> Option<Piece<'c>> {
    let parameters = signature.field("parameters")?.children();
    let is_called = |piece: &&Piece<'c>| piece.field("pattern").is_some_and(|p| p.text() == name);
    parameters.iter().find(is_called).and_then(types::member_type)
}

/// Finds the type inside `AxiosPromise<…>`.
fn promised<'c>(signature: &Piece<'c>) -> Option<Piece<'c>> {
    let promise = signature.field("return_type")?.first()?;
    promise.field("type_arguments")?.first()
}

/// Sorts the official pages: the oldest style first, the newest last.
fn docs(around: Around<'_>, links: Vec<String>) -> Vec<String> {
    let mut docs: Vec<String> = around.links.to_vec();
    for link in links {
        if !docs.contains(&link) {
            docs.push(link);
        }
    }
    docs.sort_by_key(|link| (!link.contains("/wiki/doc/"), link.contains("/doc/v3/")));
    docs
}

/// The TypeScript types of a response that is a file.
const RESPONSE_FILES: [&str; 8] =
    ["ArrayBuffer", "Blob", "Buffer", "Readable", "ReadStream", "Stream", "Uint8Array", "string"];

/// Reads the response from declarations of one name, or from a type.
fn response_of<'c>(types: &[Piece<'c>], place: TypePlace<'_, 'c>) -> Option<Response> {
    let first = types.first()?;
    let described = match first.kind() {
        "type_alias_declaration" => first.field("value").unwrap_or(*first),
        _ => *first,
    };
    if RESPONSE_FILES.contains(&described.last_name()) {
        return Some(file_response(first));
    }
    if matches!(described.text(), "void" | "undefined" | "null" | "never") {
        return Some(Response::None { statuses: vec![204] });
    }
    match types::all_types(types, place) {
        FieldType::Object(fields) => {
            Some(Response::Json { statuses: vec![200], body: Body::Fields(fields) })
        }
        _ => None,
    }
}

/// Creates the response for a file, about which the page says no more.
fn file_response(at: &Piece<'_>) -> Response {
    at.remark("the response is a file: check its `media` and `integrity`");
    let media = vec!["application/octet-stream".to_owned()];
    Response::Download(Download { media, integrity: Integrity::None })
}

//! Writes the sandbox's books: the facts of each product family, as compressed JSON.
//!
//! A book has the facts of the descriptors under their wire names. It therefore comes directly from
//! the descriptors, not from the intermediate representation.

mod lifecycles;
mod schema;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use flate2::{Compression, GzBuilder};
use wxpay_spec::model::{
    self, Body, CORE, Computed, Field, FieldType, Input, Primitive, Secret, Spec,
};
use wxpay_spec::model::{
    EnumValue, Integrity, NamedType, PageInput, Paging, Response, Shape, StringFormat, TypeId,
};

use crate::ir::Source;
use crate::print;
use schema::{
    Book, BookMember, BookNotification, BookOperation, Download, PageBy, Pages, Schema, Upload,
};

/// The families with a book: those with operations, notifications or lifecycles, and always the core.
pub(crate) fn families(spec: &Spec) -> Vec<String> {
    let of_endpoints = spec.endpoints.values().map(|endpoint| endpoint.family.as_str());
    let of_notifications = spec.notifications.values().map(|entry| entry.family.as_str());
    let of_lifecycles = spec.lifecycles.values().map(|entry| entry.family.as_str());
    let families = of_endpoints.chain(of_notifications).chain(of_lifecycles).chain([CORE]);
    let families: BTreeSet<_> = families.collect();
    families.into_iter().map(str::to_owned).collect()
}

/// The path of a family's book.
pub(crate) fn path(family: &str) -> String {
    format!("sandbox/{family}.json.gz")
}

/// The books, by path.
pub(crate) fn books<'a>(
    spec: &'a Spec,
    families: &'a [String],
) -> impl Iterator<Item = (String, Vec<u8>)> + 'a {
    families.iter().map(|family| {
        let book = book(spec, |other| other == family);
        (path(family), compressed(&book, print::library_mark(&Source::Several)))
    })
}

/// One book of all families, for another crate.
pub(crate) fn whole(spec: &Spec) -> Vec<u8> {
    compressed(&book(spec, |_| true), print::SINGLE_MARK.to_owned())
}

fn compressed(book: &Book<'_>, mark: String) -> Vec<u8> {
    // Serializing maps with text keys never fails, and neither does writing to a `Vec`.
    let json = serde_json::to_vec(book).unwrap_or_default();
    compress(&json, mark).unwrap_or_default()
}

/// Compresses with a header that names the generator. The header has no time and no file name, so
/// that the same content gives the same bytes.
pub(crate) fn compress(content: &[u8], comment: String) -> io::Result<Vec<u8>> {
    let header = GzBuilder::new().mtime(0).comment(comment);
    let mut encoder = header.write(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}

/// Collects the facts of the families that `wanted` accepts.
fn book<'a>(spec: &'a Spec, wanted: impl Fn(&str) -> bool + Copy) -> Book<'a> {
    let mut writer = BookWriter { spec, types: BTreeMap::new() };
    let endpoints = spec.endpoints.values().filter(|endpoint| wanted(&endpoint.family));
    let mut operations = Vec::new();
    for endpoint in endpoints {
        for (method, operation) in &endpoint.operations {
            operations.push(writer.operation(endpoint, *method, operation));
        }
    }
    let notifications = spec.notifications.iter().filter(|(_, entry)| wanted(&entry.family));
    let notifications =
        notifications.map(|(name, entry)| writer.notification(name, entry)).collect();
    let types = writer.types.into_iter();
    let types = types.filter_map(|(id, schema)| Some((named(id), schema?))).collect();
    let lifecycles = lifecycles::of(spec, wanted);
    Book { types, operations, notifications, lifecycles }
}

/// Collects the facts of a book, and the named types that they use.
struct BookWriter<'a> {
    spec: &'a Spec,
    /// `None` while a type is being collected, so that recursion over a recursive type ends.
    types: BTreeMap<&'a TypeId, Option<Schema<'a>>>,
}

impl<'a> BookWriter<'a> {
    fn operation(
        &mut self,
        endpoint: &'a model::Endpoint,
        method: model::Method,
        operation: &'a model::Operation,
    ) -> BookOperation<'a> {
        let (status, response, download) = self.response(&operation.response);
        let (body, upload) = match &operation.input {
            Input::None => (None, None),
            Input::Json(body) => (Some(self.body(body)), None),
            Input::Upload(upload) => (None, Some(self.upload(upload))),
        };
        BookOperation {
            method: method.wire(),
            path: &endpoint.path,
            host: endpoint.host.as_deref(),
            title: &operation.title,
            status,
            parameters: self.members(&operation.path),
            query: self.members(&operation.query),
            header: self.members(&operation.header),
            body,
            upload,
            response,
            download,
            pages: operation.pages.as_ref().map(pages),
        }
    }

    fn response(
        &mut self,
        response: &'a Response,
    ) -> (u16, Option<Schema<'a>>, Option<Download<'a>>) {
        match response {
            Response::None { .. } => (response.status(), None, None),
            Response::Json { body, .. } => (response.status(), Some(self.body(body)), None),
            Response::Download(download) => {
                let integrity = match download.integrity {
                    Integrity::None => "none",
                    Integrity::Sha1 => "sha1",
                    Integrity::SignedDigest => "signed-digest",
                };
                (200, None, Some(Download { media: &download.media, integrity }))
            }
        }
    }

    fn upload(&mut self, upload: &'a model::Upload) -> Upload<'a> {
        Upload {
            file: &upload.file,
            meta: self.members(&upload.meta),
            parts: self.members(&upload.parts),
        }
    }

    fn notification(
        &mut self,
        name: &'a str,
        entry: &'a model::Notification,
    ) -> BookNotification<'a> {
        BookNotification {
            name,
            events: &entry.events,
            original_type: entry.original_type.as_deref(),
            present: &entry.condition.present,
            absent: &entry.condition.absent,
            resource: self.body(&entry.resource),
        }
    }

    fn body(&mut self, body: &'a Body) -> Schema<'a> {
        match body {
            Body::Fields(fields) => Schema::Object { members: self.members(fields) },
            Body::Named(id) => self.named(id),
        }
    }

    fn members(&mut self, fields: &'a [Field]) -> Vec<BookMember<'a>> {
        fields.iter().map(|field| self.member(field)).collect()
    }

    fn member(&mut self, field: &'a Field) -> BookMember<'a> {
        let range = field.range.as_ref().map(|(least, most)| {
            let text = |number: &'a Option<model::Number>| number.as_ref().map(|n| n.0.as_str());
            (text(least), text(most))
        });
        let (computed, constant) = match &field.computed {
            None => (None, None),
            Some(Computed::Sha256) => (Some("sha256"), None),
            Some(Computed::Sm3) => (Some("sm3"), None),
            Some(Computed::FileName) => (Some("file-name"), None),
            Some(Computed::Constant(text)) => (None, Some(text.as_str())),
        };
        BookMember {
            name: &field.name,
            required: !field.optional,
            schema: self.schema(&field.ty),
            example: field.example.as_ref().map(|example| &example.0),
            length: field.length,
            range,
            pattern: field.pattern.as_deref(),
            computed,
            constant,
        }
    }

    fn schema(&mut self, ty: &'a FieldType) -> Schema<'a> {
        match ty {
            FieldType::Primitive(primitive) => primitive_schema(primitive),
            FieldType::Enum { integer, values } => enum_schema(*integer, values),
            FieldType::Named(id) => self.named(id),
            FieldType::Object(fields) => Schema::Object { members: self.members(fields) },
            FieldType::List(item) => Schema::List { items: Box::new(self.schema(item)) },
            FieldType::JsonText(content) => {
                Schema::JsonText { content: Box::new(self.schema(content)) }
            }
        }
    }

    fn named(&mut self, id: &'a TypeId) -> Schema<'a> {
        let spec = self.spec;
        if let Some(entry) = spec.types.get(id)
            && !self.types.contains_key(id)
        {
            self.types.insert(id, None);
            let schema = self.named_schema(entry);
            self.types.insert(id, Some(schema));
        }
        Schema::Named { name: named(id) }
    }

    fn named_schema(&mut self, entry: &'a NamedType) -> Schema<'a> {
        match &entry.shape {
            Shape::Object { fields, .. } => Schema::Object { members: self.members(fields) },
            Shape::Enum { integer, values } => enum_schema(*integer, values),
        }
    }
}

fn named(id: &TypeId) -> String {
    format!("{}/{}", id.family, id.name)
}

fn pages(paging: &Paging) -> Pages<'_> {
    let by = match &paging.by {
        PageInput::Offset(input) => PageBy::Offset { input },
        PageInput::Number { input, first } => PageBy::Number { input, first: *first },
        PageInput::Token { input, next } => PageBy::Token { input, next },
    };
    let (limit, total) = (paging.limit.as_deref(), paging.total.as_deref());
    Pages { items: &paging.items, by, limit, total }
}

fn enum_schema(integer: bool, values: &[EnumValue]) -> Schema<'_> {
    Schema::Enum { integer, values: values.iter().map(|value| value.wire.as_str()).collect() }
}

fn primitive_schema(primitive: &Primitive) -> Schema<'_> {
    match primitive {
        Primitive::String(None) => Schema::String { format: None },
        Primitive::String(Some(StringFormat::DateTime)) => {
            Schema::String { format: Some("date-time") }
        }
        Primitive::String(Some(StringFormat::Other(format))) => {
            Schema::String { format: Some(format) }
        }
        Primitive::Integer => Schema::Integer,
        Primitive::Number => Schema::Number,
        Primitive::Boolean => Schema::Boolean,
        Primitive::Json => Schema::Json,
        Primitive::Secret(Secret::Text) => Schema::Secret { content: "text" },
        Primitive::Secret(Secret::Bytes) => Schema::Secret { content: "bytes" },
    }
}

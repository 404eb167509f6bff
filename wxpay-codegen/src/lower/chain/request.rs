//! Lowers the request of an operation: its type, and how to encode it.

use wxpay_spec::model::{self, Body, Computed, Direction, Input, Shape, Upload};
use wxpay_spec::rust_name::field_name;

use crate::ir::{Docs, Member, ModulePath, Name, Piece, RequestType, Rival, Stage, Value};
use crate::lower::context::Lowering;
use crate::lower::names::{self, NameKind, Place};
use crate::lower::object::StructFields;
use crate::markdown::inline;

/// The request of an operation.
#[derive(Debug)]
pub(super) struct LoweredRequest {
    pub(super) request: RequestType,
    /// The first stage of the request's builder. `None` if nothing is required.
    pub(super) start: Option<Stage>,
    pub(super) pieces: Vec<Piece>,
}

impl<'a> Lowering<'a> {
    /// Lowers the type `Request` of an operation, and the steps of its encoding.
    pub(super) fn request(
        &mut self,
        operation: &model::Operation,
        module: &ModulePath,
        place: &Place<'_>,
    ) -> LoweredRequest {
        let docs = Docs::line(format!("{}: the request.", inline(&operation.title)));
        let bare = operation.query.is_empty() && operation.header.is_empty();
        if let (true, Input::Json(Body::Named(id))) = (bare, &operation.input) {
            let body = place.key("request");
            if let Some((path, start)) = self.sent_type(id, &body) {
                let request = RequestType::Named { path, docs };
                return LoweredRequest { request, start, pieces: vec![Piece::Body] };
            }
        }
        let path = module.of(&names::fixed("Request"));
        let kind = match operation.input {
            Input::Upload(_) => NameKind::UploadField,
            Input::None | Input::Json(_) => NameKind::RequestField,
        };
        let mut fields = StructFields::new(&path, Direction::Request, kind);
        let query = self.members(&operation.query, &mut fields, &place.key("query"));
        let header = self.members(&operation.header, &mut fields, &place.key("header"));
        let mut pieces = self.pairs(operation, place);
        pieces.extend(query.into_iter().map(Piece::Query));
        pieces.extend(header.into_iter().map(Piece::Header));
        let json = match &operation.input {
            Input::None => None,
            Input::Json(body) => {
                pieces.push(Piece::Body);
                Some(self.body_members(body, &mut fields, &place.key("request")))
            }
            Input::Upload(upload) => {
                Some(self.upload(upload, &mut fields, &mut pieces, &place.key("upload")))
            }
        };
        let sent = fields.into_sent(path, docs, json);
        LoweredRequest { start: sent.start(), request: RequestType::Own(sent), pieces }
    }

    /// Lowers the pairs of members that exclude each other.
    fn pairs(&mut self, operation: &model::Operation, place: &Place<'_>) -> Vec<Piece> {
        let mut pairs = Vec::new();
        for (key, fields) in [("query", &operation.query), ("header", &operation.header)] {
            let place = place.key(key);
            for field in fields {
                let Some(other) = &field.not_with else { continue };
                let place = place.key(&field.name);
                let named = |field: &model::Field| field_name(field) == *other;
                let Some(other) = self.input_fields(&operation.input).iter().find(|f| named(f))
                else {
                    self.error(
                        place,
                        format!("the body has no member `{other}`: correct `not_with`"),
                    );
                    continue;
                };
                let one = self.rival(field, &place);
                let other = self.rival(other, &place);
                pairs.extend(one.zip(other).map(|(one, other)| Piece::NotBoth(one, other)));
            }
        }
        pairs
    }

    fn rival(&mut self, field: &model::Field, place: &Place<'_>) -> Option<Rival> {
        let rust = self.name(&field.name, field.rust.as_deref(), NameKind::RequestField, place)?;
        let json_text = matches!(field.ty, model::FieldType::JsonText(_));
        let name = Name { wire: field.name.clone(), rust };
        let value = Value::of(&name, json_text, field.empty);
        Some(Rival { name: name.rust, value })
    }

    /// The fields of the body, or of an upload's meta.
    fn input_fields<'s>(&self, input: &'s Input) -> &'s [model::Field]
    where
        'a: 's,
    {
        match input {
            Input::Json(Body::Fields(fields)) => fields,
            Input::Json(Body::Named(id)) => match self.spec.types.get(id).map(|named| &named.shape)
            {
                Some(Shape::Object { fields, .. }) => fields,
                _ => &[],
            },
            Input::Upload(upload) => &upload.meta,
            Input::None => &[],
        }
    }

    /// Lowers the members of a body. The members of a named type join the query in one struct.
    fn body_members(
        &mut self,
        body: &Body,
        into: &mut StructFields,
        place: &Place<'_>,
    ) -> Vec<Member> {
        let id = match body {
            Body::Fields(fields) => return self.members(fields, into, place),
            Body::Named(id) => id,
        };
        let spec = self.spec;
        let (Some((path, _)), Some(named)) = (self.sent_type(id, place), spec.types.get(id)) else {
            return Vec::new();
        };
        let Shape::Object { fields, .. } = &named.shape else {
            return Vec::new();
        };
        let file = Place::file(&named.source);
        let key = file.key(&id.name);
        // The named type defines its nested types; this struct only refers to them.
        let own = into.swap_nest(&path);
        let members = self.members(fields, into, &key.key("fields"));
        into.restore_nest(own);
        members
    }

    fn upload(
        &mut self,
        upload: &Upload,
        into: &mut StructFields,
        pieces: &mut Vec<Piece>,
        place: &Place<'_>,
    ) -> Vec<Member> {
        let meta = place.key("meta");
        let mut members = Vec::new();
        for field in &upload.meta {
            match &field.computed {
                Some(computed) => {
                    members.push(Member { wire: field.name.clone(), value: value(computed) });
                }
                None => members.extend(self.members(std::slice::from_ref(field), into, &meta)),
            }
        }
        let file = names::fixed("file");
        pieces.push(Piece::Upload { part: upload.file.clone(), field: file });
        let parts = self.members(&upload.parts, into, &place.key("parts"));
        pieces.extend(parts.into_iter().map(Piece::Part));
        into.add_file(upload);
        members
    }
}

fn value(computed: &Computed) -> Value {
    match computed {
        Computed::Sha256 => Value::FileSha256,
        Computed::Sm3 => Value::FileSm3,
        Computed::FileName => Value::FileName,
        Computed::Constant(text) => Value::Constant(text.clone()),
    }
}

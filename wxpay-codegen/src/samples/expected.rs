//! Writes the request that each sample should send, and the response that it should get.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;
use wxpay_spec::model::{
    Body, Computed, Endpoint, Field, FieldType, Idempotency, Input, Integrity, Method, Operation,
    Response, Segment, Shape, Spec, TypeId, Upload,
};

use super::{json, response};
use crate::ir::Sample;
use crate::lower;

/// The content of every file that a sample uploads.
pub(super) const FILE: &str = "sample";

/// The SHA-256 of [`FILE`].
const FILE_SHA256: &str = "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf";

/// The SM3 of [`FILE`].
const FILE_SM3: &str = "aa3fb947fadba43a34fea743d9549271a7b1b8f5b2550df076d6c842bf3db350";

/// Writes the request of an operation's sample on the wire, and the members of its response.
///
/// A secret is `"$secret"` with the bounds of its length. JSON in a string is `{"$json": …}`.
pub(super) fn expected(
    spec: &Spec,
    endpoint: &Endpoint,
    method: Method,
    operation: &Operation,
) -> TokenStream {
    let mut writer = ExpectationWriter { spec, inside: Vec::new() };
    let (verb, url) = (method.wire(), &endpoint.path);
    let path = list("path", path_values(spec, endpoint, operation));
    let host = endpoint.host.as_ref().map(|host| quote! { host: Some(#host), });
    let query = list("query", writer.pairs(&operation.query));
    let headers = list("headers", writer.pairs(&operation.header));
    let body = writer.body(&operation.input);
    let response = response(spec, &operation.response);
    let idempotency = idempotency(method, &operation.idempotency);
    quote! {
        Expected { #host #path #query #headers #body #response #idempotency ..Expected::of(#verb, #url) }
    }
}

/// Writes the JSON of a sample with all members.
pub(super) fn document(spec: &Spec, body: &Body) -> String {
    ExpectationWriter { spec, inside: Vec::new() }.document(body)
}

fn response(spec: &Spec, response: &Response) -> TokenStream {
    let status = |status: u16| {
        let status = Literal::u16_unsuffixed(status);
        quote! { status: #status, }
    };
    match response {
        Response::None { .. } => status(response.status()),
        Response::Json { body, .. } => {
            let usual = response.status();
            let status = (usual != 200).then(|| status(usual));
            let members = json::literal(&response::members(spec, body));
            quote! { #status response: Some(#members), }
        }
        Response::Download(download) => {
            let integrity = match download.integrity {
                Integrity::None => quote! { None },
                Integrity::Sha1 => quote! { Sha1 },
                Integrity::SignedDigest => quote! { SignedDigest },
            };
            quote! { download: Some(wxpay_api::Integrity::#integrity), }
        }
    }
}

/// The idempotency, if it differs from the HTTP method's usual one.
fn idempotency(method: Method, idempotency: &Idempotency) -> Option<TokenStream> {
    let usual = if method == Method::Get { Idempotency::Safe } else { Idempotency::Never };
    let variant = match idempotency {
        same if *same == usual => return None,
        Idempotency::Safe => quote! { Safe },
        Idempotency::Never => quote! { Never },
        Idempotency::NaturalKey(key) => quote! { NaturalKey(#key) },
    };
    Some(quote! { idempotency: wxpay_api::Idempotency::#variant, })
}

/// The values of the path's parameters in a sample.
pub(super) fn path_values(
    spec: &Spec,
    endpoint: &Endpoint,
    operation: &Operation,
) -> Vec<TokenStream> {
    let value = |name: String| {
        let field = operation.path.iter().find(|field| field.name == name)?;
        match lower::sample(spec, field) {
            Sample::Plain(value) => Some(plain_text(&value)),
            Sample::Secret { .. } | Sample::Parts(_) => None,
        }
    };
    let parameters = endpoint.segments().into_iter().filter_map(|segment| match segment {
        Segment::Parameter(name) => Some(value(name).unwrap_or_default()),
        Segment::Literal(_) => None,
    });
    parameters.map(|text| quote! { #text }).collect()
}

fn list(name: &str, items: Vec<TokenStream>) -> Option<TokenStream> {
    let name = quote::format_ident!("{name}");
    (!items.is_empty()).then(|| quote! { #name: &[#(#items),*], })
}

struct ExpectationWriter<'a> {
    spec: &'a Spec,
    /// The named types around the current place. A type inside itself has no value.
    inside: Vec<&'a TypeId>,
}

impl<'a> ExpectationWriter<'a> {
    fn body(&mut self, input: &'a Input) -> TokenStream {
        match input {
            Input::None => TokenStream::new(),
            Input::Json(body) => {
                let json = json::literal(&self.document(body));
                quote! { body: Some(#json), }
            }
            Input::Upload(upload) => self.upload(upload),
        }
    }

    fn upload(&mut self, upload: &'a Upload) -> TokenStream {
        let name = lower::file_name(upload);
        let meta = upload.meta.iter().filter_map(|field| {
            let value = match &field.computed {
                None => self.member(field)?,
                Some(computed) => Value::from(match computed {
                    Computed::Sha256 => FILE_SHA256,
                    Computed::Sm3 => FILE_SM3,
                    Computed::FileName => &name,
                    Computed::Constant(text) => text,
                })
                .to_string(),
            };
            Some((field.name.as_str(), value))
        });
        let meta = json::literal(&json::object(meta.collect::<Vec<_>>()));
        let parts = list("parts", self.pairs(&upload.parts));
        let (part, content) = (&upload.file, FILE);
        quote! { body: Some(#meta), file: Some((#part, #name, #content)), #parts }
    }

    fn document(&mut self, body: &'a Body) -> String {
        match body {
            Body::Fields(fields) => self.object(fields),
            Body::Named(id) => self.named(id),
        }
    }

    fn object(&mut self, fields: &'a [Field]) -> String {
        let members: Vec<_> = fields
            .iter()
            .filter_map(|field| Some((field.name.as_str(), self.member(field)?)))
            .collect();
        json::object(members)
    }

    fn named(&mut self, id: &'a TypeId) -> String {
        let Some(Shape::Object { fields, .. }) = self.spec.types.get(id).map(|named| &named.shape)
        else {
            return String::new();
        };
        self.inside.push(id);
        let object = self.object(fields);
        self.inside.pop();
        object
    }

    /// A member's JSON. A type inside itself has none, or an empty list if the member is required.
    fn member(&mut self, field: &'a Field) -> Option<String> {
        let value = self.value(&field.ty, &lower::sample(self.spec, field));
        value.or_else(|| (!field.optional).then(|| "[]".to_owned()))
    }

    fn value(&mut self, ty: &'a FieldType, sample: &Sample) -> Option<String> {
        if let FieldType::JsonText(content) = ty {
            let content = self.value(content, sample)?;
            return Some(json::object([("$json", content)]));
        }
        if let FieldType::List(item) = ty {
            return self.list(item, sample);
        }
        match sample {
            Sample::Plain(value) => Some(json::text(value)),
            Sample::Secret { length, .. } => Some(Value::from(marker(*length)).to_string()),
            Sample::Parts(_) => self.parts(ty),
        }
    }

    fn list(&mut self, item: &'a FieldType, sample: &Sample) -> Option<String> {
        let (element, count) = match sample {
            Sample::Plain(list) => return Some(json::text(list)),
            Sample::Secret { .. } => (self.value(item, sample)?, 1),
            Sample::Parts(count) => (self.parts(item)?, *count),
        };
        Some(format!("[{}]", vec![element; count].join(",")))
    }

    fn parts(&mut self, ty: &'a FieldType) -> Option<String> {
        match ty {
            FieldType::Object(fields) => Some(self.object(fields)),
            FieldType::Named(id) if !self.inside.contains(&id) => Some(self.named(id)),
            _ => None,
        }
    }

    /// Names and texts of a query, headers or parts. A list repeats its name.
    fn pairs(&mut self, fields: &'a [Field]) -> Vec<TokenStream> {
        let mut pairs = Vec::new();
        for field in fields.iter().filter(|field| field.not_with.is_none()) {
            let texts = match (&field.ty, lower::sample(self.spec, field)) {
                (FieldType::JsonText(content), sample) => {
                    self.value(content, &sample).into_iter().collect()
                }
                (_, Sample::Plain(Value::Array(list))) => list.iter().map(plain_text).collect(),
                (_, Sample::Plain(value)) => vec![plain_text(&value)],
                (_, Sample::Secret { length, .. }) => vec![marker(length)],
                (ty, Sample::Parts(_)) => self.parts(ty).into_iter().collect::<Vec<_>>(),
            };
            let name = &field.name;
            pairs.extend(texts.iter().map(|text| {
                let text = json::literal(text);
                quote! { (#name, #text) }
            }));
        }
        pairs
    }
}

/// The marker for a secret whose length is within these bounds.
fn marker(length: Option<(u64, Option<u64>)>) -> String {
    match length {
        None => "$secret".to_owned(),
        Some((least, None)) => format!("$secret {least}.."),
        Some((least, Some(most))) => format!("$secret {least}..{most}"),
    }
}

/// The text of a value outside JSON.
fn plain_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => json::text(other),
    }
}

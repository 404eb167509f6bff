//! An operation that the catalogue describes, for the client.

use std::marker::PhantomData;

use serde_json::Value;
use wxpay_api::dynamic::{Clears, Encoder, JsonText, MayBeEmpty, Presence, RequestWriter};
use wxpay_api::{Encode, Endpoint, File, Idempotency, Integrity, Operation, PathValues, Secret};

use super::members::CheckedMembers;
use crate::catalogue::Place;
use crate::catalogue::model::{self, Computed, Empty, Field, OperationFacts, Part, Schema};

/// An operation of the catalogue with its members. `R` is what its response is read as.
#[derive(Debug)]
pub(super) struct DynamicOperation<R> {
    endpoint: &'static Endpoint,
    path: PathValues,
    members: CheckedMembers,
    response: PhantomData<fn() -> R>,
}

impl<R> DynamicOperation<R> {
    pub(super) fn new(members: CheckedMembers) -> Self {
        let facts = members.operation.facts;
        let path = facts.parameters.iter().map(|field| match members.members.get(&field.name) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        });
        Self { endpoint: endpoint(facts), path: path.collect(), members, response: PhantomData }
    }
}

/// The facts that the client needs. They are leaked: the program makes a single call.
fn endpoint(facts: &'static OperationFacts) -> &'static Endpoint {
    let path = facts.path.as_str();
    let endpoint = match facts.method.as_str() {
        "GET" => Endpoint::get(path),
        "PUT" => Endpoint::put(path),
        "PATCH" => Endpoint::patch(path),
        "DELETE" => Endpoint::delete(path),
        _ => Endpoint::post(path),
    };
    let idempotency = match facts.repeat.as_str() {
        "safe" => Idempotency::Safe,
        "never" => Idempotency::Never,
        key => Idempotency::NaturalKey(key),
    };
    // Only a code that WeChat Pay itself names makes an unsigned refusal trustworthy.
    let is_known = |error: &&model::ErrorCode| {
        !matches!(error.source.as_deref(), Some("third-party" | "assumed"))
    };
    let errors = facts.errors.iter().filter(is_known).map(|error| error.code.as_str());
    let endpoint = endpoint
        .idempotency(idempotency)
        .statuses(&facts.response.statuses)
        .errors(Vec::leak(errors.collect()));
    let endpoint = if facts.update { endpoint.update() } else { endpoint };
    let endpoint = match facts.host.as_deref() {
        Some(host) => endpoint.host(host),
        None => endpoint,
    };
    let endpoint = match facts.response.download.as_ref().map(|download| download.integrity) {
        Some(model::Integrity::None) => endpoint.download(Integrity::None),
        Some(model::Integrity::Sha1) => endpoint.download(Integrity::Sha1),
        Some(model::Integrity::SignedDigest) => endpoint.download(Integrity::SignedDigest),
        None => endpoint,
    };
    Box::leak(Box::new(endpoint))
}

impl<R: 'static> Operation for DynamicOperation<R> {
    type Request = CheckedMembers;
    type Response = R;
    // The facts that `endpoint` replaces.
    const ENDPOINT: &'static Endpoint = &Endpoint::post("");

    fn endpoint(&self) -> &'static Endpoint {
        self.endpoint
    }

    fn path(&self) -> &PathValues {
        &self.path
    }

    fn with(self, change: impl FnOnce(CheckedMembers) -> CheckedMembers) -> Self {
        Self { members: change(self.members), ..self }
    }

    fn encode(&self, out: &mut RequestWriter<'_>) {
        let CheckedMembers { operation, open_body, file, .. } = &self.members;
        let part = operation.part;
        for (place, field, json) in self.members.given() {
            let value = MemberValue { part, field, json };
            match place {
                Place::Query => out.query(&field.name, &value),
                Place::Header => out.header(&field.name, &value),
                Place::FormPart => out.part(&field.name, &value),
                Place::Path | Place::Body => {}
            }
        }
        if let (Some(upload), Some(file)) = (&operation.facts.upload, file) {
            out.upload(&upload.file, file, &Meta { members: &self.members, file });
        } else if let Some(body) = &operation.facts.body {
            match part.resolve(body) {
                Schema::Object { .. } => out.body(&Body(&self.members)),
                _ if open_body.is_null() => {}
                _ => out.body(open_body),
            }
        }
    }
}

/// The members of a JSON body.
struct Body<'a>(&'a CheckedMembers);

impl Encode for Body<'_> {
    fn encode(&self, out: Encoder<'_>) {
        let part = self.0.operation.part;
        let mut object = out.object();
        for (_, field, json) in self.0.given().filter(|(place, ..)| *place == Place::Body) {
            object.put(&field.name, &MemberValue { part, field, json });
        }
    }
}

/// The meta of an upload: members of the caller, and what is computed of the file.
struct Meta<'a> {
    members: &'a CheckedMembers,
    file: &'a File,
}

impl Encode for Meta<'_> {
    fn encode(&self, out: Encoder<'_>) {
        let operation = self.members.operation;
        let part = operation.part;
        let mut object = out.object();
        for field in operation.facts.upload.iter().flat_map(|upload| &upload.meta) {
            match (field.computed, &field.constant, self.members.members.get(&field.name)) {
                (Some(Computed::Sha256), ..) => object.put(&field.name, &self.file.sha256()),
                (Some(Computed::Sm3), ..) => object.put(&field.name, &self.file.sm3()),
                (Some(Computed::FileName), ..) => object.put(&field.name, &self.file.name()),
                (None, Some(constant), _) => object.put(&field.name, constant),
                (None, None, Some(json)) => {
                    object.put(&field.name, &MemberValue { part, field, json });
                }
                (None, None, None) => {}
            }
        }
    }
}

/// A member of an object, which knows what an empty value means.
#[derive(Clone, Copy)]
struct MemberValue<'a> {
    part: &'static Part,
    field: &'static Field,
    json: &'a Value,
}

/// The same, without the meaning of an empty value.
struct PlainMember<'a>(MemberValue<'a>);

impl Encode for MemberValue<'_> {
    fn encode(&self, out: Encoder<'_>) {
        let plain = PlainMember(*self);
        match self.field.empty {
            Some(Empty::Allowed) => MayBeEmpty(&plain).encode(out),
            Some(Empty::Clears) => Clears(&plain).encode(out),
            None => plain.encode(out),
        }
    }

    fn presence(&self) -> Presence {
        let plain = PlainMember(*self);
        match self.field.empty {
            Some(Empty::Allowed) => MayBeEmpty(&plain).presence(),
            Some(Empty::Clears) => Clears(&plain).presence(),
            None => plain.presence(),
        }
    }
}

impl Encode for PlainMember<'_> {
    fn encode(&self, out: Encoder<'_>) {
        let MemberValue { part, field, json } = self.0;
        TypedValue { part, schema: &field.schema, json }.encode(out);
    }

    fn presence(&self) -> Presence {
        let MemberValue { part, field, json } = self.0;
        match (TypedValue { part, schema: &field.schema, json }).presence() {
            Presence::Empty if !field.required => Presence::OptionalEmpty,
            presence => presence,
        }
    }
}

/// A value with its schema.
#[derive(Clone, Copy)]
struct TypedValue<'a> {
    part: &'static Part,
    schema: &'static Schema,
    json: &'a Value,
}

impl Encode for TypedValue<'_> {
    fn encode(&self, out: Encoder<'_>) {
        let Self { part, schema, json } = *self;
        match (part.resolve(schema), json) {
            (Schema::Object { members }, Value::Object(object)) => {
                let mut out = out.object();
                for field in members {
                    if let Some(json) = object.get(&field.name) {
                        out.put(&field.name, &MemberValue { part, field, json });
                    }
                }
            }
            (Schema::List { items }, Value::Array(list)) => {
                let elements = list.iter().map(|json| TypedValue { part, schema: items, json });
                elements.collect::<Vec<_>>().encode(out);
            }
            (Schema::JsonText { content }, json) => {
                JsonText(&TypedValue { part, schema: content, json }).encode(out);
            }
            (Schema::Secret { .. }, Value::String(text)) => {
                Secret::from(text.as_str()).encode(out);
            }
            (Schema::Json, json) => json.encode(out),
            (_, Value::String(text)) => text.encode(out),
            (_, json) => json.encode(out),
        }
    }

    fn presence(&self) -> Presence {
        match (self.part.resolve(self.schema), self.json) {
            (_, Value::Null) => Presence::Absent,
            (Schema::Json | Schema::JsonText { .. }, _) => Presence::Given,
            (_, Value::String(text)) if text.is_empty() => Presence::Empty,
            (_, Value::Array(list)) if list.is_empty() => Presence::Empty,
            _ => Presence::Given,
        }
    }
}

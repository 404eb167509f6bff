//! Descriptors as flat facts, entry by entry and field by field, so that two states compare.

use std::collections::BTreeMap;
use std::fmt;

use crate::model::visit::{
    Visit, walk_body, walk_endpoint, walk_field, walk_named_type, walk_notification,
    walk_operation, walk_spec,
};
use crate::model::{
    Body, Endpoint, EnumValue, ErrorCode, Field, FieldPlace, FieldType, Idempotency, Input,
    NamedType, Note, Notification, NotificationResponse, Number, Operation, PageInput, Paging,
    Primitive, Response, Role, Secret, Shape, Spec, StringFormat, TypeId,
};

/// The facts of one entry: the keys that lead to a field, and what is known about it.
pub(super) type EntryFacts = Vec<(String, Facts)>;

/// The facts of every entry, by its name.
pub(super) fn entries(spec: &Spec) -> BTreeMap<String, EntryFacts> {
    let mut flattener = Flattener::default();
    walk_spec(&mut flattener, spec);
    flattener.entries
}

#[derive(Default)]
struct Flattener<'s> {
    entries: BTreeMap<String, EntryFacts>,
    host: Option<&'s str>,
}

impl Flattener<'_> {
    fn add(&mut self, place: &FieldPlace, key: String, facts: Facts) {
        self.entries.entry(place.entry.to_string()).or_default().push((key, facts));
    }
}

impl<'s> Visit<'s> for Flattener<'s> {
    fn visit_endpoint(&mut self, endpoint: &'s Endpoint) {
        self.host = endpoint.host.as_deref();
        walk_endpoint(self, endpoint);
    }

    fn visit_operation(&mut self, place: &FieldPlace, operation: &'s Operation) {
        self.add(place, "operation".to_owned(), of_operation(operation, self.host));
        walk_operation(self, place, operation);
    }

    fn visit_notification(&mut self, place: &FieldPlace, notification: &'s Notification) {
        let facts = Facts(vec![
            ("title", notification.title.clone()),
            ("docs", notification.docs.join(" ")),
            ("note", note(notification.note.as_ref())),
            ("events", notification.events.join(", ")),
            ("original_type", notification.original_type.clone().unwrap_or_default()),
            ("response", notification.response.as_ref().map(asked).unwrap_or_default()),
        ]);
        self.add(place, "notification".to_owned(), facts);
        walk_notification(self, place, notification);
    }

    fn visit_named_type(&mut self, place: &FieldPlace, _: &'s TypeId, named: &'s NamedType) {
        // A type without members is an entry too.
        self.entries.entry(place.entry.to_string()).or_default();
        if let Shape::Enum { values, .. } = &named.shape {
            let facts = Facts(vec![("values", listed(values)), ("labels", labels(values))]);
            self.add(place, "enum".to_owned(), facts);
        }
        walk_named_type(self, place, named);
    }

    fn visit_body(&mut self, place: &FieldPlace, body: &'s Body) {
        if let Body::Named(id) = body {
            self.add(place, place.key_path(), Facts(vec![("type", id.to_string())]));
        }
        walk_body(self, place, body);
    }

    fn visit_field(&mut self, place: &FieldPlace, field: &'s Field) {
        self.add(place, place.key_path(), Facts::of_field(field));
        walk_field(self, place, field);
    }
}

fn of_operation(operation: &Operation, host: Option<&str>) -> Facts {
    let role = |role: &Role| {
        Role::ALL.iter().find(|(known, ..)| known == role).map_or("", |(_, key, _)| key)
    };
    Facts(vec![
        ("title", operation.title.clone()),
        ("host", host.unwrap_or_default().to_owned()),
        ("docs", operation.docs.join(" ")),
        ("roles", operation.roles.iter().map(role).collect::<Vec<_>>().join(", ")),
        ("updated", operation.updated.clone().unwrap_or_default()),
        ("deprecated", operation.deprecated.clone().unwrap_or_default()),
        ("note", note(operation.note.as_ref())),
        ("file", file(&operation.input)),
        ("response", response(&operation.response)),
        ("errors", errors(&operation.errors)),
        ("repeat", repeat(&operation.idempotency)),
        ("effect", if operation.updates { "update" } else { "" }.to_owned()),
        ("pages", operation.pages.as_ref().map(pages).unwrap_or_default()),
        ("closure", if operation.keeps_closure { "kept" } else { "" }.to_owned()),
    ])
}

/// The member by which WeChat Pay recognises a retry, or `safe`; empty if nothing allows a retry.
fn repeat(idempotency: &Idempotency) -> String {
    match idempotency {
        Idempotency::Safe => "safe".to_owned(),
        Idempotency::Never => String::new(),
        Idempotency::NaturalKey(member) => member.clone(),
    }
}

/// The list and the input that chooses its page.
fn pages(paging: &Paging) -> String {
    let (PageInput::Offset(input)
    | PageInput::Number { input, .. }
    | PageInput::Token { input, .. }) = &paging.by;
    format!("{} by {input}", paging.items)
}

fn note(note: Option<&Note>) -> String {
    note.map(|note| note.texts().collect::<Vec<_>>().join(" / ")).unwrap_or_default()
}

/// The response that a notification asks for.
fn asked(response: &NotificationResponse) -> String {
    let seconds = response.time_limit.map(|seconds| format!(" within {seconds} s"));
    let signed = if response.signed { "signed JSON" } else { "JSON" };
    format!("{signed}{}", seconds.unwrap_or_default())
}

/// The name of the part with the file of an upload.
fn file(input: &Input) -> String {
    match input {
        Input::Upload(upload) => upload.file.clone(),
        Input::None | Input::Json(_) => String::new(),
    }
}

fn response(response: &Response) -> String {
    match response {
        Response::None { statuses } => format!("{} without a body", several(statuses)),
        Response::Json { statuses, .. } => format!("{} JSON", several(statuses)),
        Response::Download(download) => download.media.join(", "),
    }
}

fn several(statuses: &[u16]) -> String {
    statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ")
}

/// The codes with their status and when they come.
fn errors(errors: &[ErrorCode]) -> String {
    let one = |error: &ErrorCode| {
        let status = error.status.map(|status| format!(" {status}")).unwrap_or_default();
        let when = error.when.as_deref().map(|when| format!(" {when}")).unwrap_or_default();
        let source = error.source.map(|source| format!(" ({})", source.word())).unwrap_or_default();
        format!("{}{status}{when}{source}", error.code)
    };
    errors.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The facts about a field, by the descriptor's keys; a missing fact is an empty text.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Facts(Vec<(&'static str, String)>);

impl Facts {
    fn of_field(field: &Field) -> Self {
        let number =
            |number: &Option<Number>| number.as_ref().map_or("", |Number(text)| text).to_owned();
        Self(vec![
            ("type", ty(&field.ty)),
            ("presence", if field.optional { "optional" } else { "required" }.to_owned()),
            ("title", field.title.clone().unwrap_or_default()),
            ("values", field.ty.innermost().values().map(listed).unwrap_or_default()),
            ("labels", field.ty.innermost().values().map(labels).unwrap_or_default()),
            (
                "example",
                field.example.as_ref().map(|example| example.0.to_string()).unwrap_or_default(),
            ),
            ("length", field.length.map(|(least, most)| length(least, most)).unwrap_or_default()),
            (
                "range",
                field
                    .range
                    .as_ref()
                    .map(|(a, b)| format!("{}..{}", number(a), number(b)))
                    .unwrap_or_default(),
            ),
            ("pattern", field.pattern.clone().unwrap_or_default()),
            ("note", note(field.note.as_ref())),
            ("superseded", if field.superseded { "yes" } else { "" }.to_owned()),
            ("empty", field.empty.word().unwrap_or_default().to_owned()),
            ("not_with", field.not_with.clone().unwrap_or_default()),
            ("rust", field.rust.clone().unwrap_or_default()),
            ("computed", if field.computed.is_some() { "by the client" } else { "" }.to_owned()),
        ])
    }

    pub(super) fn differences(
        &self,
        other: &Self,
    ) -> impl Iterator<Item = (&'static str, String, String)> {
        let pairs: Vec<_> = self
            .0
            .iter()
            .zip(&other.0)
            .filter(|((_, before), (_, after))| before != after)
            .map(|((fact, before), (_, after))| (*fact, before.clone(), after.clone()))
            .collect();
        pairs.into_iter()
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut given = self.0.iter().filter(|(_, text)| !text.is_empty());
        if let Some((_, first)) = given.next() {
            f.write_str(first)?;
        }
        given.try_for_each(|(fact, text)| match *fact {
            "presence" => write!(f, ", {text}"),
            fact => write!(f, ", {fact} {text}"),
        })
    }
}

fn length(least: u64, most: Option<u64>) -> String {
    most.map_or_else(|| format!("{least}.."), |most| format!("{least}..{most}"))
}

fn ty(ty: &FieldType) -> String {
    match ty {
        FieldType::Primitive(primitive) => self::primitive(primitive),
        FieldType::Enum { integer: true, .. } => "integer".to_owned(),
        FieldType::Enum { integer: false, .. } => "string".to_owned(),
        FieldType::Named(id) => id.to_string(),
        FieldType::Object(_) => "object".to_owned(),
        FieldType::List(element) => format!("list of {}", self::ty(element)),
        FieldType::JsonText(content) => format!("json-text of {}", self::ty(content)),
    }
}

fn primitive(primitive: &Primitive) -> String {
    match primitive {
        Primitive::String(None) => "string".to_owned(),
        Primitive::String(Some(StringFormat::DateTime)) => "string date-time".to_owned(),
        Primitive::String(Some(StringFormat::Other(format))) => format!("string {format}"),
        Primitive::Integer => "integer".to_owned(),
        Primitive::Number => "number".to_owned(),
        Primitive::Boolean => "boolean".to_owned(),
        Primitive::Json => "json".to_owned(),
        Primitive::Secret(Secret::Text) => "secret text".to_owned(),
        Primitive::Secret(Secret::Bytes) => "secret bytes".to_owned(),
    }
}

/// The values on the wire.
fn listed(values: &[EnumValue]) -> String {
    values.iter().map(|value| value.wire.as_str()).collect::<Vec<_>>().join(", ")
}

/// The labels of the values.
fn labels(values: &[EnumValue]) -> String {
    let label = |value: &EnumValue| {
        let superseded = if value.superseded { " (superseded)" } else { "" };
        let title = value.title.as_deref().map(|title| format!(" {title}")).unwrap_or_default();
        let label = format!("{title}{superseded}");
        (!label.is_empty()).then(|| format!("{}{label}", value.wire))
    };
    values.iter().filter_map(label).collect::<Vec<_>>().join(", ")
}

//! Examples of requests and responses, made of the examples of the descriptors.

use serde_json::{Map, Value, json};

use super::model::{Field, Part, Schema};
use super::{Operation, Place};

/// An example request, by the places of its members.
#[derive(Debug, Default)]
pub(crate) struct ExampleRequest {
    pub(crate) path: Map<String, Value>,
    pub(crate) query: Map<String, Value>,
    pub(crate) header: Map<String, Value>,
    /// `None` if the operation has no body. Of an upload it has meta and text parts.
    pub(crate) body: Option<Value>,
}

impl ExampleRequest {
    /// Makes a request of the required members, and of the optional ones that have an example.
    pub(crate) fn of(operation: Operation) -> Self {
        Self::with(operation, |field| field.example.is_some() && !field.superseded)
    }

    /// Makes a request of the required members alone.
    pub(crate) fn required(operation: Operation) -> Self {
        Self::with(operation, |_| false)
    }

    fn with(operation: Operation, wanted: impl Fn(&Field) -> bool + Copy) -> Self {
        let mut writer = ExampleWriter { part: operation.part, wanted, inside: Vec::new() };
        let mut request = Self::default();
        if operation.facts.upload.is_some() {
            request.body = Some(json!({}));
        }
        if let Some(body) = &operation.facts.body {
            request.body = Some(writer.schema(body));
        }
        for (place, field) in operation.members() {
            let is_given = field.computed.is_none() && field.constant.is_none();
            let is_wanted = field.required || wanted(field) && field.not_with.is_none();
            if !is_given || !is_wanted {
                continue;
            }
            let members = match place {
                Place::Path => &mut request.path,
                Place::Query => &mut request.query,
                Place::Header => &mut request.header,
                Place::Body | Place::FormPart => match &mut request.body {
                    Some(Value::Object(members)) if operation.facts.upload.is_some() => members,
                    _ => continue,
                },
            };
            members.insert(field.name.clone(), writer.field(field));
        }
        request
    }
}

/// Makes an example of a schema, with every member that is not superseded.
pub(crate) fn of_schema(part: &Part, schema: &Schema) -> Value {
    let wanted = |field: &Field| !field.superseded && field.example.is_some();
    ExampleWriter { part, wanted, inside: Vec::new() }.schema(schema)
}

/// Writes examples. `wanted` chooses the optional members.
struct ExampleWriter<'a, W> {
    part: &'a Part,
    wanted: W,
    /// The named types that are being written, so that recursion ends.
    inside: Vec<&'a str>,
}

impl<'a, W: Fn(&Field) -> bool + Copy> ExampleWriter<'a, W> {
    fn field(&mut self, field: &'a Field) -> Value {
        match &field.example {
            Some(example) => self.complete(&field.schema, example),
            None => self.without_example(field),
        }
    }

    /// Takes an example. JSON inside a text is written as its content.
    fn complete(&mut self, schema: &'a Schema, example: &Value) -> Value {
        match (self.part.resolve(schema), example) {
            (Schema::JsonText { .. }, Value::String(text)) => {
                serde_json::from_str(text).unwrap_or_else(|_| example.clone())
            }
            _ => example.clone(),
        }
    }

    fn without_example(&mut self, field: &'a Field) -> Value {
        let least = field.length.map_or(1, |(least, _)| least.max(1));
        match self.part.resolve(&field.schema) {
            Schema::String { format } => match format.as_deref() {
                Some("date-time") => json!("2025-01-01T08:00:00+08:00"),
                Some("date") => json!("2025-01-01"),
                Some("uri") => json!("https://shop.example/wechatpay"),
                _ => json!("1".repeat(usize::try_from(least).unwrap_or(1))),
            },
            Schema::Integer => {
                let least = field.range.as_ref().and_then(|(least, _)| least.as_deref());
                json!(least.and_then(|least| least.parse::<i64>().ok()).unwrap_or(1))
            }
            _ => self.schema(&field.schema),
        }
    }

    fn schema(&mut self, schema: &'a Schema) -> Value {
        match schema {
            Schema::String { .. } | Schema::Secret { .. } => json!("1"),
            Schema::Integer | Schema::Number => json!(1),
            Schema::Boolean => json!(true),
            Schema::Json => json!({}),
            Schema::Enum { integer, values } => {
                let first = values.first().map_or("1", |value| value.value.as_str());
                match first.parse::<i64>() {
                    Ok(number) if *integer => json!(number),
                    _ => json!(first),
                }
            }
            Schema::Object { members } => self.members(members),
            Schema::List { items } => json!([self.schema(items)]),
            Schema::JsonText { content } => self.schema(content),
            Schema::Named { name } => self.named(name),
        }
    }

    fn named(&mut self, name: &'a str) -> Value {
        match self.part.types.get(name) {
            Some(schema) if !self.inside.contains(&name) => {
                self.inside.push(name);
                let example = self.schema(schema);
                self.inside.pop();
                example
            }
            _ => json!({}),
        }
    }

    fn members(&mut self, members: &'a [Field]) -> Value {
        let wanted = self.wanted;
        let chosen = members.iter().filter(|field| field.required || wanted(field));
        let members = chosen.map(|field| (field.name.clone(), self.field(field)));
        Value::Object(members.collect())
    }
}

//! Makes values from the descriptors' examples. Their secrets are not encrypted yet.

use serde_json::{Map, Number, Value, json};

use crate::sandbox::book::{Book, BookMember, Schema};
use crate::sandbox::check::RequestValues;
use crate::sandbox::check::values::join;

/// Members that contain the merchant's own number.
const OWN_NUMBER: [&str; 3] = ["mchid", "sp_mchid", "combine_mchid"];

/// Makes a value of `schema`: from the request if it has the value, else from the example, else any valid one.
pub(in crate::sandbox) fn example(
    book: &Book,
    schema: &Schema,
    values: &RequestValues,
    mchid: &str,
) -> Value {
    let mut maker = ExampleMaker { book, values, mchid, inside: Vec::new() };
    maker.value(schema, Spot { path: "", name: "", same: None, member: None }).unwrap_or_default()
}

struct ExampleMaker<'a> {
    book: &'a Book,
    values: &'a RequestValues,
    mchid: &'a str,
    /// The named types around the current place. A type inside itself is left out.
    inside: Vec<&'a str>,
}

/// A place in the response.
#[derive(Clone, Copy)]
struct Spot<'p> {
    path: &'p str,
    name: &'p str,
    /// The request's value at the same path.
    same: Option<&'p Value>,
    member: Option<&'p BookMember>,
}

impl<'a> ExampleMaker<'a> {
    fn value(&mut self, schema: &'a Schema, spot: Spot<'_>) -> Option<Value> {
        match schema {
            Schema::Named { name } => self.named(name, spot),
            Schema::Object { members } => Some(self.object(members, spot)),
            Schema::List { items } => Some(self.list(items, spot)),
            Schema::JsonText { content } => {
                Some(Value::String(self.value(content, spot.inner())?.to_string()))
            }
            Schema::Secret { .. } => Some(Value::String(self.secret(spot))),
            scalar => Some(self.scalar(scalar, spot)),
        }
    }

    fn named(&mut self, name: &'a str, spot: Spot<'_>) -> Option<Value> {
        if self.inside.contains(&name) {
            return None;
        }
        self.inside.push(name);
        let value = self.book.named(name).and_then(|schema| self.value(schema, spot));
        self.inside.pop();
        value
    }

    fn object(&mut self, members: &'a [BookMember], spot: Spot<'_>) -> Value {
        let mut object = Map::new();
        for member in members {
            let path = join(spot.path, &member.name);
            let same = match spot.same {
                Some(same) => same.get(&member.name),
                None if spot.path.is_empty() => self.values.top(&member.name),
                None => None,
            };
            let spot = Spot { path: &path, name: &member.name, same, member: Some(member) };
            if let Some(value) = self.value(&member.schema, spot) {
                object.insert(member.name.clone(), value);
            }
        }
        Value::Object(object)
    }

    /// Makes as many items as the request has at this path, else those of the example, else one.
    fn list(&mut self, items: &'a Schema, spot: Spot<'_>) -> Value {
        let composed = matches!(self.book.resolve(items), Schema::Object { .. });
        let example = spot.member.and_then(|member| member.example.as_ref());
        match (spot.same, example) {
            (Some(Value::Array(same)), _) => {
                let same = same.iter().enumerate();
                same.filter_map(|(index, same)| self.item(items, index, Some(same), spot)).collect()
            }
            (_, Some(Value::Array(example))) if !composed => Value::Array(example.clone()),
            _ => self.item(items, 0, None, spot).into_iter().collect(),
        }
    }

    fn item(
        &mut self,
        items: &'a Schema,
        index: usize,
        same: Option<&Value>,
        list: Spot<'_>,
    ) -> Option<Value> {
        let path = format!("{}[{index}]", list.path);
        self.value(items, Spot { path: &path, name: "", same, member: None })
    }

    fn secret(&self, spot: Spot<'_>) -> String {
        let sent = self.values.secret(spot.path).or_else(|| self.values.secret(spot.name));
        let plain =
            sent.or_else(|| self.values.text(spot.name)).or_else(|| spot.example()?.as_str());
        plain.unwrap_or("text").to_owned()
    }

    fn scalar(&self, schema: &Schema, spot: Spot<'_>) -> Value {
        let hidden = self.values.is_secret(spot.path);
        let same = spot.same.filter(|_| !hidden).and_then(|value| convert(schema, value));
        let top = || convert(schema, self.values.top(spot.name)?);
        let own = || {
            let own = OWN_NUMBER.contains(&spot.name) && matches!(schema, Schema::String { .. });
            own.then(|| Value::from(self.mchid))
        };
        let example = || spot.example().and_then(|example| convert(schema, example));
        same.or_else(top).or_else(own).or_else(example).unwrap_or_else(|| any(schema, spot.member))
    }
}

impl<'p> Spot<'p> {
    fn example(self) -> Option<&'p Value> {
        self.member.and_then(|member| member.example.as_ref())
    }

    /// Enters the JSON inside a string. The request has only the string at this path.
    fn inner(self) -> Self {
        Self { same: None, ..self }
    }
}

/// Converts a value to `schema`. A text of the URL may be a number in the response, or the reverse.
fn convert(schema: &Schema, value: &Value) -> Option<Value> {
    let fitting = match (schema, value) {
        (Schema::Json, value) => value.clone(),
        (Schema::String { .. }, Value::String(text)) if !text.is_empty() => value.clone(),
        (Schema::String { .. }, Value::Number(number)) => Value::from(number.to_string()),
        (Schema::Integer, Value::Number(number)) if number.is_i64() => value.clone(),
        (Schema::Integer, Value::String(text)) => Value::from(text.parse::<i64>().ok()?),
        (Schema::Number, Value::Number(_)) | (Schema::Boolean, Value::Bool(_)) => value.clone(),
        (Schema::Enum { values, integer }, value) => {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            return values.contains(&text).then(|| enum_value(&text, *integer));
        }
        _ => return None,
    };
    Some(fitting)
}

/// Makes any value that fits.
fn any(schema: &Schema, member: Option<&BookMember>) -> Value {
    let least = member.and_then(|member| member.range.as_ref()?.0.as_ref());
    match schema {
        Schema::String { format } => Value::from(any_text(format.as_deref())),
        Schema::Integer => {
            Value::from(least.and_then(|text| text.parse::<i64>().ok()).unwrap_or(1))
        }
        Schema::Number => {
            Value::from(least.and_then(|text| text.parse::<f64>().ok()).unwrap_or(1.0))
        }
        Schema::Boolean => Value::Bool(true),
        Schema::Enum { values, integer } => {
            values.first().map_or(Value::Null, |value| enum_value(value, *integer))
        }
        _ => json!({}),
    }
}

fn any_text(format: Option<&str>) -> &'static str {
    match format {
        Some("date-time") => "2025-01-01T12:00:00+08:00",
        Some("date") => "2025-01-01",
        Some("compact-time") => "20250101120000",
        Some("uri" | "media-url") => "https://pay.weixin.qq.com/",
        Some("numeric") => "1",
        _ => "text",
    }
}

fn enum_value(text: &str, integer: bool) -> Value {
    match text.parse::<Number>() {
        Ok(number) if integer => Value::Number(number),
        _ => Value::from(text),
    }
}

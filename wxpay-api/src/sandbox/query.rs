//! Texts outside JSON, in the URL, in headers and in forms, as the JSON that the book speaks of.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::book::{Book, Member, Schema};

/// The decoded pairs of a query; `None` when it is not UTF-8.
pub(super) fn pairs(query: &str) -> Option<Vec<(String, String)>> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name)?, decode(value)?))
        })
        .collect()
}

/// Form encoding, too, is in use and accepted (docs/protocol/signing.md §1.2).
fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(|text| text.into_owned())
}

/// Pairs as an object. A name that comes twice is returned apart, unless its member is a list.
pub(super) fn object(
    book: &Book,
    members: &[Member],
    pairs: &[(String, String)],
) -> (Map<String, Value>, Vec<String>) {
    let mut object = Map::new();
    let mut twice = Vec::new();
    for (name, text) in pairs {
        let member = members.iter().find(|member| member.name == *name);
        let schema = member.map_or(&Schema::Json, |member| book.resolve(&member.schema));
        match (schema, object.get_mut(name)) {
            (Schema::List { items }, Some(Value::Array(list))) => {
                list.push(json(book, items, text))
            }
            (_, Some(_)) => twice.push(name.clone()),
            (_, None) => {
                object.insert(name.clone(), json(book, schema, text));
            }
        }
    }
    (object, twice)
}

/// A text as the JSON its schema asks for; what does not fit stays a string and is complained of.
fn json(book: &Book, schema: &Schema, text: &str) -> Value {
    let string = || Value::String(text.to_owned());
    match book.resolve(schema) {
        Schema::Integer | Schema::Enum { integer: true, .. } => {
            text.parse::<i64>().map_or_else(|_| string(), Value::from)
        }
        Schema::Number => text.parse::<f64>().map_or_else(|_| string(), Value::from),
        Schema::Boolean => text.parse::<bool>().map_or_else(|_| string(), Value::from),
        Schema::Object { .. } => serde_json::from_str(text).unwrap_or_else(|_| string()),
        Schema::List { items } => Value::Array(vec![json(book, items, text)]),
        _ => string(),
    }
}

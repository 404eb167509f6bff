//! Takes the values of the sample calls as examples.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::types::set_example;
use super::url;
use crate::grammar::RESERVED_HEADERS;
use crate::import::page::parse::literal;
use crate::import::page::parse::{Code, Piece};
use crate::model::{Body, Endpoint, Field, FieldType, Input, Method, Operation};

/// The name of the client in samples.
const CLIENT: &str = "wxpay";

/// Takes the values of the sample calls as examples of fields.
pub(super) fn apply_samples(code: &Code<'_>, endpoints: &mut BTreeMap<String, Endpoint>) {
    let mut open = code.root().children();
    open.reverse();
    while let Some(piece) = open.pop() {
        if let Some(call) = Call::read(&piece) {
            match call.operation(endpoints) {
                Some(operation) => call.apply(operation),
                None => call.piece.remark(format!(
                    "the sample calls `{} {}`, which is not declared: left out",
                    call.method.wire(),
                    call.path
                )),
            }
        }
        if let Some(part) =
            appended(&piece).filter(|part| !endpoints.values().any(|e| has(e, part)))
        {
            piece.remark(format!("the sample appends `{part}`, which is not declared: left out"));
        }
        open.extend(piece.children().into_iter().rev());
    }
}

/// Reads the part that `form.append('part', …)` adds to a form.
fn appended(piece: &Piece<'_>) -> Option<String> {
    let function = piece.field("function").filter(|_| piece.kind() == "call_expression")?;
    let is_append = function.field("property")?.text() == "append";
    literal::text(&piece.field("arguments").filter(|_| is_append)?.first()?)
}

/// Whether a form of an endpoint has a part.
fn has(endpoint: &Endpoint, part: &str) -> bool {
    endpoint.operations.values().any(|operation| match &operation.input {
        Input::Upload(upload) => {
            upload.file == part
                || part == "meta"
                || upload.parts.iter().any(|field| field.name == part)
        }
        Input::None | Input::Json(_) => false,
    })
}

/// A call such as `wxpay.v3.pay._id_.close.post({ mchid }, { id })`.
#[derive(Debug)]
struct Call<'c> {
    piece: Piece<'c>,
    method: Method,
    path: String,
    arguments: Vec<Piece<'c>>,
}

impl<'c> Call<'c> {
    fn read(piece: &Piece<'c>) -> Option<Self> {
        if piece.kind() != "call_expression" {
            return None;
        }
        let mut names = chain(piece.field("function")?)?;
        let method = names.last().and_then(|name| url::method_named(name));
        if method.is_some() {
            names.pop();
        }
        let arguments = piece.field("arguments")?.children();
        // A call without the name of a method is a POST.
        let method = method.unwrap_or(Method::Post);
        Some(Self { piece: *piece, method, path: names.concat(), arguments })
    }

    fn operation<'e>(
        &self,
        endpoints: &'e mut BTreeMap<String, Endpoint>,
    ) -> Option<&'e mut Operation> {
        endpoints.get_mut(&self.path)?.operations.get_mut(&self.method)
    }

    fn apply(&self, operation: &mut Operation) {
        let has_data = matches!(self.method, Method::Post | Method::Put | Method::Patch);
        let (data, config) = match self.arguments.as_slice() {
            [data, config, ..] if has_data => (Some(data), Some(config)),
            [data] if has_data => (Some(data), None),
            [config, ..] => (None, Some(config)),
            [] => (None, None),
        };
        if let (Some(data), Input::Json(Body::Fields(fields))) =
            (object(data), &mut operation.input)
        {
            spread(data, fields);
        }
        for pair in object(config).into_iter().flat_map(Piece::children) {
            if let Some((name, value)) = member(&pair) {
                of_config(&pair, &name, value, operation);
            }
        }
    }
}

fn object<'a, 'c>(piece: Option<&'a Piece<'c>>) -> Option<&'a Piece<'c>> {
    piece.filter(|piece| piece.kind() == "object")
}

fn of_config(pair: &Piece<'_>, name: &str, value: Option<Piece<'_>>, operation: &mut Operation) {
    let inside = value.filter(|value| value.kind() == "object");
    match (name, &mut operation.input) {
        ("params", _) => spread_part(inside, &mut operation.query),
        ("headers", _) => spread_part(inside, &mut operation.header),
        ("meta", Input::Upload(upload)) => spread_part(inside, &mut upload.meta),
        ("data", Input::Json(Body::Fields(fields))) => spread_part(inside, fields),
        _ => of_member(pair, name, value, &mut operation.path),
    }
}

fn spread_part(object: Option<Piece<'_>>, fields: &mut [Field]) {
    for pair in object.iter().flat_map(Piece::children) {
        if let Some((name, value)) = member(&pair)
            && !RESERVED_HEADERS.contains(&name.to_lowercase().as_str())
        {
            of_member(&pair, &name, value, fields);
        }
    }
}

/// Reads the segments of a chain of names. A method's name at its end stays as it is.
fn chain(function: Piece<'_>) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut piece = function;
    loop {
        match piece.kind() {
            "member_expression" => {
                let name = piece.field("property")?.text();
                let is_method = names.is_empty() && url::method_named(name).is_some();
                names.push(if is_method { name.to_owned() } else { url::path([name]) });
            }
            "subscript_expression" => {
                names.push(format!("/{}", literal::text(&piece.field("index")?)?));
            }
            "identifier" if piece.text() == CLIENT => {
                names.reverse();
                return Some(names);
            }
            _ => return None,
        }
        piece = piece.field("object")?;
    }
}

/// Takes the values of a sample's object as the examples of its fields.
fn spread(object: &Piece<'_>, fields: &mut [Field]) {
    for pair in object.children() {
        if let Some((name, value)) = member(&pair) {
            of_member(&pair, &name, value, fields);
        }
    }
}

/// Takes a value of a sample as the example of its field, and the comment beside it as the label.
fn of_member(pair: &Piece<'_>, name: &str, value: Option<Piece<'_>>, fields: &mut [Field]) {
    let Some(field) = fields.iter_mut().find(|field| field.name == name) else {
        pair.remark(format!("the sample gives `{name}`, which is not declared: left out"));
        return;
    };
    field.title = field.title.take().or_else(|| pair.doc().title);
    if let Some(value) = value {
        of_value(&value, field);
    }
}

/// Reads the name and the value of a member of a sample's object. A name alone is a variable.
fn member<'c>(pair: &Piece<'c>) -> Option<(String, Option<Piece<'c>>)> {
    match pair.kind() {
        "pair" => Some((literal::name(&pair.field("key")?)?, pair.field("value"))),
        _ => Some((literal::name(pair)?, None)),
    }
}

/// Sets examples from a value. A variable or a computed value gives none.
fn of_value(value: &Piece<'_>, field: &mut Field) {
    match (value.kind(), &mut field.ty) {
        ("object", FieldType::Object(members)) => spread(value, members),
        ("array", FieldType::List(element)) => match element.as_mut() {
            FieldType::Object(members) => {
                let objects = value.children().into_iter().filter(|item| item.kind() == "object");
                objects.take(1).for_each(|object| spread(&object, members));
            }
            _ => {
                let items: Vec<Json> =
                    value.children().iter().filter_map(literal::scalar).collect();
                if !items.is_empty() {
                    set_example(field, value, &Json::Array(items));
                }
            }
        },
        _ => literal::scalar(value).iter().for_each(|given| set_example(field, value, given)),
    }
}

//! Takes the values of the sample calls as examples.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value as Json;

use super::types::{Members, TEXT, is_name, set_example};
use super::url;
use crate::grammar::RESERVED_HEADERS;
use crate::import::field::{fitting_example, of_meta, plain};
use crate::import::page::parse::literal;
use crate::import::page::parse::{Code, Piece};
use crate::model::{Body, Endpoint, Field, FieldType, Input, Method, Operation, Primitive};

/// The name of the client in samples.
const CLIENT: &str = "wxpay";

/// Takes the values of the sample calls as examples of fields.
pub(super) fn apply_samples(code: &Code<'_>, endpoints: &mut BTreeMap<String, Endpoint>) {
    let mut open = code.root().children();
    open.reverse();
    let parts = parts(endpoints);
    while let Some(piece) = open.pop() {
        if let Some(call) = SampleCall::read(&piece) {
            match call.operation(endpoints) {
                Some(operation) => call.apply(operation),
                None => call.piece.remark(format!(
                    "the sample calls `{} {}`, which is not declared: left out",
                    call.method.wire(),
                    call.path
                )),
            }
        }
        if let Some(part) = appended(&piece).filter(|part| !parts.contains(part)) {
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

/// The names of the parts of all forms.
fn parts(endpoints: &BTreeMap<String, Endpoint>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for operation in endpoints.values().flat_map(|endpoint| endpoint.operations.values()) {
        if let Input::Upload(upload) = &operation.input {
            names.extend(upload.parts.iter().map(|part| part.name.clone()));
            names.extend([upload.file.clone(), "meta".to_owned()]);
        }
    }
    names
}

/// Reads the members of an upload's `meta` from `const meta = { … }` or `JSON.stringify({ … })`.
pub(super) fn meta(code: &Code<'_>) -> Vec<Field> {
    let mut open = code.root().children();
    while let Some(piece) = open.pop() {
        let object = match piece.kind() {
            "variable_declarator" if piece.field("name").is_some_and(|n| n.text() == "meta") => {
                piece.field("value")
            }
            "call_expression"
                if piece.field("function").is_some_and(|f| f.text() == "JSON.stringify") =>
            {
                piece.field("arguments").and_then(|arguments| arguments.first())
            }
            _ => None,
        };
        if let Some(object) = object.filter(|object| object.kind() == "object") {
            let mut members = Members::default();
            for (name, value) in object.children().iter().filter_map(member) {
                if is_name(&name) {
                    members.add_new(of_sample(&name, value));
                }
            }
            return members.into_fields();
        }
        open.extend(piece.children());
    }
    Vec::new()
}

/// Guesses a field from a value of a sample.
fn of_sample(name: &str, value: Option<Piece<'_>>) -> Field {
    let given = value.as_ref().and_then(literal::scalar);
    let ty = match given {
        Some(Json::Number(_)) => FieldType::Primitive(Primitive::Integer),
        Some(Json::Bool(_)) => FieldType::Primitive(Primitive::Boolean),
        _ => TEXT,
    };
    let field = of_meta(plain(name, ty));
    let example = given.and_then(|given| fitting_example(&given, &field));
    // The client computes the digest, so that a sample's text for it says nothing.
    Field { example: example.filter(|_| field.computed.is_none()), ..field }
}

/// A call such as `wxpay.v3.pay._id_.close.post({ mchid }, { id })`.
#[derive(Debug)]
struct SampleCall<'c> {
    piece: Piece<'c>,
    method: Method,
    path: String,
    arguments: Vec<Piece<'c>>,
}

impl<'c> SampleCall<'c> {
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
        let is_folder = self.path.ends_with('/');
        for pair in object(config).into_iter().flat_map(Piece::children) {
            if let Some((name, value)) = member(&pair)
                && !(is_folder && name == url::EMPTY)
            {
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
        ("data" | "meta" | "responseType", _) => {}
        _ => of_member(pair, name, value, operation.path.iter_mut().find(|f| f.name == name)),
    }
}

fn spread_part(object: Option<Piece<'_>>, fields: &mut [Field]) {
    if let Some(object) = object {
        spread_all(&object, fields, &RESERVED_HEADERS);
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
    spread_all(object, fields, &[]);
}

fn spread_all(object: &Piece<'_>, fields: &mut [Field], except: &[&str]) {
    let places: HashMap<String, usize> =
        fields.iter().enumerate().map(|(at, field)| (field.name.clone(), at)).collect();
    for pair in object.children() {
        if let Some((name, value)) = member(&pair)
            && !except.contains(&name.to_lowercase().as_str())
        {
            let field = places.get(&name).and_then(|at| fields.get_mut(*at));
            of_member(&pair, &name, value, field);
        }
    }
}

/// Takes a value of a sample as the example of its field, and the comment beside it as the label.
fn of_member(pair: &Piece<'_>, name: &str, value: Option<Piece<'_>>, field: Option<&mut Field>) {
    let Some(field) = field else {
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

//! Gives values the types of their descriptor, and refuses those that do not fit.

use serde_json::{Map, Number, Value, json};

use super::arguments::{GivenValue, Step};
use crate::catalogue::model::{Field, Part, Schema};
use crate::output::Failure;

/// Texts that are less similar are no suggestion.
const SIMILAR: f64 = 0.75;

/// A value that does not fit, with its place. It never has the value itself, which may be a secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Misfit {
    pub(super) path: String,
    pub(super) problem: String,
}

impl Misfit {
    fn new(path: &str, problem: impl Into<String>) -> Self {
        Self { path: path.to_owned(), problem: problem.into() }
    }
}

/// Why a member cannot be set.
#[derive(Debug)]
pub(super) enum SetError {
    Misfit(Misfit),
    Failure(Failure),
}

impl From<Misfit> for SetError {
    fn from(misfit: Misfit) -> Self {
        Self::Misfit(misfit)
    }
}

/// Sets a value inside another one, and makes the objects and lists on the way.
pub(super) fn set(
    part: &Part,
    schema: &Schema,
    slot: &mut Value,
    path: &str,
    steps: &[Step],
    given: &GivenValue,
) -> Result<(), SetError> {
    let Some((step, rest)) = steps.split_first() else {
        *slot = typed(part, schema, path, given)?;
        return Ok(());
    };
    let schema = part.resolve(schema);
    match (step, schema) {
        (_, Schema::JsonText { content }) => set(part, content, slot, path, steps, given),
        (Step::Name(name), Schema::Object { members }) => {
            let field = field(members, path, name)?;
            let slot = object(slot, path)?.entry(name.as_str()).or_insert(Value::Null);
            set(part, &field.schema, slot, &below(path, name), rest, given)
        }
        (Step::Name(name), Schema::Json) => {
            let slot = object(slot, path)?.entry(name.as_str()).or_insert(Value::Null);
            set(part, &Schema::Json, slot, &below(path, name), rest, given)
        }
        (Step::Index(_) | Step::Next, Schema::List { items }) => {
            let (slot, path) = element(slot, path, step)?;
            set(part, items, slot, &path, rest, given)
        }
        (Step::Index(_) | Step::Next, Schema::Json) => {
            let (slot, path) = element(slot, path, step)?;
            set(part, &Schema::Json, slot, &path, rest, given)
        }
        (Step::Name(name), Schema::List { .. }) => {
            let problem = format!("it is a list: write `{path}[0].{name}`");
            Err(Misfit::new(path, problem).into())
        }
        (Step::Name(_), other) => {
            let problem = format!("it is {}, and has no members", kind(part, other));
            Err(Misfit::new(path, problem).into())
        }
        (Step::Index(_) | Step::Next, other) => {
            Err(Misfit::new(path, format!("it is {}, no list", kind(part, other))).into())
        }
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn object<'a>(slot: &'a mut Value, path: &str) -> Result<&'a mut Map<String, Value>, Misfit> {
    if slot.is_null() {
        *slot = json!({});
    }
    slot.as_object_mut().ok_or_else(|| Misfit::new(path, "it has another value already"))
}

fn element<'a>(
    slot: &'a mut Value,
    path: &str,
    step: &Step,
) -> Result<(&'a mut Value, String), Misfit> {
    if slot.is_null() {
        *slot = json!([]);
    }
    let list = slot.as_array_mut();
    let list = list.ok_or_else(|| Misfit::new(path, "it has another value already"))?;
    let at = match step {
        Step::Index(at) => *at,
        Step::Next | Step::Name(_) => list.len(),
    };
    if at == list.len() {
        list.push(Value::Null);
    }
    let next = list.len();
    let problem = format!("give its elements in order; the next one is `{path}[{next}]`");
    let slot = list.get_mut(at).ok_or_else(|| Misfit::new(path, problem))?;
    Ok((slot, format!("{path}[{at}]")))
}

/// Finds a member, or suggests another one.
pub(super) fn field<'a>(members: &'a [Field], path: &str, name: &str) -> Result<&'a Field, Misfit> {
    members.iter().find(|field| field.name == name).ok_or_else(|| {
        let known = members.iter().map(|field| field.name.as_str());
        Misfit::new(&below(path, name), unknown(name, known))
    })
}

/// Says that a member is unknown, and what was probably meant.
pub(super) fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let similar = known
        .clone()
        .map(|known| (strsim::jaro_winkler(known, name), known))
        .filter(|(score, _)| *score >= SIMILAR)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    match similar {
        Some((_, known)) => format!("no such member; did you mean `{known}`?"),
        None => {
            let known: Vec<_> = known.map(|known| format!("`{known}`")).collect();
            format!("no such member; there are {}", known.join(", "))
        }
    }
}

/// Gives a value the type of its schema.
fn typed(part: &Part, schema: &Schema, path: &str, given: &GivenValue) -> Result<Value, SetError> {
    if let GivenValue::Json(json) = given {
        return Ok(json.clone());
    }
    let text = given.text(path).map_err(SetError::Failure)?;
    let schema = part.resolve(schema);
    let misfit = |expected: &str| SetError::Misfit(Misfit::new(path, expected));
    match schema {
        Schema::String { .. } | Schema::Secret { .. } | Schema::Json | Schema::Named { .. } => {
            Ok(Value::String(text))
        }
        Schema::Enum { integer: false, .. } => Ok(Value::String(text)),
        Schema::Integer | Schema::Enum { integer: true, .. } => match text.trim().parse::<i64>() {
            Ok(number) => Ok(json!(number)),
            Err(_) => Err(misfit("it wants an integer, such as 100; amounts are in fen")),
        },
        Schema::Number => match number(text.trim()) {
            Some(number) => Ok(Value::Number(number)),
            None => Err(misfit("it wants a number, such as 1.5")),
        },
        Schema::Boolean => match text.trim() {
            "true" => Ok(json!(true)),
            "false" => Ok(json!(false)),
            _ => Err(misfit("it wants `true` or `false`")),
        },
        Schema::JsonText { .. } => serde_json::from_str(&text)
            .map_err(|_| misfit("it is a text with JSON; this is not JSON")),
        Schema::Object { .. } => {
            let example =
                format!("it is an object: write `{path}.NAME=…`, or JSON after `{path}:=`");
            Err(misfit(&example))
        }
        Schema::List { .. } => {
            let example = format!("it is a list: write `{path}[0]=…`, or JSON after `{path}:=`");
            Err(misfit(&example))
        }
    }
}

fn number(text: &str) -> Option<Number> {
    let whole = text.parse::<i64>().ok().map(Number::from);
    whole.or_else(|| text.parse::<f64>().ok().and_then(Number::from_f64))
}

/// Compares a value with its schema. JSON that was given inside a text is replaced by its content.
pub(super) fn check(
    part: &Part,
    schema: &Schema,
    value: &mut Value,
    path: &str,
    misfits: &mut Vec<Misfit>,
) {
    let schema = part.resolve(schema);
    match (schema, &mut *value) {
        (Schema::Object { members }, Value::Object(object)) => {
            members_fit(part, members, object, path, misfits);
        }
        (Schema::List { items }, Value::Array(list)) => {
            for (at, element) in list.iter_mut().enumerate() {
                check(part, items, element, &format!("{path}[{at}]"), misfits);
            }
        }
        (Schema::JsonText { content }, Value::String(text)) => {
            if matches!(part.resolve(content), Schema::String { .. }) {
                return;
            }
            match serde_json::from_str(text) {
                Ok(inside) => {
                    *value = inside;
                    check(part, content, value, path, misfits);
                }
                Err(_) => {
                    misfits.push(Misfit::new(path, "it is a text with JSON; this is not JSON"))
                }
            }
        }
        (Schema::JsonText { content }, _) => check(part, content, value, path, misfits),
        (Schema::Json | Schema::Named { .. }, _) => {}
        (schema, value) if fits(schema, value) => {}
        (schema, value) => {
            let problem = format!("it wants {}, not {}", kind(part, schema), kind_of(value));
            misfits.push(Misfit::new(path, problem));
        }
    }
}

fn fits(schema: &Schema, value: &Value) -> bool {
    match schema {
        Schema::String { .. } | Schema::Secret { .. } | Schema::Enum { integer: false, .. } => {
            value.is_string()
        }
        Schema::Integer | Schema::Enum { integer: true, .. } => value.is_i64() || value.is_u64(),
        Schema::Number => value.is_number(),
        Schema::Boolean => value.is_boolean(),
        _ => false,
    }
}

/// Compares the members of an object: none is unknown, and no required one is missing.
fn members_fit(
    part: &Part,
    members: &[Field],
    object: &mut Map<String, Value>,
    path: &str,
    misfits: &mut Vec<Misfit>,
) {
    for name in object.keys() {
        if let Err(misfit) = field(members, path, name) {
            misfits.push(misfit);
        }
    }
    for field in members {
        let path = below(path, &field.name);
        match object.get_mut(&field.name) {
            Some(value) => check(part, &field.schema, value, &path, misfits),
            None if field.required => misfits.push(missing(part, field, &path)),
            None => {}
        }
    }
}

/// Says that a required member is missing.
pub(super) fn missing(part: &Part, field: &Field, path: &str) -> Misfit {
    let title = field.title.as_deref().map(|title| format!(" ({title})")).unwrap_or_default();
    Misfit::new(path, format!("required{title}, {}", kind(part, &field.schema)))
}

/// Names the kind of value that a schema wants.
pub(super) fn kind(part: &Part, schema: &Schema) -> &'static str {
    match part.resolve(schema) {
        Schema::String { .. } | Schema::Enum { integer: false, .. } => "a text",
        Schema::Secret { .. } => "a text, which is encrypted",
        Schema::Integer | Schema::Enum { integer: true, .. } => "an integer",
        Schema::Number => "a number",
        Schema::Boolean => "true or false",
        Schema::Object { .. } => "an object",
        Schema::List { .. } => "a list",
        Schema::JsonText { .. } => "a text with JSON",
        Schema::Json | Schema::Named { .. } => "JSON",
    }
}

/// Names the kind of a value.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(_) => "an integer",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

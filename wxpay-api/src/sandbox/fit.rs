//! Compares what a test plans with the descriptors: responses and notifications.

use http::StatusCode;
use serde_json::{Map, Value};

use super::book::{Book, BookMember, BookOperation, Schema};
use super::check::values::{join, json_kind, kind};
use super::error::SandboxError;
use super::planned_response::{PlannedContent, PlannedResponse};
use super::request::route::{MatchedRoute, RequestPattern};

/// The members of an error's body.
const ERROR: [&str; 3] = ["code", "message", "detail"];

/// Compares a planned response with its operation.
pub(super) fn response(
    pattern: &RequestPattern,
    route: Option<&MatchedRoute>,
    planned: &PlannedResponse,
) -> Result<(), SandboxError> {
    if let Some(status) = planned.status
        && StatusCode::from_u16(status).is_err()
    {
        return Err(SandboxError::InvalidStatus { status });
    }
    let Some((route, operation)) = route.and_then(|route| Some((route, route.operation()?))) else {
        return Ok(());
    };
    if planned.unchecked || !planned.status_or(operation.status).is_success() {
        return Ok(());
    }
    let problems = problems(route.book(), operation, &planned.content);
    if problems.is_empty() {
        return Ok(());
    }
    let operation = pattern.operation().unwrap_or_default();
    Err(SandboxError::UnfitResponse { operation, problems })
}

fn problems(book: &Book, operation: &BookOperation, content: &PlannedContent) -> Vec<String> {
    let file = "it responds with a file".to_owned();
    match (content, &operation.response) {
        (PlannedContent::Verbatim(_), _) => Vec::new(),
        (PlannedContent::File { .. }, _) if operation.download.is_some() => Vec::new(),
        (PlannedContent::File { .. }, _) => vec!["it does not respond with a file".to_owned()],
        (PlannedContent::Json(_), None) if operation.download.is_some() => vec![file],
        (PlannedContent::Json(body), _) if is_error(body) => Vec::new(),
        (PlannedContent::Json(_), None) => vec!["its response has no body".to_owned()],
        (PlannedContent::Json(body), Some(schema)) => value(book, schema, body),
    }
}

/// Returns whether a success has the body of an error, as that of an order whose user is paying.
fn is_error(body: &Value) -> bool {
    let names = |body: &Map<String, Value>| body.keys().all(|name| ERROR.contains(&name.as_str()));
    body.get("code").is_some_and(Value::is_string) && body.as_object().is_some_and(names)
}

/// Returns the unknown members and wrong types of a value, with their key paths. Any member may be absent or null.
pub(super) fn value(book: &Book, schema: &Schema, value: &Value) -> Vec<String> {
    let mut fit = Fit { book, problems: Vec::new() };
    fit.value("", schema, value);
    fit.problems
}

struct Fit<'a> {
    book: &'a Book,
    problems: Vec<String>,
}

impl Fit<'_> {
    fn value(&mut self, path: &str, schema: &Schema, value: &Value) {
        match (self.book.resolve(schema), value) {
            (_, Value::Null)
            | (Schema::Json, _)
            | (Schema::Boolean, Value::Bool(_))
            | (Schema::Number, Value::Number(_))
            | (Schema::String { .. } | Schema::Secret { .. }, Value::String(_))
            | (Schema::Enum { integer: false, .. }, Value::String(_)) => {}
            (Schema::Integer | Schema::Enum { integer: true, .. }, Value::Number(number))
                if number.is_i64() => {}
            (Schema::Object { members }, Value::Object(object)) => {
                self.object(path, members, object);
            }
            (Schema::List { items }, Value::Array(list)) => {
                for (index, item) in list.iter().enumerate() {
                    self.value(&format!("{path}[{index}]"), items, item);
                }
            }
            (Schema::JsonText { content }, Value::String(text)) => {
                match serde_json::from_str(text) {
                    Ok(inside) => self.value(path, content, &inside),
                    Err(_) => self.problem(path, "must be JSON inside a string"),
                }
            }
            (expected, found) => {
                let issue = format!("must be {}, not {}", kind(expected), json_kind(found));
                self.problem(path, &issue);
            }
        }
    }

    fn object(&mut self, path: &str, members: &[BookMember], object: &Map<String, Value>) {
        for (name, value) in object {
            let path = join(path, name);
            match members.iter().find(|member| member.name == *name) {
                Some(member) => self.value(&path, &member.schema, value),
                None => self.problem(&path, "is not a member"),
            }
        }
    }

    fn problem(&mut self, path: &str, issue: &str) {
        let path = if path.is_empty() { "/" } else { path };
        self.problems.push(format!("`{path}` {issue}"));
    }
}

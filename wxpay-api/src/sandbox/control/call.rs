//! One call of the control surface: its values, its response, its error.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::{Map, Value, json};

use crate::protocol::excerpt::excerpt;
use crate::sandbox::account::Account;
use crate::sandbox::lifecycle::stored::record::{DEEPEST, is_too_deep};
use crate::sandbox::respond::body::OutgoingBody;
use crate::sandbox::state::Shared;
use crate::sandbox::suggestion::hint;

/// A call that passed the walls.
pub(in crate::sandbox) struct ControlCall {
    pub(in crate::sandbox) shared: Arc<Shared>,
    /// Path and query.
    pub(in crate::sandbox) target: String,
    /// The host and port under which the call came.
    pub(in crate::sandbox) authority: String,
    pub(in crate::sandbox) accept_language: String,
    pub(in crate::sandbox) path_values: Vec<(&'static str, String)>,
    pub(in crate::sandbox) query: Vec<(String, String)>,
    pub(in crate::sandbox) body: Bytes,
}

impl ControlCall {
    /// Returns the decoded value of a parameter of the path.
    pub(in crate::sandbox) fn path_value(&self, name: &str) -> &str {
        let value = self.path_values.iter().find(|(held, _)| *held == name);
        value.map_or("", |(_, value)| value.as_str())
    }

    /// Returns the decoded value of a parameter of the query.
    pub(in crate::sandbox) fn query_value(&self, name: &str) -> Option<&str> {
        let value = self.query.iter().find(|(held, _)| held == name);
        value.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Returns a number of the query.
    pub(in crate::sandbox) fn query_number(
        &self,
        name: &str,
        default: usize,
    ) -> Result<usize, ControlError> {
        let Some(text) = self.query_value(name) else {
            return Ok(default);
        };
        text.parse().map_err(|_| ControlError::invalid(format!("`{name}` must be a whole number")))
    }

    /// Refuses a query with other names than these.
    pub(in crate::sandbox) fn only_queries(&self, known: &[&str]) -> Result<(), ControlError> {
        let foreign = self.query.iter().find(|(name, _)| !known.contains(&name.as_str()));
        foreign.map_or(Ok(()), |(name, _)| Err(unknown_name("query parameter", name, known)))
    }

    /// Reads the body, an object with no other members than these. No body is an empty object.
    pub(in crate::sandbox) fn members(
        &self,
        known: &[&str],
    ) -> Result<ControlMembers, ControlError> {
        if self.body.is_empty() {
            return Ok(ControlMembers(Map::new()));
        }
        let body = serde_json::from_slice(&self.body)
            .map_err(|error| ControlError::invalid(format!("the body is no JSON: {error}")))?;
        if is_too_deep(&body) {
            let message = format!("the body has more than {DEEPEST} levels");
            return Err(ControlError::invalid(message));
        }
        ControlMembers::new(body, known)
    }

    /// Returns an account by its id; without one, the first account.
    pub(in crate::sandbox) fn account(&self, id: Option<&str>) -> Result<Account, ControlError> {
        let shared = Arc::clone(&self.shared);
        let Some(id) = id else {
            let state = Arc::clone(&shared.first);
            return Ok(Account { shared, state });
        };
        let found = shared.state().account(id);
        if let Some(state) = found {
            return Ok(Account { shared, state });
        }
        let ids = shared.state().account_ids();
        let hint = hint(id, ids.iter().map(String::as_str));
        let message = format!("the sandbox has no account of `{}`{hint}", excerpt(id));
        Err(ControlError::not_found(message))
    }
}

/// The members of a JSON object.
pub(in crate::sandbox) struct ControlMembers(Map<String, Value>);

impl ControlMembers {
    pub(in crate::sandbox) fn new(value: Value, known: &[&str]) -> Result<Self, ControlError> {
        let Value::Object(members) = value else {
            return Err(ControlError::invalid("the body must be a JSON object"));
        };
        match members.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(unknown_name("member", name, known)),
            None => Ok(Self(members)),
        }
    }

    pub(in crate::sandbox) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(in crate::sandbox) fn text(&self, name: &str) -> Result<Option<&str>, ControlError> {
        self.read(name, "a text", Value::as_str)
    }

    pub(in crate::sandbox) fn number(&self, name: &str) -> Result<Option<u64>, ControlError> {
        self.read(name, "a whole number", Value::as_u64)
    }

    pub(in crate::sandbox) fn integer(&self, name: &str) -> Result<Option<i64>, ControlError> {
        self.read(name, "a whole number", Value::as_i64)
    }

    pub(in crate::sandbox) fn boolean(&self, name: &str) -> Result<Option<bool>, ControlError> {
        self.read(name, "`true` or `false`", Value::as_bool)
    }

    pub(in crate::sandbox) fn object(
        &self,
        name: &str,
    ) -> Result<Option<&Map<String, Value>>, ControlError> {
        self.read(name, "an object", Value::as_object)
    }

    pub(in crate::sandbox) fn required_text(&self, name: &str) -> Result<&str, ControlError> {
        self.text(name)?.ok_or_else(|| missing(name))
    }

    /// Reads an HTTP status.
    pub(in crate::sandbox) fn status(&self, name: &str) -> Result<Option<u16>, ControlError> {
        let Some(number) = self.number(name)? else {
            return Ok(None);
        };
        let status = u16::try_from(number).ok().filter(|status| (200..600).contains(status));
        let problem =
            || ControlError::invalid(format!("`{name}` must be an HTTP status, 200 to 599"));
        status.map(Some).ok_or_else(problem)
    }

    /// Reads a duration: seconds, or a text such as `2h30m`.
    pub(in crate::sandbox) fn duration(
        &self,
        name: &str,
    ) -> Result<Option<Duration>, ControlError> {
        let duration = match self.value(name) {
            None => return Ok(None),
            Some(Value::String(text)) => duration(text),
            Some(Value::Number(number)) => {
                number.as_f64().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            }
            Some(_) => None,
        };
        let problem =
            || ControlError::invalid(format!("`{name}` must be seconds or a text such as `2h30m`"));
        duration.map(Some).ok_or_else(problem)
    }

    fn read<'a, T>(
        &'a self,
        name: &str,
        what: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, ControlError> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let problem = || ControlError::invalid(format!("`{name}` must be {what}"));
        read(value).map(Some).ok_or_else(problem)
    }
}

/// Reads a duration such as `7d`, `2h30m` or `500ms`.
fn duration(text: &str) -> Option<Duration> {
    let mut whole = Duration::ZERO;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let (number, after) = rest.split_at_checked(digits)?;
        let number: u64 = number.parse().ok()?;
        let end = after.find(|character: char| character.is_ascii_digit()).unwrap_or(after.len());
        let (unit, next) = after.split_at_checked(end)?;
        let seconds = match unit.trim() {
            "d" => 24 * 60 * 60,
            "h" => 60 * 60,
            "m" => 60,
            "s" => 1,
            "ms" => 0,
            _ => return None,
        };
        let part = match seconds {
            0 => Duration::from_millis(number),
            seconds => Duration::from_secs(number.checked_mul(seconds)?),
        };
        whole = whole.checked_add(part)?;
        rest = next;
    }
    Some(whole)
}

/// The response to a call, or why it failed.
pub(in crate::sandbox) type ControlResult = Result<ControlResponse, ControlError>;

/// The response to a call.
#[derive(Debug)]
pub(in crate::sandbox) struct ControlResponse {
    status: StatusCode,
    headers: Vec<(HeaderName, String)>,
    body: Bytes,
}

impl ControlResponse {
    pub(in crate::sandbox) fn json(body: &Value) -> Self {
        Self::new("application/json", body.to_string())
    }

    /// Responds with the current state of what was created.
    pub(in crate::sandbox) fn created(body: &Value) -> Self {
        Self { status: StatusCode::CREATED, ..Self::json(body) }
    }

    /// Responds that something was done, without content.
    pub(in crate::sandbox) fn done() -> Self {
        Self { status: StatusCode::NO_CONTENT, headers: Vec::new(), body: Bytes::new() }
    }

    /// Leads a browser to another URL, which it gets with `GET`.
    pub(in crate::sandbox) fn see_other(location: &str) -> Self {
        let response = Self { status: StatusCode::SEE_OTHER, ..Self::done() };
        response.header(header::LOCATION, location)
    }

    pub(in crate::sandbox) fn new(media_type: &str, body: impl Into<Bytes>) -> Self {
        let response = Self { status: StatusCode::OK, headers: Vec::new(), body: body.into() };
        response.header(header::CONTENT_TYPE, media_type)
    }

    /// Takes the response of a page. Header values that are not text are left out.
    pub(super) fn from_http(response: Response<Bytes>) -> Self {
        let (head, body) = response.into_parts();
        let text = |(name, value): (&HeaderName, &HeaderValue)| {
            Some((name.clone(), value.to_str().ok()?.to_owned()))
        };
        Self { status: head.status, headers: head.headers.iter().filter_map(text).collect(), body }
    }

    pub(in crate::sandbox) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub(in crate::sandbox) fn header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Makes the HTTP response. No response may be stored, or read by another origin.
    pub(super) fn finish(self) -> Response<OutgoingBody> {
        let mut response = Response::new(OutgoingBody::whole(self.body));
        *response.status_mut() = self.status;
        let defaults = [
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        ];
        for (name, value) in defaults {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        for (name, value) in self.headers {
            // Values that HTTP does not allow are left out.
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// Why a call failed.
#[derive(Debug)]
pub(in crate::sandbox) struct ControlError {
    pub(in crate::sandbox) status: StatusCode,
    pub(in crate::sandbox) code: &'static str,
    pub(in crate::sandbox) message: String,
    pub(in crate::sandbox) detail: Option<Value>,
}

impl ControlError {
    pub(in crate::sandbox) fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self { status, code, message: message.into(), detail: None }
    }

    pub(in crate::sandbox) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID", message)
    }

    pub(in crate::sandbox) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
    }

    pub(in crate::sandbox) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "CONFLICT", message)
    }

    pub(in crate::sandbox) fn internal(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", message)
    }

    pub(in crate::sandbox) fn detail(self, detail: Value) -> Self {
        Self { detail: Some(detail), ..self }
    }

    pub(super) fn response(&self) -> ControlResponse {
        let mut body = json!({ "code": self.code, "message": self.message });
        if let (Some(detail), Value::Object(members)) = (&self.detail, &mut body) {
            members.insert("detail".to_owned(), detail.clone());
        }
        ControlResponse::json(&body).status(self.status)
    }
}

pub(super) fn missing(name: &str) -> ControlError {
    ControlError::invalid(format!("`{name}` is required"))
}

/// Refuses a value that is not among the known ones.
pub(in crate::sandbox) fn unknown_value(name: &str, value: &str, known: &[&str]) -> ControlError {
    let hint = hint(value, known.iter().copied());
    ControlError::invalid(format!("`{name}` has an unknown value `{}`{hint}", excerpt(value)))
}

fn unknown_name(what: &str, name: &str, known: &[&str]) -> ControlError {
    let hint = hint(name, known.iter().copied());
    ControlError::invalid(format!("no {what} is called `{}`{hint}", excerpt(name)))
}

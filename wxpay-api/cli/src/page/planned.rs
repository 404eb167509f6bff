//! Planned responses: what the next request of an operation gets.

use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::BASE;
use super::faults::whole_number;
use super::respond::{PageError, PageResult, see_other};
use super::visit::Visit;

pub(super) async fn add(visit: &Visit<'_>) -> PageResult {
    let text = |name: &str| visit.required(name).map(Value::from);
    let mut body = Map::from_iter([
        ("method".to_owned(), text("method")?),
        ("path".to_owned(), text("path")?),
    ]);
    for name in ["status", "times"] {
        if let Some(number) = visit.field(name) {
            body.insert(name.to_owned(), whole_number(visit, name, number)?);
        }
    }
    if let Some(code) = visit.field("code") {
        let message = visit.field("message").unwrap_or_default();
        body.insert("error".to_owned(), json!({ "code": code, "message": message }));
    } else if let Some(content) = visit.field("body") {
        let (name, value) = content_of(visit, content)?;
        body.insert(name.to_owned(), value);
    }
    if visit.field("unchecked").is_some() {
        body.insert("unchecked".to_owned(), true.into());
    }
    visit.change(Method::POST, "/responses", &Value::Object(body)).await?;
    see_other(&format!("{BASE}/faults"), "planned")
}

/// Reads a body: JSON, or a text that is signed as it is.
fn content_of(visit: &Visit<'_>, content: &str) -> Result<(&'static str, Value), PageError> {
    if visit.field("as_text").is_some() {
        return Ok(("text", content.into()));
    }
    let json = serde_json::from_str(content).map_err(|error| {
        let problem = visit.say("应答主体不是 JSON", "the body is no JSON");
        PageError::new(StatusCode::BAD_REQUEST, format!("{problem}: {error}"))
    })?;
    Ok(("json", json))
}

pub(super) async fn clear(visit: &Visit<'_>) -> PageResult {
    visit.change(Method::DELETE, "/responses", &json!({})).await?;
    see_other(&format!("{BASE}/faults"), "cleared")
}

//! The journal over HTTP. Secrets, tokens and signatures are replaced as in the client's traces.

use serde_json::{Value, json};

use super::call::{ControlCall, ControlError, ControlResponse, ControlResult};
use crate::client::redaction::{known, length, media_type, shown_headers, shown_target};
use crate::sandbox::journal::ReceivedRequest;
use crate::sandbox::lifecycle::world::Moment;

/// How many requests a list has without `limit`.
const LIMIT: usize = 100;

/// Lists requests, the oldest first.
pub(super) fn list(call: &ControlCall) -> ControlResult {
    call.only_queries(&["after", "limit"])?;
    let after = call.query_number("after", 0)?;
    let limit = call.query_number("limit", LIMIT)?;
    let state = call.shared.state();
    let requests = state.journal.numbered().filter(|(number, _)| *number > after).take(limit);
    let requests: Vec<Value> = requests.map(|(number, request)| summary(number, request)).collect();
    let last = state.journal.last_number();
    Ok(ControlResponse::json(&json!({ "requests": requests, "last": last })))
}

/// Shows one request.
pub(super) fn show(call: &ControlCall) -> ControlResult {
    let text = call.path_value("number");
    let number = text.parse::<usize>().ok().filter(|number| *number > 0);
    let Some(number) = number else {
        return Err(ControlError::invalid("a request's number is a whole number from 1"));
    };
    let state = call.shared.state();
    let found = state.journal.numbered().find(|(held, _)| *held == number);
    let Some((_, request)) = found else {
        let last = state.journal.last_number();
        let message =
            format!("the journal has no request {number}; it holds the latest, up to {last}");
        return Err(ControlError::not_found(message));
    };
    let mut view = summary(number, request);
    let secrets: Vec<String> = request.secrets().map(|(path, _)| path.to_owned()).collect();
    if let Value::Object(members) = &mut view {
        let headers = shown_headers(&request.headers);
        let headers: Vec<Value> =
            headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let body = shown_body(request, &secrets);
        members.insert("headers".to_owned(), headers.into());
        members.insert("body".to_owned(), body.into());
        members.insert("secrets".to_owned(), secrets.into());
        members.insert("diagnosis".to_owned(), json!(request.diagnosis));
    }
    Ok(ControlResponse::json(&view))
}

/// Shows a JSON body without its secrets; of any other body, the length and the media type.
fn shown_body(request: &ReceivedRequest, secrets: &[String]) -> String {
    let media = media_type(&request.headers);
    let is_json = media.is_some_and(|media| media.trim().starts_with("application/json"));
    match is_json && request.operation.is_some() {
        true => known(&request.body, secrets, request.body.len()),
        false => length(request.body.len(), media),
    }
}

fn summary(number: usize, request: &ReceivedRequest) -> Value {
    json!({
        "number": number,
        "method": request.method,
        "target": shown_target(&request.target),
        "operation": request.operation,
        "sender": request.sender,
        "status": request.status,
        "executed": request.executed,
        "notes": request.notes,
        "refusal": request.refusal,
        "time": Moment::of(request.time).rfc3339(),
        "verdict": request.diagnosis.as_ref().map(|diagnosis| diagnosis.verdict),
    })
}

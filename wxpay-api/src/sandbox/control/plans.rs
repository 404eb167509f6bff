//! Planned responses over HTTP.

use bytes::Bytes;
use serde_json::{Value, json};

use super::accounts::failed;
use super::call::{ControlCall, ControlError, ControlResponse, ControlResult};
use crate::sandbox::fit;
use crate::sandbox::planned_response::PlannedResponse;

/// Lists the planned responses that nobody fetched yet. Bodies may have secrets, and are not shown.
pub(super) fn list(call: &ControlCall) -> ControlResult {
    call.only_queries(&[])?;
    let state = call.shared.state();
    let planned = state.planned().map(|(pattern, response)| {
        let (method, path) = pattern.url();
        json!({
            "method": method,
            "path": path,
            "status": response.status,
            "times": response.times,
        })
    });
    let planned: Vec<Value> = planned.collect();
    Ok(ControlResponse::json(&json!({ "responses": planned })))
}

/// Plans the response to the next request of an operation.
pub(super) fn plan(call: &ControlCall) -> ControlResult {
    let known = ["method", "path", "status", "json", "text", "error", "times", "unchecked"];
    let members = call.members(&known)?;
    let (method, path) = (members.required_text("method")?, members.required_text("path")?);
    let status = members.status("status")?;
    let contents = ["json", "text", "error"].into_iter().filter(|it| members.value(it).is_some());
    if contents.count() > 1 {
        return Err(ControlError::invalid("give one of `json`, `text` and `error`"));
    }
    let mut response = match (members.value("json"), members.text("text")?) {
        (Some(json), _) => PlannedResponse::json(json.clone()),
        (None, Some(text)) => PlannedResponse::verbatim(Bytes::from(text.to_owned())),
        (None, None) => match members.object("error")? {
            Some(error) => {
                let part = |name: &str| error.get(name).and_then(Value::as_str);
                let Some(code) = part("code") else {
                    return Err(ControlError::invalid("`error` must have a text `code`"));
                };
                let message = part("message").unwrap_or("a test planned this error");
                PlannedResponse::error(status.unwrap_or(400), code, message)
            }
            None => PlannedResponse::verbatim(Bytes::new()),
        },
    };
    if let Some(status) = status {
        response = response.status(status);
    }
    if let Some(times) = members.number("times")? {
        let times = u32::try_from(times).ok().filter(|times| *times > 0);
        let problem = || ControlError::invalid("`times` must be at least 1");
        response = response.times(times.ok_or_else(problem)?);
    }
    if members.boolean("unchecked")? == Some(true) {
        response = response.unchecked();
    }
    let (pattern, route) = call.shared.routes.select(method, path).map_err(failed)?;
    fit::response(&pattern, route.as_ref(), &response).map_err(failed)?;
    call.shared.state().plan(pattern, response);
    Ok(ControlResponse::done())
}

/// Forgets all planned responses.
pub(super) fn clear(call: &ControlCall) -> ControlResult {
    call.shared.state().clear_planned();
    Ok(ControlResponse::done())
}

//! Resources over HTTP: orders, refunds and all else that has a lifecycle, and the events of each.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::call::{ControlCall, ControlError, ControlResponse, ControlResult};
use crate::sandbox::lifecycle::error::LifecycleError;
use crate::sandbox::lifecycle::world::{ResourceFilter, ResourceId};

/// How many resources a list has without `limit`.
const LIMIT: usize = 50;

/// Lists resources, the newest first.
pub(super) fn list(call: &ControlCall) -> ControlResult {
    let known = ["lifecycle", "account", "state", "number", "of", "skip", "limit"];
    call.only_queries(&known)?;
    let query = |name: &str| call.query_value(name).map(str::to_owned);
    let of = match call.query_value("of") {
        None => None,
        Some(text) => {
            let problem = || ControlError::invalid("`of` must be the id of a resource");
            Some(text.parse().map_err(|_| problem())?)
        }
    };
    let filter = ResourceFilter {
        lifecycle: query("lifecycle"),
        owner: query("account"),
        state: query("state"),
        number: query("number"),
        of,
        skip: call.query_number("skip", 0)?,
        limit: call.query_number("limit", LIMIT)?,
    };
    let (resources, total) = call.shared.world().resources(&filter).map_err(failed)?;
    Ok(ControlResponse::json(&json!({ "resources": resources, "total": total })))
}

/// Shows one resource with the events that can happen now.
pub(super) fn show(call: &ControlCall) -> ControlResult {
    call.only_queries(&["lifecycle"])?;
    let resource = call.shared.world().resource(id(call)?).map_err(failed)?;
    Ok(ControlResponse::json(&json!(resource)))
}

/// Creates a resource by an event of an outsider: a complaint.
pub(super) fn create(call: &ControlCall) -> ControlResult {
    let members = call.members(&["lifecycle", "event", "inputs", "account"])?;
    let lifecycle = members.required_text("lifecycle")?;
    let inputs = inputs(members.object("inputs")?);
    let (event, owner) = (members.text("event")?, members.text("account")?);
    let world = call.shared.world();
    let resource = world.create(lifecycle, event, &inputs, owner).map_err(failed)?;
    Ok(ControlResponse::created(&json!(resource)))
}

/// Fires an event of a resource.
pub(super) fn fire(call: &ControlCall) -> ControlResult {
    call.only_queries(&["lifecycle"])?;
    let members = call.members(&["event", "inputs"])?;
    let event = members.required_text("event")?;
    let inputs = inputs(members.object("inputs")?);
    let resource = call.shared.world().fire(id(call)?, event, &inputs).map_err(failed)?;
    Ok(ControlResponse::json(&json!(resource)))
}

/// Lists the money that moved.
pub(super) fn money(call: &ControlCall) -> ControlResult {
    call.only_queries(&[])?;
    Ok(ControlResponse::json(&json!({ "entries": call.shared.world().ledger() })))
}

fn inputs(given: Option<&Map<String, Value>>) -> Value {
    Value::Object(given.cloned().unwrap_or_default())
}

/// Finds the resource of a call: by its number in the sandbox after `@`, else by one of its own numbers.
fn id(call: &ControlCall) -> Result<ResourceId, ControlError> {
    let text = call.path_value("id");
    if let Some(number) = text.strip_prefix('@') {
        let problem = || ControlError::invalid("a whole number must follow `@`");
        return number.parse().map_err(|_| problem());
    }
    call.shared.world().find(call.query_value("lifecycle"), text).map_err(failed)
}

/// Reports what a resource cannot do.
pub(in crate::sandbox) fn failed(error: LifecycleError) -> ControlError {
    use LifecycleError as E;
    let message = error.to_string();
    match error {
        E::UnknownLifecycle { .. }
        | E::UnknownResource { .. }
        | E::UnknownSwitch { .. }
        | E::UnknownSetting { .. }
        | E::UnknownAccount { .. } => ControlError::not_found(message),
        E::Gone => ControlError::new(StatusCode::GONE, "GONE", message),
        E::NotPossible { state, possible, .. } => {
            ControlError::conflict(message).detail(json!({ "state": state, "possible": possible }))
        }
        E::Refused { status, code, message: reason } => {
            let refused = json!({ "status": status, "code": code, "message": reason });
            ControlError::conflict(message).detail(refused)
        }
        _ => ControlError::invalid(message),
    }
}

//! Resources over HTTP: orders, refunds and all else that has a lifecycle, and the events of each.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::call::{ControlCall, ControlError, ControlResponse, ControlResult, unknown_value};
use crate::sandbox::lifecycle::error::LifecycleError;
use crate::sandbox::lifecycle::world::{ResourceFilter, ResourceId, ResourceView};

/// How many resources a list has without `limit`.
const LIMIT: usize = 50;

/// Lists resources, the newest first.
pub(super) fn list(call: &ControlCall) -> ControlResult {
    let known = ["lifecycle", "account", "state", "number", "of", "skip", "limit", SECRETS];
    call.only_queries(&known)?;
    let secrets = Secrets::of(call)?;
    let query = |name: &str| call.query_value(name).map(str::to_owned);
    let of = call.query_value("of").map(|text| named(call, text, None)).transpose()?;
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
    let resources: Vec<Value> = resources.iter().map(|it| view(call, it, secrets)).collect();
    Ok(ControlResponse::json(&json!({ "resources": resources, "total": total })))
}

/// Shows one resource with the events that can happen now.
pub(super) fn show(call: &ControlCall) -> ControlResult {
    call.only_queries(&["lifecycle", SECRETS])?;
    let secrets = Secrets::of(call)?;
    let resource = call.shared.world().resource(id(call)?).map_err(failed)?;
    Ok(ControlResponse::json(&view(call, &resource, secrets)))
}

/// Creates a resource by an event of an outsider: a complaint.
pub(super) fn create(call: &ControlCall) -> ControlResult {
    let members = call.members(&["lifecycle", "event", "inputs", "account"])?;
    let lifecycle = members.required_text("lifecycle")?;
    let inputs = inputs(members.object("inputs")?);
    let (event, owner) = (members.text("event")?, members.text("account")?);
    let world = call.shared.world();
    let resource = world.create(lifecycle, event, &inputs, owner).map_err(failed)?;
    Ok(ControlResponse::created(&view(call, &resource, Secrets::Hidden)))
}

/// Fires an event of a resource.
pub(super) fn fire(call: &ControlCall) -> ControlResult {
    call.only_queries(&["lifecycle"])?;
    let members = call.members(&["event", "inputs"])?;
    let event = members.required_text("event")?;
    let inputs = inputs(members.object("inputs")?);
    let resource = call.shared.world().fire(id(call)?, event, &inputs).map_err(failed)?;
    Ok(ControlResponse::json(&view(call, &resource, Secrets::Hidden)))
}

/// Lists the money that moved.
pub(super) fn money(call: &ControlCall) -> ControlResult {
    call.only_queries(&[SECRETS, "skip", "limit"])?;
    let secrets = Secrets::of(call)?;
    let world = call.shared.world();
    let entries = world.ledger();
    let total = entries.len();
    let end = total.saturating_sub(call.query_number("skip", 0)?);
    let start = end.saturating_sub(call.query_number("limit", usize::MAX)?);
    let entries = entries.into_iter().take(end).skip(start).map(|mut entry| {
        if secrets == Secrets::Hidden {
            world.hide_secrets(&entry.lifecycle, &mut entry.object);
        }
        json!(entry)
    });
    Ok(ControlResponse::json(&json!({ "entries": entries.collect::<Vec<_>>(), "total": total })))
}

/// The query that shows secrets.
const SECRETS: &str = "secrets";

/// Whether a response shows the members that are encrypted on the wire.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::sandbox) enum Secrets {
    Hidden,
    Shown,
}

impl Secrets {
    fn of(call: &ControlCall) -> Result<Self, ControlError> {
        match call.query_value(SECRETS) {
            None | Some("hidden") => Ok(Self::Hidden),
            Some("shown") => Ok(Self::Shown),
            Some(other) => Err(unknown_value(SECRETS, other, &["hidden", "shown"])),
        }
    }
}

/// Shows a resource.
pub(in crate::sandbox) fn view(
    call: &ControlCall,
    resource: &ResourceView,
    secrets: Secrets,
) -> Value {
    let mut resource = resource.clone();
    if secrets == Secrets::Hidden {
        for object in [&mut resource.object, &mut resource.remembered] {
            call.shared.world().hide_secrets(&resource.lifecycle, object);
        }
    }
    json!(resource)
}

fn inputs(given: Option<&Map<String, Value>>) -> Value {
    Value::Object(given.cloned().unwrap_or_default())
}

fn id(call: &ControlCall) -> Result<ResourceId, ControlError> {
    named(call, call.path_value("id"), call.query_value("lifecycle"))
}

/// Finds the resource that a path or a query names: by its id in the sandbox after `@`, else by one of its own numbers.
pub(super) fn named(
    call: &ControlCall,
    text: &str,
    lifecycle: Option<&str>,
) -> Result<ResourceId, ControlError> {
    if let Some(number) = text.strip_prefix('@') {
        let problem = || ControlError::invalid("a whole number must follow `@`");
        return number.parse().map_err(|_| problem());
    }
    let found = call.shared.world().find(lifecycle, text);
    found.map_err(|error| {
        let error = failed(error);
        let is_id = text.parse::<ResourceId>().is_ok();
        let hint =
            if is_id { format!("; `@{text}` is the one with this id") } else { String::new() };
        ControlError { message: format!("{}{hint}", error.message), ..error }
    })
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
        E::NotStored { .. } => ControlError::internal(message),
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

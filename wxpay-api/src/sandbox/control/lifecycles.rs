//! Lifecycles over HTTP: their states and events, the switches, the clock, and the reset.

use serde_json::json;

use super::call::{ControlCall, ControlResponse, ControlResult, missing};
use super::resources::failed;

/// Lists the lifecycles with their states and events.
pub(super) fn list(call: &ControlCall) -> ControlResult {
    call.only_queries(&[])?;
    Ok(ControlResponse::json(&json!({ "lifecycles": call.shared.world().lifecycles() })))
}

/// Lists the switches with their choices.
pub(super) fn switches(call: &ControlCall) -> ControlResult {
    call.only_queries(&[])?;
    Ok(ControlResponse::json(&json!({ "switches": call.shared.world().switches() })))
}

/// Sets a switch to one of its choices.
pub(super) fn set_switch(call: &ControlCall) -> ControlResult {
    let members = call.members(&["lifecycle", "name", "choice"])?;
    let lifecycle = members.required_text("lifecycle")?;
    let (name, choice) = (members.required_text("name")?, members.required_text("choice")?);
    let switch = call.shared.world().set_switch(lifecycle, name, choice).map_err(failed)?;
    Ok(ControlResponse::json(&json!(switch)))
}

/// Lists the settings: limits that each merchant has configured.
pub(super) fn settings(call: &ControlCall) -> ControlResult {
    call.only_queries(&[])?;
    Ok(ControlResponse::json(&json!({ "settings": call.shared.world().settings() })))
}

/// Changes a setting.
pub(super) fn set_setting(call: &ControlCall) -> ControlResult {
    let members = call.members(&["lifecycle", "name", "value"])?;
    let (lifecycle, name) = (members.required_text("lifecycle")?, members.required_text("name")?);
    let value = members.value("value").ok_or_else(|| missing("value"))?.clone();
    let setting = call.shared.world().set_setting(lifecycle, name, value).map_err(failed)?;
    Ok(ControlResponse::json(&json!(setting)))
}

/// Shows the business clock.
pub(super) fn clock(call: &ControlCall) -> ControlResult {
    call.only_queries(&[])?;
    Ok(ControlResponse::json(&json!({ "now": call.shared.world().moment().rfc3339() })))
}

/// Moves the business clock forward, and fires the timers on the way.
pub(super) fn advance(call: &ControlCall) -> ControlResult {
    let members = call.members(&["by"])?;
    let by = members.duration("by")?.ok_or_else(|| missing("by"))?;
    let fired = call.shared.world().advance(by).map_err(failed)?;
    let now = call.shared.world().moment().rfc3339();
    Ok(ControlResponse::json(&json!({ "now": now, "timers_fired": fired })))
}

/// Forgets everything but accounts and keys.
pub(super) fn reset(call: &ControlCall) -> ControlResult {
    call.members(&[])?;
    call.shared.world().reset().map_err(failed)?;
    Ok(ControlResponse::done())
}

//! Front ends over HTTP: `POST /_sandbox/front-end/verify` and `/pay`.

use http::StatusCode;
use serde_json::{Value, json};

use super::check::{Hints, Verified, verify as verify_parameters};
use super::error::FrontEndError;
use super::kind::FrontEndKind;
use super::open::{UserAction, act, amount, resource};
use crate::sandbox::control::call::{
    ControlCall, ControlError, ControlMembers, ControlResponse, ControlResult,
};
use crate::sandbox::control::{Secrets, lifecycle_failed, resource_view, unknown_value};

/// Verifies what a front end is given.
pub(in crate::sandbox) fn verify(call: &ControlCall) -> ControlResult {
    let members = call.members(&["parameters", "kind", "appid"])?;
    let verified = verified(call, &members)?;
    view(call, &verified)
}

/// Verifies what a front end is given, and does what the user does.
pub(in crate::sandbox) fn pay(call: &ControlCall) -> ControlResult {
    let members = call.members(&["parameters", "kind", "appid", "action"])?;
    let action = match members.text("action")?.unwrap_or("pay") {
        "pay" => UserAction::Pay,
        "fail" => UserAction::Fail,
        "cancel" => UserAction::Cancel,
        other => return Err(unknown_value("action", other, &["pay", "fail", "cancel"])),
    };
    let verified = verified(call, &members)?;
    act(&call.shared, &verified, action).map_err(lifecycle_failed)?;
    view(call, &verified)
}

fn verified(call: &ControlCall, members: &ControlMembers) -> Result<Verified, ControlError> {
    let Some(parameters) = members.value("parameters") else {
        return Err(ControlError::invalid("`parameters` is required"));
    };
    let kind = match members.text("kind")? {
        None => None,
        Some(name) => {
            let unknown = || unknown_value("kind", name, &FrontEndKind::names());
            Some(FrontEndKind::from_name(name).ok_or_else(unknown)?)
        }
    };
    let hints = Hints { kind, appid: members.text("appid")?.map(str::to_owned) };
    verify_parameters(&call.shared, parameters.clone(), &hints).map_err(|error| refused(&error))
}

/// Reports everything that is wrong.
fn refused(error: &FrontEndError) -> ControlError {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let problems = json!({
        "kind": error.kind(),
        "problems": error.problems(),
        "signed_message": error.signed_message(),
    });
    ControlError::new(status, "WRONG_PARAMETERS", error.to_string()).detail(problems)
}

fn view(call: &ControlCall, verified: &Verified) -> ControlResult {
    let resource = resource(&call.shared, verified).map_err(lifecycle_failed)?;
    let amount = resource.as_ref().and_then(|resource| amount(&resource.object));
    let body: Value = json!({
        "kind": verified.kind,
        "account": verified.account,
        "signed_message": verified.signed_message,
        "return_url": verified.return_url,
        "description": verified.description(),
        "amount": amount,
        "resource": resource.map(|it| resource_view(call, &it, Secrets::Hidden)),
    });
    Ok(ControlResponse::json(&body))
}

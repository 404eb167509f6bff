//! Changes a sandbox.

use http::Method;
use serde_json::{Value, json};

use super::FaultsAction;
use super::look::text;
use crate::assignments::object;
use crate::control::Control;
use crate::output::{Failure, Output};

pub(super) async fn advance(
    control: &Control,
    by: &str,
    output: &mut Output,
) -> Result<(), Failure> {
    let clock = control.send(Method::POST, "/clock/advance", Some(&json!({ "by": by }))).await?;
    let fired = clock.get("timers_fired").and_then(Value::as_u64).unwrap_or_default();
    output.line(format_args!("it is {}, {fired} timers fired", text(&clock, "now")))?;
    Ok(output.value(&clock)?)
}

pub(super) async fn faults(
    control: &Control,
    action: FaultsAction,
    output: &mut Output,
) -> Result<(), Failure> {
    let FaultsAction::Inject { fault, values, at, unexecuted } = action else {
        control.send(Method::DELETE, "/faults", None).await?;
        output.line("all faults are forgotten")?;
        return Ok(output.value(&json!({ "done": true }))?);
    };
    let mut body = object(&values)?;
    if let Some(members) = body.as_object_mut() {
        members.insert("fault".to_owned(), fault.as_str().into());
        if unexecuted {
            members.insert("unexecuted".to_owned(), true.into());
        }
        if let Some(at) = &at {
            let wrong = || Failure::new("write `--at` as `METHOD PATH`, such as `POST /v3/…`");
            let (method, path) = at.split_once(' ').ok_or_else(wrong)?;
            members.insert("method".to_owned(), method.to_ascii_uppercase().into());
            members.insert("path".to_owned(), path.trim().into());
        }
    }
    control.send(Method::POST, "/faults", Some(&body)).await?;
    let next = at.as_deref().unwrap_or("any operation");
    output.line(format_args!("{fault} hits the next exchange of {next}"))?;
    Ok(output.value(&json!({ "done": true }))?)
}

pub(super) async fn switch(
    control: &Control,
    [lifecycle, name, choice]: [&str; 3],
    output: &mut Output,
) -> Result<(), Failure> {
    let body = json!({ "lifecycle": lifecycle, "name": name, "choice": choice });
    let switch = control.send(Method::PUT, "/switches", Some(&body)).await?;
    output.line(format_args!("{lifecycle} {name} is {choice}"))?;
    Ok(output.value(&switch)?)
}

pub(super) async fn setting(
    control: &Control,
    [lifecycle, name, value]: [&str; 3],
    output: &mut Output,
) -> Result<(), Failure> {
    let json: Value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
    let body = json!({ "lifecycle": lifecycle, "name": name, "value": json });
    let setting = control.send(Method::PUT, "/settings", Some(&body)).await?;
    output.line(format_args!("{lifecycle} {name} is {value}"))?;
    Ok(output.value(&setting)?)
}

pub(super) async fn reset(control: &Control, output: &mut Output) -> Result<(), Failure> {
    control.send(Method::POST, "/reset", None).await?;
    output.line("the sandbox has forgotten everything but accounts and keys")?;
    Ok(output.value(&json!({ "done": true }))?)
}

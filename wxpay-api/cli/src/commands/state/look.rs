//! Looks at a sandbox.

use clap::Args;
use serde_json::{Value, json};

use crate::commands::event::{ResourceLine, without_object};
use crate::control::Control;
use crate::output::{Failure, Output, style};

/// Which resources to list.
#[derive(Args, Debug)]
pub(super) struct ResourcesArguments {
    /// Only one lifecycle, such as `refund/refund`.
    #[arg(long, value_name = "LIFECYCLE")]
    lifecycle: Option<String>,
    /// Only one state, such as `NOTPAY`.
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// Only those with this number.
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// The most resources.
    #[arg(long, default_value = "50", value_name = "COUNT")]
    limit: String,
}

/// Which requests to list.
#[derive(Args, Debug)]
pub(super) struct RequestsArguments {
    /// The number of one request, which is shown with headers and body; secrets are replaced.
    #[arg(value_name = "NUMBER")]
    number: Option<String>,
    /// Only requests after this one.
    #[arg(long, value_name = "NUMBER")]
    after: Option<String>,
    /// The most requests.
    #[arg(long, default_value = "100", value_name = "COUNT")]
    limit: String,
}

pub(super) async fn resources(
    control: &Control,
    arguments: &ResourcesArguments,
    output: &mut Output,
) -> Result<(), Failure> {
    let ResourcesArguments { lifecycle, state, number, limit } = arguments;
    let queries = [
        ("lifecycle", lifecycle.as_deref()),
        ("state", state.as_deref()),
        ("number", number.as_deref()),
        ("limit", Some(limit.as_str())),
    ];
    let found = control.get(&["resources"], &queries).await?;
    for resource in list(&found, "resources") {
        output.line(ResourceLine(resource))?;
    }
    let shown: Vec<_> = list(&found, "resources").map(without_object).collect();
    Ok(output.value(&json!({ "resources": shown, "total": found.get("total") }))?)
}

pub(super) async fn notifications(control: &Control, output: &mut Output) -> Result<(), Failure> {
    let found = control.get(&["notifications"], &[]).await?;
    let (good, bad, warning, faint) = (style::GOOD, style::BAD, style::WARNING, style::FAINT);
    for sent in list(&found, "notifications") {
        let is = |name: &str| sent.get(name).and_then(Value::as_bool) == Some(true);
        let is_copy = |attempt: &&Value| attempt.get("copy").and_then(Value::as_bool) == Some(true);
        let (copies, attempts): (Vec<_>, Vec<_>) = list(sent, "attempts").partition(is_copy);
        let (style, word) = match (is("acknowledged"), text(sent, "not_sent")) {
            (true, _) => (good, "acknowledged".to_owned()),
            (false, "") if is("finished") => (bad, "given up".to_owned()),
            (false, "") => (warning, "not acknowledged yet".to_owned()),
            (false, why) => (bad, format!("not sent: {why}")),
        };
        output.line(format_args!(
            "{} of {}  {style}{word}{style:#}  {faint}{} attempt{}, {}{faint:#}",
            text(sent, "event_type"),
            text(sent, "number"),
            attempts.len(),
            if attempts.len() == 1 { "" } else { "s" },
            text(sent, "url"),
        ))?;
        for copy in copies {
            let status = copy.get("status").and_then(Value::as_u64);
            let response = match (status, text(copy, "refusal")) {
                (Some(status), "") => format!("{good}{status}{good:#}"),
                (Some(status), why) => format!("{bad}{status}{bad:#} {why}"),
                (None, why) => format!("{bad}no response{bad:#} {why}"),
            };
            output.line(format_args!("  copy: {response}"))?;
        }
    }
    Ok(output.value(&found)?)
}

pub(super) async fn requests(
    control: &Control,
    arguments: &RequestsArguments,
    output: &mut Output,
) -> Result<(), Failure> {
    let RequestsArguments { number, after, limit } = arguments;
    if let Some(number) = number {
        let request = control.get(&["requests", number], &[]).await?;
        output.line(format_args!("{request:#}"))?;
        return Ok(output.value(&request)?);
    }
    let queries = [("after", after.as_deref()), ("limit", Some(limit.as_str()))];
    let found = control.get(&["requests"], &queries).await?;
    for request in list(&found, "requests") {
        let number = request.get("number").and_then(Value::as_u64).unwrap_or_default();
        let status = request.get("status").and_then(Value::as_u64).unwrap_or_default();
        let style = if status < 400 { style::GOOD } else { style::BAD };
        let (method, target) = (text(request, "method"), text(request, "target"));
        output.line(format_args!("{number} {style}{status}{style:#} {method} {target}"))?;
    }
    Ok(output.value(&found)?)
}

pub(super) async fn money(control: &Control, output: &mut Output) -> Result<(), Failure> {
    let found = control.get(&["money"], &[]).await?;
    for entry in list(&found, "entries") {
        output.line(entry)?;
    }
    Ok(output.value(&found)?)
}

pub(super) async fn clock(control: &Control, output: &mut Output) -> Result<(), Failure> {
    let clock = control.get(&["clock"], &[]).await?;
    output.line(text(&clock, "now"))?;
    Ok(output.value(&clock)?)
}

pub(super) async fn faults(control: &Control, output: &mut Output) -> Result<(), Failure> {
    let found = control.get(&["faults"], &[]).await?;
    for fault in list(&found, "faults") {
        let (method, path) = (text(fault, "method"), text(fault, "path"));
        output.line(format_args!("{} {method} {path}", text(fault, "fault")))?;
    }
    Ok(output.value(&found)?)
}

pub(super) async fn switches(control: &Control, output: &mut Output) -> Result<(), Failure> {
    choices(control, "switches", output).await
}

pub(super) async fn settings(control: &Control, output: &mut Output) -> Result<(), Failure> {
    choices(control, "settings", output).await
}

/// Lists switches or settings: the lifecycle, the name, and the other members.
async fn choices(control: &Control, what: &str, output: &mut Output) -> Result<(), Failure> {
    let found = control.get(&[what], &[]).await?;
    let (strong, faint) = (style::STRONG, style::FAINT);
    for choice in list(&found, what) {
        let (lifecycle, name) = (text(choice, "lifecycle"), text(choice, "name"));
        output.line(format_args!("{strong}{lifecycle} {name}{strong:#}"))?;
        let members = choice.as_object().into_iter().flatten();
        for (name, value) in members.filter(|(name, _)| *name != "lifecycle" && *name != "name") {
            output.line(format_args!("  {faint}{name}: {value}{faint:#}"))?;
        }
    }
    Ok(output.value(&found)?)
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

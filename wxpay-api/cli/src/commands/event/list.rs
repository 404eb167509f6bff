//! Lists what can happen in a sandbox.

use serde_json::{Value, json};

use super::resource::{EventLine, ResourceLine, list, without_object};
use crate::control::Control;
use crate::output::{Failure, Output, style};

/// How many resources the overview has.
const NEWEST: &str = "20";

/// Lists the newest resources with the events that are possible now, and what users can begin.
pub(super) async fn overview(control: &Control, output: &mut Output) -> Result<(), Failure> {
    let resources = control.get(&["resources"], &[("limit", Some(NEWEST))]).await?;
    let lifecycles = control.get(&["lifecycles"], &[]).await?;
    if list(&resources, "resources").next().is_none() {
        output.line("the sandbox has no resources yet: create an order with your service")?;
    }
    for resource in list(&resources, "resources") {
        output.line(ResourceLine(resource))?;
        for event in list(resource, "events") {
            output.line(format_args!("  {}", EventLine(event)))?;
        }
    }
    let begin: Vec<_> = list(&lifecycles, "lifecycles").filter_map(beginning).collect();
    let strong = style::STRONG;
    output
        .line(format_args!("\n{strong}What users and WeChat Pay can begin{strong:#} (--new):"))?;
    for (lifecycle, event) in &begin {
        output.line(format_args!("  {lifecycle} {}", EventLine(event)))?;
    }
    let newest: Vec<_> = list(&resources, "resources").map(without_object).collect();
    let begin: Vec<_> = begin.iter().map(|(name, _)| name).collect();
    Ok(output.value(&json!({
        "resources": newest,
        "total": resources.get("total"),
        "new": begin,
    }))?)
}

/// Returns a lifecycle with the event that begins a resource, if outsiders can cause it.
fn beginning(lifecycle: &Value) -> Option<(&str, &Value)> {
    let begins = |event: &&Value| event.get("creates").and_then(Value::as_bool) == Some(true);
    let event = list(lifecycle, "events").find(begins)?;
    Some((lifecycle.get("name")?.as_str()?, event))
}

/// Lists all lifecycles with their states and events.
pub(super) async fn lifecycles(control: &Control, output: &mut Output) -> Result<(), Failure> {
    let lifecycles = control.get(&["lifecycles"], &[]).await?;
    for lifecycle in list(&lifecycles, "lifecycles") {
        let text = |name: &str| lifecycle.get(name).and_then(Value::as_str).unwrap_or_default();
        let (strong, faint) = (style::STRONG, style::FAINT);
        let states: Vec<_> =
            list(lifecycle, "states").filter_map(|it| it.get("name")?.as_str()).collect();
        output.line(format_args!("{strong}{}{strong:#} {}", text("name"), text("title")))?;
        output.line(format_args!("  {faint}{}{faint:#}", states.join(" ")))?;
        for event in list(lifecycle, "events") {
            output.line(EventLine(event))?;
        }
    }
    Ok(output.value(&lifecycles)?)
}

//! Resources as text: number, state, and the events that are possible now.

use std::fmt;

use serde_json::Value;

use crate::output::{Failure, Output, style};

/// A resource in one line.
#[derive(Debug)]
pub(in crate::commands) struct ResourceLine<'a>(pub(in crate::commands) &'a Value);

impl ResourceLine<'_> {
    fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns the first of its own numbers, or its id in the sandbox.
    fn number(&self) -> String {
        let keys = self.0.get("keys").and_then(Value::as_object);
        let own = |name: &str| name.starts_with("out_") || name.ends_with("_out_trade_no");
        let keys = || keys.into_iter().flatten();
        let key = keys().find(|(name, _)| own(name)).or_else(|| keys().next());
        match key.and_then(|(_, number)| number.as_str()) {
            Some(number) => number.to_owned(),
            None => format!("@{}", self.0.get("id").and_then(Value::as_u64).unwrap_or_default()),
        }
    }
}

impl fmt::Display for ResourceLine<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (strong, good, faint) = (style::STRONG, style::GOOD, style::FAINT);
        write!(
            formatter,
            "{strong}{}{strong:#}  {good}{}{good:#} {}  {faint}{}{faint:#}",
            self.number(),
            self.text("state"),
            self.text("state_title"),
            self.text("lifecycle"),
        )
    }
}

/// Shows a resource with its keys, its links, and the events that are possible now.
pub(super) fn show(
    output: &mut Output,
    resource: &Value,
    with_object: bool,
) -> Result<(), Failure> {
    output.line(ResourceLine(resource))?;
    for (name, number) in resource.get("keys").and_then(Value::as_object).into_iter().flatten() {
        output.line(format_args!("  {name}: {}", number.as_str().unwrap_or_default()))?;
    }
    for link in list(resource, "links") {
        let text = |name: &str| link.get(name).and_then(Value::as_str).unwrap_or_default();
        output.line(format_args!(
            "  {}: {} ({})",
            text("name"),
            text("number"),
            text("lifecycle")
        ))?;
    }
    if with_object && let Some(object) = resource.get("object") {
        output.line(format_args!("{object:#}"))?;
    }
    match list(resource, "events").next() {
        None => output.line("no event is possible now")?,
        Some(_) => output.line("possible now:")?,
    }
    for event in list(resource, "events") {
        output.line(EventLine(event))?;
    }
    match with_object {
        true => output.value(resource)?,
        false => output.value(&without_object(resource))?,
    }
    Ok(())
}

/// Returns a resource without its members, some of which may be secrets.
pub(in crate::commands) fn without_object(resource: &Value) -> Value {
    let mut resource = resource.clone();
    if let Some(members) = resource.as_object_mut() {
        members.remove("object");
        members.remove("remembered");
    }
    resource
}

pub(super) fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// An event in one line: name, title, inputs.
#[derive(Debug)]
pub(super) struct EventLine<'a>(pub(super) &'a Value);

impl fmt::Display for EventLine<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |name: &str| self.0.get(name).and_then(Value::as_str).unwrap_or_default();
        let (strong, faint) = (style::STRONG, style::FAINT);
        write!(formatter, "  {strong}{}{strong:#} {}", text("name"), text("title"))?;
        let inputs = self.0.get("inputs").and_then(Value::as_object);
        for (name, usual) in inputs.into_iter().flatten() {
            let equals = if usual.is_string() || usual.is_null() { "=" } else { ":=" };
            let usual = match usual {
                Value::String(text) => text.clone(),
                Value::Null => "…".to_owned(),
                other => other.to_string(),
            };
            write!(formatter, " {faint}{name}{equals}{usual}{faint:#}")?;
        }
        Ok(())
    }
}

//! Checks that a URL is in its own file and matches its path parameters.

use std::collections::BTreeMap;

use crate::cursor::Cursor;
use crate::grammar::FAMILY_NAME;
use crate::model::{Endpoint, Operation, Segment};
use crate::suggestion::suggest;

/// Checks that a URL's descriptor is in the file that belongs to the URL.
pub(super) fn check_place(file: &Cursor<'_>, endpoint: &Endpoint) {
    let Some(at) = path(file) else { return };
    let place = format!("endpoints{}.yaml", endpoint.path.trim_end_matches('/'));
    if file.file() != place {
        let message = format!("`{}` does not belong in this file", endpoint.path);
        at.error(&message, Some(format!("move it to the file `{place}`")));
    }
    if !FAMILY_NAME.accepts(&endpoint.family) {
        let help = "add the beginning of the path to a family in `families.yaml`";
        at.error("the path belongs to no family", Some(help.to_owned()));
    }
}

/// Checks that each URL has one descriptor.
pub(super) fn check_unique_url<'a>(endpoints: impl Iterator<Item = (Cursor<'a>, &'a Endpoint)>) {
    let mut files = BTreeMap::new();
    for (file, endpoint) in endpoints {
        let Some(at) = path(&file) else { continue };
        if let Some(other) = files.insert(endpoint.path.as_str(), file.file()) {
            at.error(&format!("`{}` is also described in `{other}`", endpoint.path), None);
        }
    }
}

/// Returns the key `path`, unless its mistake has been reported.
fn path<'a>(file: &Cursor<'a>) -> Option<Cursor<'a>> {
    file.get("path").filter(|at| !at.has_mistake())
}

/// Checks that `path` has one field per parameter of the URL, in the URL's order.
pub(super) fn check_parameters(at: &Cursor<'_>, endpoint: &Endpoint, operation: &Operation) {
    let segments = endpoint.segments();
    let mut wanted: Vec<&str> = segments.iter().filter_map(parameter).collect();
    wanted.dedup();
    let given: Vec<&str> = operation.path.iter().map(|field| field.name.as_str()).collect();
    let fields = at.get("path");
    for name in given.iter().filter(|name| !wanted.contains(name)) {
        if let Some(field) = fields.as_ref().and_then(|fields| fields.member(name)) {
            let free = wanted.iter().copied().filter(|name| !given.contains(name));
            let free: Vec<&str> = free.collect();
            field.key_error(&format!("the URL has no parameter `{{{name}}}`"), suggest(name, free));
        }
    }
    let place = fields.as_ref().unwrap_or(at);
    for name in wanted.iter().filter(|name| !given.contains(name)) {
        let help = format!("expected `path: {{ {name}: {{type: string}} }}`");
        place.key_error(&format!("the parameter `{{{name}}}` of the URL has no field"), Some(help));
    }
    let known: Vec<&str> = given.iter().copied().filter(|name| wanted.contains(name)).collect();
    if !wanted.iter().filter(|name| known.contains(name)).eq(&known) {
        let help = format!("expected `{}`", wanted.join("`, `"));
        place.key_error("the fields are not in the order of the URL", Some(help));
    }
}

/// Checks that a URL names no parameter twice.
pub(super) fn check_unique_parameters(file: &Cursor<'_>, endpoint: &Endpoint) {
    let segments = endpoint.segments();
    let mut seen = Vec::new();
    for name in segments.iter().filter_map(parameter) {
        if seen.contains(&name)
            && let Some(at) = file.get("path")
        {
            at.error(&format!("the parameter `{{{name}}}` occurs twice"), None);
        }
        seen.push(name);
    }
}

fn parameter(segment: &Segment) -> Option<&str> {
    match segment {
        Segment::Parameter(name) => Some(name),
        Segment::Literal(_) => None,
    }
}

//! The public face as text: one sorted line per item that a caller's code can name.
//!
//! A line that goes away or changes may break a caller, and so does a new field that is required;
//! any other new line breaks nothing.

use crate::ir::{
    Answer, Api, Content, Definition, Events, Field, Layout, Link, Module, Node, OpenEnum,
    Operation, Request, TypePath,
};

/// Every public item, sorted.
pub(crate) fn public_api(api: &Api) -> String {
    let mut lines = Vec::new();
    for entry in &api.entries {
        let owner = if api.layout == Layout::Library { "Client::" } else { "" };
        lines.push(link_line(owner, entry));
    }
    for module in &api.modules {
        of_module(module, &mut lines);
    }
    lines.sort();
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn of_module(module: &Module, lines: &mut Vec<String>) {
    lines.push(format!("{}: module", module.path));
    for content in &module.contents {
        match content {
            Content::Node(node) => of_node(node, lines),
            Content::Definition(definition) => of_definition(definition, lines),
            Content::Events(events) => of_events(module, events, lines),
        }
    }
    for child in &module.children {
        of_module(child, lines);
    }
}

fn of_node(node: &Node, lines: &mut Vec<String>) {
    let owner = format!("{}::", node.path);
    lines.push(format!("{}: node", node.path));
    lines.extend(node.links.iter().map(|link| link_line(&owner, link)));
    for operation in &node.operations {
        of_operation(&owner, operation, lines);
    }
}

fn link_line(owner: &str, link: &Link) -> String {
    let argument = if link.parameter { "String" } else { "" };
    format!("{owner}{}({argument}) -> {}", link.name, link.target)
}

fn of_operation(owner: &str, operation: &Operation, lines: &mut Vec<String>) {
    let module = &operation.module;
    let method = operation.name.text.to_uppercase();
    let request = operation.needs_request.then_some("request");
    lines.push(format!(
        "{owner}{}({}): {method} {}",
        operation.name,
        request.unwrap_or_default(),
        operation.fetch.path
    ));
    let path = operation.arguments.iter().map(|argument| argument.text.as_str());
    let arguments: Vec<_> = path.chain(request).collect();
    lines.push(format!("{module}::Operation::new({})", arguments.join(", ")));
    match &operation.request {
        Request::Own(sent) => of_struct(&sent.path, &sent.fields, true, lines),
        Request::Named { path, .. } => lines.push(format!("{module}::Request = {path}")),
    }
    if let Request::Own(sent) = &operation.request {
        for nested in sent.companion.iter().flat_map(|companion| &companion.types) {
            of_definition(nested, lines);
        }
    }
    match &operation.answer {
        Answer::Own(own) => of_definition(own, lines),
        Answer::Named { path, .. } => lines.push(format!("{module}::Response = {path}")),
        Answer::NoContent { .. } => lines.push(format!("{module}::Response = NoContent")),
        Answer::Download { .. } => lines.push(format!("{module}::Response = Download")),
    }
}

fn of_definition(definition: &Definition, lines: &mut Vec<String>) {
    match definition {
        Definition::Sent(sent) => of_struct(&sent.path, &sent.fields, true, lines),
        Definition::Received(received) => of_struct(&received.path, &received.fields, false, lines),
        Definition::Enum(open) => of_enum(open, lines),
    }
    for nested in definition.companion().into_iter().flat_map(|companion| &companion.types) {
        of_definition(nested, lines);
    }
}

fn of_struct(path: &TypePath, fields: &[Field], sent: bool, lines: &mut Vec<String>) {
    lines.push(format!("{path}: struct"));
    for field in fields {
        let presence = match (sent, field.optional) {
            (false, _) => "",
            (true, true) => ", optional",
            (true, false) => ", required",
        };
        let (name, ty) = (&field.name.rust, &field.ty);
        let ty = if field.wrapped && !sent { format!("Option<{ty}>") } else { ty.to_string() };
        lines.push(format!("{path}.{name}: {ty}{presence}"));
    }
}

fn of_enum(open: &OpenEnum, lines: &mut Vec<String>) {
    lines.push(format!("{}: enum", open.path));
    for variant in &open.variants {
        lines.push(format!("{}::{} = {:?}", open.path, variant.name.rust, variant.name.wire));
    }
}

fn of_events(module: &Module, events: &Events, lines: &mut Vec<String>) {
    for event in &events.events {
        lines.push(format!("{}::Event::{}({})", module.path, event.name, event.resource));
    }
}

//! Lists the public API as text: one sorted line per item that a caller's code can name.
//!
//! A removed or changed line may break a caller; a new line breaks nothing. The line of a builder
//! lists its stages in order, so that a new required field changes that line.

use crate::ir::{
    Api, Companion, Content, Definition, Events, Layout, Link, Module, Node, OpenEnum, Operation,
    RequestStruct, RequestType, ResponseStruct, ResponseType,
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
        operation.endpoint.path
    ));
    let path = operation.arguments.iter().map(|argument| argument.text.as_str());
    let arguments: Vec<_> = path.chain(request).collect();
    lines.push(format!("{module}::operation({})", arguments.join(", ")));
    match &operation.request {
        RequestType::Own(sent) => of_sent(sent, lines),
        RequestType::Named { path, .. } => lines.push(format!("{module}::Request = {path}")),
    }
    match &operation.response {
        ResponseType::Own(own) => of_definition(own, lines),
        ResponseType::Named { path, .. } => lines.push(format!("{module}::Response = {path}")),
        ResponseType::NoContent { .. } => lines.push(format!("{module}::Response = NoContent")),
        ResponseType::Download { .. } => lines.push(format!("{module}::Response = Download")),
    }
}

fn of_definition(definition: &Definition, lines: &mut Vec<String>) {
    match definition {
        Definition::Request(sent) => of_sent(sent, lines),
        Definition::Response(received) => of_received(received, lines),
        Definition::Enum(open) => of_enum(open, lines),
    }
}

fn of_sent(sent: &RequestStruct, lines: &mut Vec<String>) {
    let path = &sent.path;
    let stages: Vec<_> = sent.required().map(|field| field.name.rust.to_string()).collect();
    lines.push(format!("{path}: struct"));
    lines.push(format!("{path}::builder(): {}", stages.join(", ")).trim_end().to_owned());
    for field in &sent.fields {
        let presence = if field.optional { "optional" } else { "required" };
        lines.push(format!("{path}.{}: {}, {presence}", field.name.rust, field.ty));
    }
    of_companion(sent.companion.as_ref(), lines);
}

fn of_received(received: &ResponseStruct, lines: &mut Vec<String>) {
    let path = &received.path;
    lines.push(format!("{path}: struct"));
    for field in &received.fields {
        let (name, ty) = (&field.name.rust, &field.ty);
        let ty = if field.wrapped { format!("Option<{ty}>") } else { ty.to_string() };
        lines.push(format!("{path}.{name}: {ty}"));
    }
    of_companion(received.companion.as_ref(), lines);
}

fn of_companion(companion: Option<&Companion>, lines: &mut Vec<String>) {
    for nested in companion.into_iter().flat_map(|companion| &companion.types) {
        of_definition(nested, lines);
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

//! Counts operations, types and lines.

use crate::ir::{Answer, Api, Companion, Content, Definition, Field, Module, Node, Request};
use crate::output::Counts;

/// How much there is.
pub(crate) fn counts(api: &Api) -> Counts {
    let mut counts = Counts::default();
    for module in &api.modules {
        count_module(module, &mut counts);
    }
    counts
}

fn count_module(module: &Module, counts: &mut Counts) {
    for content in &module.contents {
        match content {
            Content::Node(node) => count_node(node, counts),
            Content::Definition(definition) => count_definition(definition, counts),
            Content::Events(events) => counts.events += events.events.len(),
        }
    }
    for child in &module.children {
        count_module(child, counts);
    }
}

fn count_node(node: &Node, counts: &mut Counts) {
    counts.nodes += 1;
    for operation in &node.operations {
        counts.operations += 1;
        if let Request::Own(sent) = &operation.request {
            count_struct(&sent.fields, sent.companion.as_ref(), counts);
        }
        if let Answer::Own(own) = &operation.answer {
            count_definition(own, counts);
        }
    }
}

fn count_definition(definition: &Definition, counts: &mut Counts) {
    match definition {
        Definition::Sent(sent) => count_struct(&sent.fields, sent.companion.as_ref(), counts),
        Definition::Received(received) => {
            count_struct(&received.fields, received.companion.as_ref(), counts);
        }
        Definition::Enum(_) => counts.types += 1,
    }
}

fn count_struct(fields: &[Field], companion: Option<&Companion>, counts: &mut Counts) {
    counts.types += 1;
    counts.fields += fields.len();
    for nested in companion.into_iter().flat_map(|companion| &companion.types) {
        count_definition(nested, counts);
    }
}

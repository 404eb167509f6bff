//! Finds what a sample needs: structs, steps of the chain, descriptors, function names.

use std::collections::BTreeMap;

use quote::format_ident;
use wxpay_spec::model::{self, Endpoint, Method, Spec};

use crate::ir::{
    Api, Content, Definition, Link, ModulePath, Operation, RequestStruct, RequestType,
    ResponseStruct, ResponseType, TypePath,
};

/// The structs of the generated tree by path, and the steps of the chain by module.
pub(super) struct Index<'a> {
    sent: BTreeMap<String, &'a RequestStruct>,
    received: BTreeMap<String, &'a ResponseStruct>,
    steps: BTreeMap<String, &'a Link>,
}

impl<'a> Index<'a> {
    pub(super) fn new(api: &'a Api) -> Self {
        let mut index =
            Self { sent: BTreeMap::new(), received: BTreeMap::new(), steps: BTreeMap::new() };
        index.add_steps(&api.entries);
        for content in api.contents() {
            index.content(content);
        }
        index
    }

    pub(super) fn sent(&self, path: &TypePath) -> Option<&'a RequestStruct> {
        self.sent.get(&path.to_string()).copied()
    }

    /// The struct of the response that a notification asks for.
    pub(super) fn notification_response(&self, place: &str) -> Option<&'a RequestStruct> {
        let words: Option<Vec<_>> = place.split('/').map(crate::lower::module_name).collect();
        let words = words?.into_iter().map(|word| word.to_string()).collect::<Vec<_>>();
        self.sent.get(&format!("notifications::{}::Response", words.join("::"))).copied()
    }

    pub(super) fn received(&self, path: &TypePath) -> Option<&'a ResponseStruct> {
        self.received.get(&path.to_string()).copied()
    }

    /// The step of the chain that leads to a module.
    pub(super) fn step(&self, module: &ModulePath) -> Option<&'a Link> {
        self.steps.get(&module.to_string()).copied()
    }

    fn add_steps(&mut self, links: &'a [Link]) {
        self.steps.extend(links.iter().map(|link| (link.target.module.to_string(), link)));
    }

    fn content(&mut self, content: &'a Content) {
        match content {
            Content::Definition(definition) => self.definition(definition),
            Content::Events(_) => {}
            Content::Node(node) => {
                self.add_steps(&node.links);
                for operation in &node.operations {
                    if let RequestType::Own(sent) = &operation.request {
                        self.add_sent(sent);
                    }
                    if let ResponseType::Own(definition) = &operation.response {
                        self.definition(definition);
                    }
                }
            }
        }
    }

    fn definition(&mut self, definition: &'a Definition) {
        match definition {
            Definition::Request(sent) => self.add_sent(sent),
            Definition::Response(received) => {
                self.received.insert(received.path.to_string(), received);
                self.parts(received.companion.iter().flat_map(|companion| &companion.types));
            }
            Definition::Enum(_) => {}
        }
    }

    fn add_sent(&mut self, sent: &'a RequestStruct) {
        self.sent.insert(sent.path.to_string(), sent);
        self.parts(sent.companion.iter().flat_map(|companion| &companion.types));
    }

    fn parts(&mut self, types: impl Iterator<Item = &'a Definition>) {
        types.for_each(|definition| self.definition(definition));
    }
}

/// The descriptor of an operation.
pub(crate) fn described<'a>(
    spec: &'a Spec,
    operation: &Operation,
) -> Option<(&'a Endpoint, Method, &'a model::Operation)> {
    let endpoint = spec.endpoints.get(&operation.endpoint.path)?;
    let mut methods = endpoint.operations.iter();
    let (method, described) = methods.find(|(method, _)| method.key() == operation.name.text)?;
    Some((endpoint, *method, described))
}

/// The name of the function for an operation.
pub(crate) fn operation_name(operation: &Operation) -> proc_macro2::Ident {
    function_name(operation.module.names().iter().map(|name| name.text.as_str()))
}

/// The name of the function for a notification.
pub(crate) fn notification_name(place: &str) -> proc_macro2::Ident {
    function_name(["notification"].into_iter().chain(place.split('/')))
}

/// Joins words to a name. Codes replace characters that a name cannot have.
fn function_name<'a>(words: impl Iterator<Item = &'a str>) -> proc_macro2::Ident {
    let mut name = String::new();
    for word in words {
        for character in word.chars() {
            match character {
                '_' | 'a'..='z' | 'A'..='Z' | '0'..='9' => name.push(character),
                '-' => name.push('_'),
                other => name.push_str(&format!("x{:x}", u32::from(other))),
            }
        }
        // Two underscores, so that `a/b_c` and `a_b/c` differ.
        name.push_str("__");
    }
    format_ident!("{}", name.trim_end_matches('_'))
}

//! Finds the structs of the generated tree.

use std::collections::BTreeMap;

use crate::ir::{
    Answer, Api, Content, Definition, Link, Module, ModulePath, Received, Request, Sent, TypePath,
};

/// The structs of the generated tree, by where they are, and the steps that lead to its modules.
pub(super) struct Index<'a> {
    sent: BTreeMap<String, &'a Sent>,
    received: BTreeMap<String, &'a Received>,
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

    pub(super) fn sent(&self, path: &TypePath) -> Option<&'a Sent> {
        self.sent.get(&path.to_string()).copied()
    }

    pub(super) fn received(&self, path: &TypePath) -> Option<&'a Received> {
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
                    if let Request::Own(sent) = &operation.request {
                        self.add_sent(sent);
                    }
                    if let Answer::Own(definition) = &operation.answer {
                        self.definition(definition);
                    }
                }
            }
        }
    }

    fn definition(&mut self, definition: &'a Definition) {
        match definition {
            Definition::Sent(sent) => self.add_sent(sent),
            Definition::Received(received) => {
                self.received.insert(received.path.to_string(), received);
                self.parts(received.companion.iter().flat_map(|companion| &companion.types));
            }
            Definition::Enum(_) => {}
        }
    }

    fn add_sent(&mut self, sent: &'a Sent) {
        self.sent.insert(sent.path.to_string(), sent);
        self.parts(sent.companion.iter().flat_map(|companion| &companion.types));
    }

    fn parts(&mut self, types: impl Iterator<Item = &'a Definition>) {
        types.for_each(|definition| self.definition(definition));
    }
}

impl Api {
    /// Everything that all modules hold.
    pub(crate) fn contents(&self) -> impl Iterator<Item = &Content> {
        let mut modules: Vec<&Module> = self.modules.iter().rev().collect();
        std::iter::from_fn(move || {
            let module = modules.pop()?;
            modules.extend(module.children.iter().rev());
            Some(&module.contents)
        })
        .flatten()
    }
}

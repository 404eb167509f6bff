use wxpay_spec::model::Segment;

use super::gates::Condition;
use super::operation::{Site, source};
use super::place::Place;
use super::scope::Scope;
use super::tree::{Branch, BranchNames};
use super::{Lowering, docs, names};
use crate::ir::{Content, Docs, Ident, Link, Module, ModulePath, Node, Source};
use crate::markdown::{code, inline};

/// The ways into the tree.
#[derive(Debug)]
pub(super) struct Root {
    pub(super) entries: Vec<Link>,
    pub(super) modules: Vec<Module>,
}

impl Lowering<'_> {
    /// The modules of the first segments.
    pub(super) fn root(&mut self, tree: &Branch<'_>) -> Root {
        let always = Condition::default();
        let links = self.links(tree, &always);
        let mut modules = Vec::new();
        self.children(tree, &always, &mut Scope::default(), &mut modules);
        Root { entries: links, modules }
    }

    fn children(
        &mut self,
        branch: &Branch<'_>,
        inside: &Condition,
        scope: &mut Scope,
        modules: &mut Vec<Module>,
    ) {
        for child in branch.children.values() {
            let Some(names) = &child.names else { continue };
            scope.claim(&names.module, place_of(child), &mut self.errors);
            modules.push(self.branch(child, names, inside));
        }
    }

    fn branch(&mut self, branch: &Branch<'_>, names: &BranchNames, inside: &Condition) -> Module {
        let condition = branch.users.condition(self.layout);
        let mut scope = Scope::default();
        let mut contents = Vec::new();
        let mut children = Vec::new();
        if !branch.callers.is_empty() {
            scope.claim(&names.node, place_of(branch), &mut self.errors);
            contents.push(Content::Node(self.node(branch, names, &condition)));
        }
        if let Some(family) = branch.types {
            children.push(self.types(family, &branch.module, &condition));
        }
        self.children(branch, &condition, &mut scope, &mut children);
        Module {
            path: branch.module.clone(),
            name: names.module.clone(),
            docs: Docs::line(code(&branch.path)),
            gate: condition.gate_inside(inside),
            source: if contents.is_empty() { Source::Several } else { source(&branch.endpoints) },
            contents,
            children,
        }
    }

    fn node(&mut self, branch: &Branch<'_>, names: &BranchNames, inside: &Condition) -> Node {
        let condition = branch.callers.condition(self.layout);
        let site = Site { module: &branch.module, inside_module: inside, inside_node: &condition };
        let links = self.links(branch, &condition);
        let (mut methods, mut operations) = (Vec::new(), Vec::new());
        let mut scope = Scope::default();
        for endpoint in &branch.endpoints {
            for (method, operation) in &endpoint.operations {
                let file = Place::file(&endpoint.source);
                let name = names::fixed(method.key());
                scope.claim(&name, file.key(method.key()), &mut self.errors);
                let (method, operation) = self.operation(endpoint, *method, operation, site);
                methods.push(method);
                operations.push(operation);
            }
        }
        Node {
            path: branch.module.of(&names.node),
            docs: Docs::line(code(&branch.path)),
            gate: condition.gate_inside(inside),
            links,
            methods,
            operations,
        }
    }

    /// The methods that go on to the children with operations.
    fn links(&mut self, branch: &Branch<'_>, inside: &Condition) -> Vec<Link> {
        let mut scope = Scope::default();
        let mut links = Vec::new();
        for (segment, child) in &branch.children {
            let Some(names) = child.names.as_ref().filter(|_| !child.callers.is_empty()) else {
                continue;
            };
            scope.claim(&names.method, place_of(child), &mut self.errors);
            links.push(Link {
                name: names.method.clone(),
                docs: link_docs(segment, child),
                gate: child.callers.condition(self.layout).gate_inside(inside),
                parameter: matches!(segment, Segment::Parameter(_)),
                target: child.module.of(&names.node),
            });
        }
        links
    }
}

/// A branch in an error: a descriptor at or below it.
fn place_of(branch: &Branch<'_>) -> String {
    match first_endpoint(branch) {
        Some(endpoint) => format!("{}: {}", endpoint.source, branch.path),
        None => branch.path.clone(),
    }
}

fn first_endpoint<'t>(branch: &Branch<'t>) -> Option<&'t wxpay_spec::model::Endpoint> {
    let here = branch.endpoints.first().copied();
    here.or_else(|| branch.children.values().find_map(first_endpoint))
}

fn link_docs(segment: &Segment, child: &Branch<'_>) -> Docs {
    let path = code(&child.path);
    let Segment::Parameter(wire) = segment else {
        return Docs::line(path);
    };
    let field = first_endpoint(child).and_then(|endpoint| {
        let mut operations = endpoint.operations.values();
        operations.find_map(|operation| operation.path.iter().find(|field| field.name == *wire))
    });
    let Some(field) = field else {
        return Docs::line(path);
    };
    let facts = docs::facts_of_value(field).join(" ");
    let title = field.title.as_deref().map(inline).unwrap_or_default();
    Docs::new([format!("{title} {path}").trim().to_owned(), facts])
}

/// The module of the root, for the modules that are no segments.
pub(super) fn root_module(name: &Ident) -> ModulePath {
    ModulePath::default().child(name)
}

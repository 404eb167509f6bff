//! Lowers the chain: its modules, its nodes, and the links between nodes.

mod operation;
mod paging;
mod request;

use wxpay_spec::model::{CORE, Segment};

use super::context::Lowering;
use super::docs;
use super::features::{self, FeatureCondition};
use super::names::{self, Place, Scope};
use super::tree::{Branch, BranchNames};
use crate::ir::{Content, Docs, Link, Module, Node, Source};
use crate::markdown::{code, inline};
use operation::{CallSite, source};

/// The entries of the chain and the modules of the root.
#[derive(Debug)]
pub(super) struct TreeRoot {
    pub(super) entries: Vec<Link>,
    pub(super) modules: Vec<Module>,
}

impl Lowering<'_> {
    /// Lowers the root: its entries and its modules.
    pub(super) fn root(&mut self, tree: &Branch<'_>) -> TreeRoot {
        let always = FeatureCondition::default();
        let links = self.links(tree, &always);
        let mut modules = Vec::new();
        self.children(tree, &always, &mut Scope::default(), &mut modules);
        TreeRoot { entries: links, modules }
    }

    fn children(
        &mut self,
        branch: &Branch<'_>,
        inside: &FeatureCondition,
        scope: &mut Scope,
        modules: &mut Vec<Module>,
    ) {
        for child in branch.children.values() {
            let Some(names) = &child.names else { continue };
            scope.claim(&names.module, place_of(child), &mut self.errors);
            modules.push(self.branch(child, names, inside));
        }
    }

    fn branch(
        &mut self,
        branch: &Branch<'_>,
        names: &BranchNames,
        inside: &FeatureCondition,
    ) -> Module {
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
            docs: self.place_docs(branch),
            labels: self.product_words(branch),
            gate: condition.gate_inside(inside),
            source: if contents.is_empty() { Source::Several } else { source(&branch.endpoints) },
            contents,
            children,
        }
    }

    fn node(
        &mut self,
        branch: &Branch<'_>,
        names: &BranchNames,
        inside: &FeatureCondition,
    ) -> Node {
        let condition = branch.callers.condition(self.layout);
        let site = CallSite {
            module: &branch.module,
            node: &names.node,
            inside_module: inside,
            inside_node: &condition,
        };
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
            docs: self.place_docs(branch),
            gate: condition.gate_inside(inside),
            links,
            methods,
            operations,
        }
    }

    /// Lowers the methods that lead to children with operations.
    fn links(&mut self, branch: &Branch<'_>, inside: &FeatureCondition) -> Vec<Link> {
        let mut scope = Scope::default();
        let mut links = Vec::new();
        for (segment, child) in &branch.children {
            let Some(names) = child.names.as_ref().filter(|_| !child.callers.is_empty()) else {
                continue;
            };
            scope.claim(&names.method, place_of(child), &mut self.errors);
            let gate = child.callers.condition(self.layout).gate_inside(inside);
            links.push(Link {
                name: names.method.clone(),
                docs: self.link_docs(segment, child),
                marker: features::marker(&gate),
                gate,
                parameter: matches!(segment, Segment::Parameter(_)),
                target: child.module.of(&names.node),
            });
        }
        links
    }
}

/// The place of a branch for an error: a descriptor at or below it.
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

impl Lowering<'_> {
    /// The documentation of a node: its product, its URL, and the product's cargo feature.
    fn place_docs(&self, branch: &Branch<'_>) -> Docs {
        let products = branch.users.iter().filter(|family| *family != CORE);
        let mut products = products.map(|family| docs::product(self.spec, family, self.layout));
        let product = match (products.next(), products.next()) {
            (Some(product), None) if !product.is_empty() => format!("Product: {product}."),
            _ => String::new(),
        };
        Docs::new([self.place_line(branch), product])
    }

    fn place_line(&self, branch: &Branch<'_>) -> String {
        let path = code(&branch.path);
        match self.beginning(branch) {
            Some(title) => format!("{}: {path}", inline(title)),
            None => path,
        }
    }

    /// The search words of the product whose URLs begin at a node.
    fn product_words(&self, branch: &Branch<'_>) -> Vec<String> {
        let title = self.beginning(branch);
        title.map(|title| self.words.of_product(title)).unwrap_or_default()
    }

    /// The title of the product whose URLs begin at a node.
    fn beginning(&self, branch: &Branch<'_>) -> Option<&str> {
        let families = &self.spec.families;
        let family = branch.users.iter().find(|family| {
            let listed = families.by_name.get(*family);
            let paths = listed.map(|listed| listed.paths.as_slice()).unwrap_or_default();
            *family != CORE
                && (families.types_path(family) == branch.path || paths.contains(&branch.path))
        })?;
        let title = families.by_name.get(family)?.title.trim();
        (!title.is_empty()).then_some(title)
    }

    fn link_docs(&self, segment: &Segment, child: &Branch<'_>) -> Docs {
        let Segment::Parameter(wire) = segment else {
            return Docs::line(self.place_line(child));
        };
        parameter_docs(wire, child)
    }
}

fn parameter_docs(wire: &str, child: &Branch<'_>) -> Docs {
    let path = code(&child.path);
    let field = first_endpoint(child).and_then(|endpoint| {
        let mut operations = endpoint.operations.values();
        operations.find_map(|operation| operation.path.iter().find(|field| field.name == wire))
    });
    let Some(field) = field else {
        return Docs::line(path);
    };
    let facts = docs::facts_of_value(field).join(" ");
    let title = field.title.as_deref().map(inline).unwrap_or_default();
    Docs::new([format!("{title} {path}").trim().to_owned(), facts])
}

//! Reads endpoints from the declarations and the samples of a page.

mod enumeration;
mod names;
mod operation;
mod request;
mod sample;
mod scope;
mod types;
mod union;
mod url;

use std::collections::BTreeMap;

use operation::{Around, Declared};
use scope::{Scope, is_operation};

use super::parse::{Code, FrontMatter};
use crate::model::{Endpoint, Families, Method};

/// Reads the operations that the namespaces of all blocks declare, by URL.
pub(super) fn endpoints<'c>(
    blocks: &'c [Code<'c>],
    front: &FrontMatter,
    links: &[String],
    families: &Families,
) -> Vec<Endpoint> {
    let scopes: Vec<Scope<'c>> = blocks.iter().map(Scope::read).collect();
    let count = scopes.iter().map(|scope| declared(scope).count()).sum::<usize>();
    let title = Some(front.title.as_str()).filter(|title| count == 1 && !title.is_empty());
    let mut endpoints = Endpoints { by_path: BTreeMap::new(), families };
    for (code, scope) in blocks.iter().zip(&scopes) {
        let meta = sample::meta(code);
        endpoints.add(scope, Around { title, links, meta: &meta });
        sample::apply_samples(code, &mut endpoints.by_path);
        code.remark_unused(&scope.chain());
    }
    endpoints.by_path.into_values().collect()
}

#[derive(Debug)]
struct Endpoints<'f> {
    by_path: BTreeMap<String, Endpoint>,
    families: &'f Families,
}

impl Endpoints<'_> {
    fn add(&mut self, scope: &Scope<'_>, around: Around<'_>) {
        for (name, method, path) in declared(scope) {
            let Some(at) = scope.namespaces.get(name).copied() else { continue };
            let endpoint = self.by_path.entry(path.clone()).or_insert_with(|| Endpoint {
                source: format!("endpoints{}.yaml", path.trim_end_matches('/')),
                path: path.clone(),
                host: None,
                family: self.families.of_path(&path),
                names: BTreeMap::new(),
                operations: BTreeMap::new(),
            });
            if endpoint.operations.contains_key(&method) {
                at.remark(format!("`{} {path}` is declared twice: left out", method.wire()));
                continue;
            }
            at.code().enter_operation();
            let mut operation = Declared { scope, name, method, path: &path, at }.read(around);
            names::tell_apart(&mut operation, &at);
            endpoint.operations.insert(method, operation);
            scope.remark_unused(name);
        }
    }
}

/// The namespaces of operations of APIv3, with their methods and paths.
fn declared<'s>(scope: &'s Scope<'_>) -> impl Iterator<Item = (&'s str, Method, String)> {
    scope.namespaces.iter().filter(|(name, _)| is_operation(name)).filter_map(|(name, at)| {
        let found = url::of_namespace(name).filter(|(_, path)| url::is_v3(path));
        if found.is_none() {
            at.remark(format!("`{name}` is not a URL of APIv3: left out"));
        }
        found.map(|(method, path)| (name.as_str(), method, path))
    })
}

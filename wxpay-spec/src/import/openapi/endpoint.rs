//! Reads a path with its operations and its host.

use super::node::DocumentNode;
use super::{extension, operation};
use crate::grammar::{HOST, PATH};
use crate::model::{Endpoint, Families, Method};

/// The host that descriptors leave out.
const DEFAULT_HOST: &str = "api.mch.weixin.qq.com";

/// Reads a path; `None` if it is invalid, because it names the file of the descriptor.
pub(super) fn read(
    path: &str,
    node: &DocumentNode<'_>,
    root: &DocumentNode<'_>,
    families: &Families,
) -> Option<Endpoint> {
    let node = node.called(path.to_owned());
    if !PATH.accepts(path) || path.split('/').any(|segment| segment.starts_with('.')) {
        node.remark("not the path of a URL: left out");
        return None;
    }
    let mut known = vec!["parameters", "servers", "summary", "description"];
    known.extend(Method::ALL.map(Method::key));
    node.expect_only(&known);
    let operations = Method::ALL.into_iter().filter_map(|method| {
        let operation = node.get(method.key())?.called(format!("{} {path}", method.wire()));
        Some((method, operation::read(&operation, &node, method, path)))
    });
    let operations: std::collections::BTreeMap<_, _> = operations.collect();
    if operations.is_empty() {
        node.remark("no operation: left out");
        return None;
    }
    Some(Endpoint {
        source: source(path),
        path: path.to_owned(),
        host: host(&node, root),
        family: families.of_path(path),
        names: extension::segments(&node),
        operations,
    })
}

fn source(path: &str) -> String {
    format!("endpoints{}.yaml", path.trim_end_matches('/'))
}

/// Finds the host of the operations, of the URL, or else of the document; `None` for the default.
fn host(node: &DocumentNode<'_>, root: &DocumentNode<'_>) -> Option<String> {
    let methods = Method::ALL.into_iter().filter_map(|method| node.get(method.key()));
    let mut urls: Vec<_> = methods.chain([node.clone()]).flat_map(|at| servers(&at)).collect();
    if urls.is_empty() {
        urls = servers(root);
    }
    let mut hosts = urls.iter().map(|url| bare(node, url));
    let first = hosts.next()?;
    if hosts.any(|other| other != first) {
        node.remark(format!("several hosts: only `{first}` was taken"));
    }
    if !HOST.accepts(&first) {
        node.remark(format!("`{first}` is not a host name: left out"));
        return None;
    }
    (first != DEFAULT_HOST).then_some(first)
}

fn servers(at: &DocumentNode<'_>) -> Vec<String> {
    at.items("servers").iter().filter_map(|at| at.text("url")).collect()
}

fn bare(node: &DocumentNode<'_>, url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if !path.is_empty() {
        node.remark(format!("the path of the server `{url}` was left out"));
    }
    host.to_lowercase()
}

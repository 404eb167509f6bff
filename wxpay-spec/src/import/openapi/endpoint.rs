//! Reads a path with its operations and its host.

use super::document::DocumentNode;
use super::{extension, operation};
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
    if !is_path(path) {
        node.called(format!("{path}: ")).remark("not the path of a URL: left out");
        return None;
    }
    let node = node.called(format!("{path}: "));
    let mut known = vec!["parameters", "servers", "summary", "description"];
    known.extend(Method::ALL.map(Method::key));
    node.expect_only(&known);
    let operations = Method::ALL.into_iter().filter_map(|method| {
        let place = format!("{} {path}: ", method.wire());
        let operation = node.get(method.key())?.called(place);
        Some((method, operation::read(&operation, &node, path)))
    });
    Some(Endpoint {
        source: source(path),
        path: path.to_owned(),
        host: host(&node, root),
        family: families.of_path(path),
        names: extension::segments(&node),
        operations: operations.collect(),
    })
}

fn is_path(path: &str) -> bool {
    let segment = |segment: &str| {
        let known = |letter: char| letter.is_ascii_alphanumeric() || "-_.{}".contains(letter);
        !segment.is_empty() && !segment.starts_with('.') && segment.chars().all(known)
    };
    let body = path.strip_prefix('/').map(|rest| rest.strip_suffix('/').unwrap_or(rest));
    body.is_some_and(|body| body.split('/').all(segment))
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
    (first != DEFAULT_HOST).then(|| first.to_owned())
}

fn servers(at: &DocumentNode<'_>) -> Vec<String> {
    let servers = at.get("servers");
    servers
        .map(|servers| servers.items().filter_map(|at| at.text("url")).collect())
        .unwrap_or_default()
}

fn bare<'u>(node: &DocumentNode<'_>, url: &'u str) -> &'u str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if !path.is_empty() {
        node.remark(format!("the path of the server `{url}` was left out"));
    }
    host
}

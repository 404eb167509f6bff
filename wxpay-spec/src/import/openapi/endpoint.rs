use super::node::Node;
use super::operation;
use crate::model::{Endpoint, Families, Method};

/// The host that needs no word.
const DEFAULT_HOST: &str = "api.mch.weixin.qq.com";

/// None if it is no path, which would name a file of its own making.
pub(super) fn read(path: &str, node: &Node<'_>, families: &Families) -> Option<Endpoint> {
    if !is_path(path) {
        node.called(format!("{path}: ")).remark("no path of a URL: left out");
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
        host: host(&node),
        family: families.of_path(path),
        names: Default::default(),
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

/// The host that the URL or its operations name, where it is not the default one.
fn host(node: &Node<'_>) -> Option<String> {
    let methods = Method::ALL.into_iter().filter_map(|method| node.get(method.key()));
    let servers = methods.chain([node.clone()]).filter_map(|at| at.get("servers"));
    let urls = servers
        .flat_map(|servers| servers.items().filter_map(|at| at.text("url")).collect::<Vec<_>>());
    let mut hosts = urls.map(|url| bare(&url).to_owned());
    let first = hosts.next()?;
    if hosts.any(|other| other != first) {
        node.remark(format!("several hosts; only `{first}` was taken"));
    }
    (first != DEFAULT_HOST).then_some(first)
}

fn bare(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}
